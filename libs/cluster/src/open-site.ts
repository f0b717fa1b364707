import { readFile } from 'node:fs/promises'
import { type ClusterSpec, PermanentError, type Token, TransientError } from '@crystalmath/contract'
import { type Scheduler, schedulerFor } from '@crystalmath/schedulers'
import { connect, type LinkOptions, type SshLink } from '@crystalmath/ssh'
import { cancelJobs, setHold } from './cancel.ts'
import { type ClaimAnswer, claimBatch } from './claim.ts'
import { check } from './doctor/index.ts'
import type { PseudopotentialReader } from './doctor/pseudopotentials.ts'
import { FETCH_TIMING, type FetchTiming, fetchOutputs } from './fetch.ts'
import { listFiles, tail } from './files.ts'
import { headed, unmade } from './listings.ts'
import { lookArgs, readSights } from './look.ts'
import { spoolOf } from './place.ts'
import { readScript } from './read-script.ts'
import { asking, remote, TIMEOUT_SECONDS, theClock, together, whole } from './remote.ts'
import type { Claim, LookUp, Place, Site, StagedAttempt } from './site.ts'
import { stagedFiles } from './stage.ts'
import { watch } from './watch.ts'

export type SiteOptions = {
  /** Path of the private key's file, or its text. */
  readonly key: { readonly file: string } | { readonly text: string }
  /** Pinned beside those of the spec: keys that onboarding took. */
  readonly knownHostKeys?: readonly string[]
  /** Whose root it must be for a claim to be made. */
  readonly owner: Owner
  /** Told of what was coped with. */
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void
  /** Reads headers of pseudopotentials for the doctor's inventory, by code: the readers live with the codes. */
  readonly readPseudopotential?: PseudopotentialReader
  readonly link?: LinkOptions
  readonly fetchTiming?: Partial<FetchTiming>
}

export type Owner = { readonly installation: string; readonly epoch: number }

/** Claims in one remote command: about 10 ms of the login node each, beside what the scheduler takes. */
const CLAIM_BATCH = 25
/** Places in one look: some 100 bytes of the script's text each. */
const LOOK_BATCH = 500

const nowIso = () => new Date().toISOString()
const ownerLine = ({ installation, epoch }: Owner) => `${installation} ${epoch}`

function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}

/** Opens one account of one cluster. Nothing is connected before the first command. */
export async function openSite(spec: ClusterSpec, options: SiteOptions): Promise<Site> {
  const privateKey = 'text' in options.key ? options.key.text : await readKey(options.key.file)
  const { host, port, user } = spec.ssh
  const hostKeys = [...spec.ssh.hostKeys, ...(options.knownHostKeys ?? [])]
  const link = connect({ host, port, user, privateKey, hostKeys }, options.link)
  return siteOver(link, { spec, options, scheduler: schedulerFor(spec.scheduler, { root: spec.root }) })
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new PermanentError(`the private key ${file} cannot be read`, { cause: error })
  }
}

type Surroundings = { readonly spec: ClusterSpec; readonly options: SiteOptions; readonly scheduler: Scheduler }

