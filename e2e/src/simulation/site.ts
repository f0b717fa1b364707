import { type Claim, type LookUp, namesOf, type Site } from '@crystalmath/cluster'
import {
  type AccountingListing,
  type AccountingRow,
  batchToken,
  type ClusterSpec,
  type QueueListing,
  type QueueRow,
  type SubmitAnswer,
  type Token,
  TransientError,
} from '@crystalmath/contract'
import { runClaims } from './claim-script.ts'
import type { Files } from './folders.ts'
import type { Slurm } from './slurm.ts'
import type { Process, World } from './world.ts'

export type Cluster = { readonly files: Files; readonly slurm: Slurm; readonly spec: ClusterSpec }

/** What a remote command may take, and what a caller waits for a connection that is gone. */
const TIMEOUT_MS = 58_000

/** One connection of one process to the simulated cluster. What `Site` promises it keeps, no better. */
export function makeSite(world: World, cluster: Cluster, process: Process): Site {
  const { chance, weather, goesWrong, time } = world
  const { files, slurm, spec } = cluster
  let listings = 0

  /** A remote command: not sent, or run by a process of its own that outlives the caller, its answer lost or not. */
  const remote = async <T>(name: string, body: (script: Process) => Promise<T> | T): Promise<T> => {
    await world.faultPoint(process, `before ${name}`)
    await world.sleep(process, chance.between(5, 300))
    if (goesWrong(weather.linkDown)) throw new TransientError(`${name}: no connection`)
    const script = world.spawn(`${name} of ${process.name}`)
    const answer = await new Promise<{ readonly said: T } | null>((resolve) => {
      let isOpen = true
      const tell = (said: { readonly said: T } | null, ms: number) => {
        if (!isOpen) return
        isOpen = false
        void world.sleep(process, ms).then(() => resolve(said))
      }
      script.onDeath = () => tell(null, chance.between(100, 20_000))
      time.after(TIMEOUT_MS, () => {
        if (isOpen) world.kill(script, 'timeout')
      })
      const running = async () => {
        const said = await body(script)
        tell(goesWrong(weather.answerLost) ? null : { said }, chance.between(5, 300))
      }
      running().catch(() => tell(null, chance.between(5, 300)))
    })
    await world.faultPoint(process, `after ${name}`)
    if (answer === null) throw new TransientError(`${name}: the answer was lost`)
    return answer.said
  }

  const heads = () => ({
    listingId: `${process.name}-${time.now()}-${listings++}`,
    begunAt: new Date(time.now()).toISOString(),
    clusterSeconds: files.clusterSeconds(),
  })
  const queue = (begun: ReturnType<typeof heads>, tokens: readonly Token[] | null): QueueListing => {
    const trouble = { kind: 'SCHEDULER_DOWN', said: 'slurm_load_jobs error' } as const
    if (goesWrong(world.isAway() ? 1 : weather.listingFails))
      return world.broken.has('failedListingIsEmpty')
        ? { ...begun, complete: true, trouble: null, rows: [] }
        : { ...begun, complete: false, trouble, rows: [] }
    const all = goesWrong(weather.listingStale) ? slurm.queueBefore(chance.between(0, 20_000)) : slurm.queueNow()
    const rows = all.filter((row) => tokens === null || tokens.some((token) => token === row.name)).map((row) => mistaken(row))
    if (goesWrong(weather.listingTorn))
      return { ...begun, complete: false, trouble: { kind: 'OTHER', said: 'torn' }, rows: rows.filter(() => chance.happens(0.5)) }
    return { ...begun, complete: true, trouble: null, rows }
  }
  /** A copy that does not ask by whom, and one that does not know how a second start ends. */
  const named = (row: AccountingRow): AccountingRow => ({
    ...row,
    ...(world.broken.has('believesTheSystem') ? { cancelledBy: null } : {}),
    ...(world.broken.has('requeueIsAFailure') && row.exitCode === 76 ? { exitCode: 1 } : {}),
  })
  /** A copy that matches by id alone. */
  const mistaken = (row: QueueRow): QueueRow => {
    if (!world.broken.has('trustsIdWithoutName')) return row
    const first = slurm.jobs.find(({ id }) => id === row.nativeId)
    return { ...row, name: first?.name ?? row.name, submittedSeconds: null }
  }
  const accounting = (begun: ReturnType<typeof heads>, tokens: readonly Token[]): AccountingListing =>
    !weather.hasAccounting || goesWrong(weather.accountingFails)
      ? { ...begun, complete: false, trouble: { kind: 'ACCOUNTING_DOWN', said: 'sacct: error' }, rows: [] }
      : { ...begun, complete: true, trouble: null, rows: slurm.accounting(tokens).map(named) }

  const site: Site = {
    spec,
    takeRoot: () => remote('take-root', () => undefined),
    stage: (attempts) =>
      remote('stage', async (script) => {
        const names = attempts.map(({ place, nonce }) => `${place.token}.${nonce}`)
        for (const name of names) files.staging.set(name, 'torn')
        await world.sleep(script, chance.between(20, 500))
        for (const name of names) files.staging.set(name, 'whole')
      }),
    stageBatch: ({ place, nonce, members, pilot, into }) =>
      remote('stage', async (script) => {
        const name = `${place.token}.${nonce}`
        files.stagedMembers.set(name, {
          isPilot: pilot !== null,
          into: into === undefined ? null : batchToken(into),
          members: members.map(({ index, place: one }) => ({ index, token: one.token })),
        })
        files.staging.set(name, 'torn')
        await world.sleep(script, chance.between(20, 500))
        files.staging.set(name, 'whole')
      }),
    tendPilots: () => remote('tend', () => new Map()),
    withdraw: (places) =>
      remote('withdraw', () => {
        const deciders = new Map<Token, string>()
        for (const { token, batch } of places)
          if (world.broken.has('withdrawsNothing')) deciders.set(token, 'withdrawn')
          else if (batch != null) {
            const who = files.decide(batchToken(batch.id), token, 'withdrawn')
            deciders.set(token, world.broken.has('withdrawsWhatIsTaken') ? 'withdrawn' : who)
          }
        return deciders
      }),
    claim: async (claims) => {
      const answers = new Map<Token, SubmitAnswer>()
      const say = (token: Token, answer: SubmitAnswer) => void answers.set(token, answer)
      await claimOver(claims, say)
      return answers
    },
    lookUp: (places) =>
      remote('look-up', async (script): Promise<LookUp> => {
        const begun = heads()
        const tokens = places.flatMap((place) => namesOf(place).map(({ token }) => token))
        const sights = new Map(places.map((place) => [place.token, files.look(place)]))
        await world.sleep(script, chance.between(5, 1_000))
        const found = { queue: queue(begun, tokens), accounting: accounting(begun, tokens) }
        return world.broken.has('noFence')
          ? {
              sights,
              queue: { ...found.queue, complete: true, rows: slurm.queueNow().map((row) => ({ ...row, state: 'ended' })) },
              accounting: { ...found.accounting, complete: true, rows: [] },
            }
          : { sights, ...found }
      }),
    cancel: (targets) =>
      remote('cancel', async (script) => {
        const tokens = targets.map(({ place }) => place.token)
        for (const token of tokens)
          files.folder(token).cancel ??= { madeMs: time.now(), visibleMs: files.seenLater(null).visibleMs }
        await world.sleep(script, chance.between(5, 500))
        if (goesWrong(world.isAway() ? 1 : weather.listingFails)) throw new TransientError('the scheduler did not cancel')
        slurm.cancel(
          targets.map(({ place }) => place),
          'cancelled by the platform',
        )
      }),
    setHold: () => remote('hold', () => undefined),
    listQueue: async () => {
      const begun = heads()
      try {
        return await remote('squeue', () => queue(begun, null))
      } catch (error) {
        if (!(error instanceof TransientError)) throw error
        return { ...begun, complete: false, trouble: { kind: 'SSH_DOWN', said: error.message }, rows: [] }
      }
    },
    listAccounting: async (tokens) => {
      const begun = heads()
      try {
        return await remote('sacct', () => accounting(begun, tokens))
      } catch (error) {
        if (!(error instanceof TransientError)) throw error
        return { ...begun, complete: false, trouble: { kind: 'SSH_DOWN', said: error.message }, rows: [] }
      }
    },
    signs: () => remote('signs', () => new Map()),
    look: (places) => remote('look', () => new Map(places.map((place) => [place.token, files.look(place)]))),
    watch: async (onNews, signal) => {
      await remote('watch', () => undefined)
      const { promise: done, reject } = Promise.withResolvers<void>()
      const leave = files.watch((news) => {
        if (!process.alive || signal.aborted) return
        if (goesWrong(weather.linkDown)) reject(new TransientError('the watcher was cut off'))
        else onNews(news)
      })
      void done.catch(() => leave())
      signal.addEventListener('abort', leave, { once: true })
      return { done }
    },
    fetch: (wanted, onFetched) =>
      remote('fetch', async () => {
        const contents = new Map([['job.out', new Uint8Array()]])
        const report = { files: [], missing: [], refused: [] }
        await onFetched(wanted.map(({ place: { token } }) => ({ token, contents, report })))
      }),
    settleSpool: (tokens) => remote('settle', () => files.settle(tokens)),
    listFiles: () => remote('files', () => []),
    tail: () => remote('tail', () => new Uint8Array()),
    check: () => Promise.reject(new Error('the doctor does not come into the simulation')),
    counts: () => ({ connections: 0, remoteCommands: 0, schedulerCommands: 0 }),
    close: () => Promise.resolve(),
  }
  return site

  /** Throws only while nothing was sent; after that what got no answer is unknown. */
  async function claimOver(claims: readonly Claim[], say: (token: Token, answer: SubmitAnswer) => void): Promise<void> {
    const heard = new Map<Token, SubmitAnswer>()
    let wasSent = false
    try {
      await remote('claim', (script) => {
        wasSent = true
        return runClaims(world, cluster, script, claims, (token, answer) => void heard.set(token, answer))
      })
      for (const [token, answer] of heard) say(token, answer)
    } catch (error) {
      if (!wasSent || !(error instanceof TransientError)) throw error
      for (const { place } of claims) say(place.token, { kind: 'unknown', said: error.message })
    }
  }
}