function siteOver(link: SshLink, { spec, options, scheduler }: Surroundings): Site {
  const { root } = spec
  const account = spec.ssh.user
  const spool = `${root}/${spoolOf(account)}`
  const fetchTiming = { ...FETCH_TIMING, ...options.fetchTiming }
  let schedulerCommands = 0

  const look = async (places: readonly Place[]) => {
    const sights: [Token, import('@crystalmath/contract').AttemptSight][] = []
    for (const batch of inBatches(places, LOOK_BATCH)) {
      const lookedAt = nowIso()
      const { stdout } = whole(await link.run(remote('look.sh', lookArgs(root, batch))), 'looking into attempt folders')
      sights.push(...readSights(stdout, lookedAt))
    }
    return new Map(sights)
  }

  const listQueue = async () => {
    const begunAt = nowIso()
    const question = scheduler.queue({ account, tokens: [] })
    const asked = together([theClock, asking(question)])
    try {
      const [clock, said] = asked.read(await link.run(asked.remote))
      schedulerCommands += 1
      return clock === undefined || said === undefined
        ? unmade('SSH_DOWN', 'no answer', begunAt)
        : headed(question.read(said), begunAt, clock)
    } catch (error) {
      return unmade(...whyNot(error), begunAt)
    }
  }

  const listAccounting = async (tokens: readonly Token[], sinceSeconds: number) => {
    const begunAt = nowIso()
    const questions = inBatches(tokens, LOOK_BATCH).flatMap(
      (some) => scheduler.accounting({ account, tokens: some }, sinceSeconds) ?? [],
    )
    if (!scheduler.supports.accounting) return unmade('ACCOUNTING_DOWN', `${spec.name} keeps no accounting`, begunAt)
    const asked = together([theClock, ...questions.map(asking)])
    try {
      const [clock, ...said] = asked.read(await link.run(asked.remote))
      schedulerCommands += questions.length
      const readings = questions.flatMap((question, index) => (said[index] === undefined ? [] : [question.read(said[index])]))
      const merged = {
        rows: readings.flatMap(({ rows }) => rows),
        complete: readings.length === questions.length && readings.every(({ complete }) => complete),
        trouble: readings.find(({ trouble }) => trouble !== null)?.trouble ?? null,
      }
      return clock === undefined ? unmade('SSH_DOWN', 'no answer', begunAt) : headed(merged, begunAt, clock)
    } catch (error) {
      return unmade(...whyNot(error), begunAt)
    }
  }

  /** What a job does not say, the cluster's registration does. */
  const withDefaults = (claim: Claim): Claim => ({ ...claim, resources: { ...spec.defaults, ...claim.resources } })

  const claimSome = async (claims: readonly Claim[], answers: Map<Token, ClaimAnswer>) => {
    const batch = claimBatch(claims.map(withDefaults), { root, owner: ownerLine(options.owner), scheduler })
    const answer = await link.run(batch.remote)
    const read = batch.read(answer.stdout)
    for (const { place } of claims) {
      const said = read.get(place.token)
      answers.set(
        place.token,
        said ?? { kind: 'unknown', said: `the answer was lost: ${answer.lost ?? answer.stderr.trim().slice(0, 300)}` },
      )
      if (said !== undefined && said.kind !== 'untouched') schedulerCommands += 1
    }
  }

  const site: Site = {
    spec,

    async takeRoot({ installation, epoch }) {
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(installation)) throw new PermanentError(`"${installation}" is no name of an installation`)
      const { stdout } = whole(
        await link.run(remote('take-root.sh', [root, account, installation, epoch])),
        `taking ${root} on ${spec.name}`,
      )
      const [, whose] = /^root foreign ?(.*)$/m.exec(stdout) ?? []
      if (whose !== undefined)
        throw new PermanentError(
          `${root} on ${spec.name} belongs to installation and epoch "${whose}", not to "${installation} ${epoch}": choose another root, or stop the other one`,
        )
      if (scheduler.helper !== null) await sendHelper(link, scheduler.helper)
    },

    async stage(attempts: readonly StagedAttempt[]) {
      const files = attempts.flatMap((attempt) => stagedFiles(attempt, spec, scheduler))
      const answer = await link.upload(
        { script: 'cd "$1" && tar -xmf -', args: [`${root}/.staging`], timeoutSeconds: 300 },
        files,
      )
      whole(answer, `sending the inputs of ${attempts.length} attempts to ${spec.name}`)
    },

    async claim(claims) {
      const answers = new Map<Token, ClaimAnswer>()
      let left = [...claims]
      while (left.length > 0) {
        const batch = left.slice(0, CLAIM_BATCH)
        try {
          await claimSome(batch, answers)
        } catch (error) {
          if (left.length === claims.length || !(error instanceof TransientError)) throw error
          for (const { place } of left)
            answers.set(place.token, { kind: 'refused', reason: 'SSH_DOWN', said: `nothing was sent: ${error.message}` })
          break
        }
        const untouched = batch.filter(({ place }) => answers.get(place.token)?.kind === 'untouched')
        if (untouched.length === batch.length) throw new TransientError(`${spec.name} is too slow to claim anything`)
        left = [...untouched, ...left.slice(batch.length)]
      }
      return new Map([...answers].flatMap(([token, answer]) => (answer.kind === 'untouched' ? [] : [[token, answer] as const])))
    },

    async lookUp(places): Promise<LookUp> {
      const begunAt = nowIso()
      const who = { account, tokens: places.map(({ token }) => token) }
      const queue = scheduler.queue(who)
      const accounting = scheduler.accounting(who, LOOK_UP_SECONDS)
      const asked = together([
        { script: remote('look.sh', []).script, args: lookArgs(root, places) },
        theClock,
        asking(queue),
        ...(accounting === null ? [] : [asking(accounting)]),
      ])
      const answer = await link.run({ ...asked.remote, timeoutSeconds: LOOK_UP_TIMEOUT_SECONDS })
      const [looked, clock, queued, accounted] = asked.read(answer)
      schedulerCommands += accounting === null ? 1 : 2
      if (looked === undefined || clock === undefined || queued === undefined || !looked.complete)
        throw new TransientError(`looking up ${places.length} attempts on ${spec.name}: the answer is torn: ${answer.lost}`)
      return {
        sights: readSights(looked.stdout, begunAt),
        queue: headed(queue.read(queued), begunAt, clock),
        accounting:
          accounting === null || accounted === undefined
            ? unmade('ACCOUNTING_DOWN', `${spec.name} keeps no accounting`, begunAt)
            : headed(accounting.read(accounted), begunAt, clock),
      }
    },

    async cancel(targets) {
      if (targets.length === 0) return
      schedulerCommands += 2
      await cancelJobs(link, { spec, scheduler, places: targets.map(({ place }) => place) })
    },

    setHold(nativeId, held) {
      schedulerCommands += 1
      return setHold(link, { spec, scheduler, nativeId, held })
    },

    listQueue,
    listAccounting,
    look,
    watch: (onNews, signal) => watch(link, { spool, onNews, signal }),
    fetch: (wanted, onFile) => fetchOutputs(link, root, wanted, onFile, fetchTiming),

    async settleSpool(tokens) {
      for (const some of inBatches(tokens, LOOK_BATCH))
        whole(await link.run(remote('settle.sh', [spool, nowIso().slice(0, 10), ...some])), 'settling the spool')
    },

    listFiles: (place) => listFiles(link, root, place),
    tail: (place, path, bytes) => tail(link, { root, place, path, bytes }),
    check: (asked) => check(link, { spec, scheduler, options, site, dryRun: asked.dryRun }),
    counts: () => {
      const { connections, commands } = link.counts()
      return { connections, remoteCommands: commands, schedulerCommands }
    },
    async close() {
      link.close()
    },
  }
  return site
}

/** By rename: a call that is under way goes on with the old text. */
async function sendHelper(link: SshLink, { path, script }: { readonly path: string; readonly script: string }): Promise<void> {
  const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)]
  const put = 'mkdir -p "$1" && cd "$1" && tar -xmf - && mv -f "$2.new" "$2"'
  const answer = await link.upload({ script: put, args: [folder, name], timeoutSeconds: TIMEOUT_SECONDS }, [
    { path: `${name}.new`, content: readScript(script) },
  ])
  whole(answer, `putting the queue's program to ${path}`)
}

/** How far back accounting is asked for lost answers. */
const LOOK_UP_SECONDS = 7 * 86_400
/** Two scheduler commands may both be slow. */
const LOOK_UP_TIMEOUT_SECONDS = 100

function whyNot(error: unknown): ['SSH_DOWN' | 'HOST_KEY_CHANGED', string] {
  const said = error instanceof Error ? error.message : String(error)
  if (error instanceof PermanentError) return [/host key/.test(said) ? 'HOST_KEY_CHANGED' : 'SSH_DOWN', said]
  if (error instanceof TransientError) return ['SSH_DOWN', said]
  throw error
}
