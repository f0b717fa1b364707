import { type ClusterInventory, type ClusterSpec, type Finding, TransientError } from '@crystalmath/contract'
import type { Question, Reading, Said, Scheduler } from '@crystalmath/schedulers'
import type { SshLink } from '@crystalmath/ssh'
import { readScript } from '../read-script.ts'
import { asking, clockOf, theClock, together } from '../remote.ts'
import { sendHelper } from '../root.ts'
import type { Site } from '../site.ts'
import type { SiteOptions } from '../site-options.ts'
import { batchFindings } from './batch.ts'
import { codeFinding, codeQuestions, libraryFinding } from './codes.ts'
import { dryRun } from './dry-run.ts'
import { ill, warning, well } from './finding.ts'
import { readHost } from './host.ts'
import { listLibraries } from './pseudopotentials.ts'

export type Patient = {
  readonly spec: ClusterSpec
  readonly scheduler: Scheduler
  readonly options: SiteOptions
  readonly site: Site
  readonly dryRun: boolean
}

const TORN: Said = { stdout: '', stderr: 'no answer', exitCode: null, complete: false }

/** Set-up lines of several codes may each take seconds. */
const TIMEOUT_SECONDS = 170

/** Looks at everything that a cluster needs for us, and says for each failure what mends it. Throws where there is no connection. */
export async function check(link: SshLink, patient: Patient): Promise<ClusterInventory> {
  const { spec, scheduler, options } = patient
  const checkedAt = new Date().toISOString()
  const offset = await clockOffset(link)
  // before anybody took the root, a batch system of ours is not there yet; where it cannot be put, the findings say so
  if (scheduler.helper !== null) await sendHelper(link, scheduler.helper, { onlyIfMissing: true }).catch(orFinding)
  const codes = codeQuestions(spec)
  const accounting = scheduler.accounting({ account: spec.ssh.user, tokens: [] }, 60)
  const submitLimits = scheduler.submitLimits(spec.ssh.user)
  const asked = together(
    [
      theClock,
      { script: readScript('host-facts.sh'), args: [spec.root] },
      asking(scheduler.limits),
      optional(scheduler.partitions),
      optional(scheduler.maintenance),
      optional(accounting),
      ...submitLimits.map(asking),
      ...codes,
    ],
    TIMEOUT_SECONDS,
  )
  const answer = await link.run(asked.remote)
  const [clock = TORN, host = TORN, limits = TORN, partitions = TORN, maintenance = TORN, accounted = TORN, ...more] =
    asked.read(answer)
  const programs = more.slice(submitLimits.length)
  const libraries = await listLibraries(link, spec, options.readPseudopotential)
  const batch = {
    limits: scheduler.limits.read(limits),
    partitions: of(scheduler.partitions, partitions, []),
    maintenance: of(scheduler.maintenance, maintenance, []),
    accounting: accounting?.read(accounted) ?? null,
    submitLimits: accounting?.read(accounted).complete === true ? submitLimits.map((one, i) => one.read(more[i] ?? TORN)) : [],
    nowSeconds: clockOf(clock),
  }
  const { findings: hostFindings, freeMebibytes } = readHost(
    host,
    spec.root,
    `${options.owner.installation} ${options.owner.epoch}`,
  )
  const findings: Finding[] = [
    well('REACHABILITY', `${spec.ssh.user}@${spec.ssh.host}:${spec.ssh.port} answers in ${Math.round(offset.roundTripMs)} ms`),
    hostKeyFinding(link, [...spec.ssh.hostKeys, ...(options.knownHostKeys ?? [])]),
    noiseFinding(answer.noise),
    await sftpFinding(link),
    clockFinding(offset.seconds),
    ...hostFindings,
    ...batchFindings(spec, scheduler, batch),
    ...codes.map(({ code }, index) => codeFinding(code, programs[index] ?? TORN)),
    ...libraries.map(libraryFinding),
    ...(patient.dryRun ? [await dryRun(patient.site)] : []),
  ]
  return {
    checkedAt,
    schedulerVersion: batch.limits.value?.version ?? null,
    partitions: [...(batch.partitions.value ?? [])],
    maxArraySize: batch.limits.value?.maxArraySize ?? null,
    submitLimits: batch.submitLimits.flatMap(({ value }) => value ?? []),
    minJobAgeSeconds: batch.limits.value?.minJobAgeSeconds ?? null,
    killWaitSeconds: batch.limits.value?.killWaitSeconds ?? null,
    accounting: batch.accounting !== null && batch.accounting.trouble === null,
    clockOffsetSeconds: offset.seconds ?? 0,
    freeMebibytes,
    // of a folder that could not be read to its end, nothing is known: what is missing in half a list may be there
    pseudopotentials: Object.fromEntries(
      libraries.flatMap(({ code, files, trouble }) => (trouble === null ? [[code, [...files]]] : [])),
    ),
    findings,
  }
}

function orFinding(error: unknown): void {
  if (!(error instanceof TransientError)) throw error
}

/** What is not asked takes its place with a word that costs nothing. */
const optional = (question: Question<unknown> | null) => (question === null ? theClock : asking(question))

/** `none` where the batch system has no such thing. */
const of = <T>(question: Question<Reading<T>> | null, said: Said, none: T): Reading<T> =>
  question === null ? { value: none, trouble: null } : question.read(said)

/** Of three short commands the quickest: its answer was made closest to the middle of the time between. */
async function clockOffset(link: SshLink): Promise<{ readonly seconds: number | null; readonly roundTripMs: number }> {
  let best: { seconds: number | null; roundTripMs: number } = { seconds: null, roundTripMs: Number.POSITIVE_INFINITY }
  for (let turn = 0; turn < 3; turn += 1) {
    const before = Date.now()
    const said = await link.run({ ...theClock, timeoutSeconds: 20 })
    const roundTripMs = Date.now() - before
    const theirs = clockOf(said)
    if (theirs !== null && roundTripMs < best.roundTripMs)
      best = { seconds: theirs - (before + roundTripMs / 2) / 1_000, roundTripMs }
  }
  return best
}

function hostKeyFinding(link: SshLink, pinned: readonly string[]): Finding {
  const key = link.hostKey()
  const said = `${key?.fingerprint} (${key?.line.split(' ')[0]})`
  if (pinned.length > 0) return well('HOST_KEY', `pinned: ${said}`)
  return warning(
    'HOST_KEY',
    `not pinned; the host shows ${said}`,
    `compare it with what the site publishes, then register ssh.hostKeys ["${key?.line}"]`,
  )
}

const noiseFinding = (noise: string): Finding =>
  noise === ''
    ? well('SHELL_NOISE', 'the login shell says nothing of its own')
    : warning(
        'SHELL_NOISE',
        `the login shell prints "${noise.slice(0, 200)}"`,
        'harmless to us, but it breaks scp and SFTP: keep .bashrc silent for shells that are not interactive',
      )

async function sftpFinding(link: SshLink): Promise<Finding> {
  const trouble = await link.probeSftp()
  return trouble === null
    ? well('SFTP', 'the SFTP subsystem answers; files go as tar streams')
    : warning('SFTP', `no SFTP: "${trouble}"`, 'not needed, for files go as tar streams over the same connection')
}

function clockFinding(seconds: number | null): Finding {
  if (seconds === null) return ill('CLOCK', 'date prints no seconds', 'scripts of ours need `date +%s`')
  const said = `the cluster's clock is ${Math.abs(seconds).toFixed(2)} s ${seconds < 0 ? 'behind' : 'ahead of'} ours`
  return Math.abs(seconds) > 5
    ? warning('CLOCK', said, 'let both keep time by NTP; times are shown with the clock that they are of')
    : well('CLOCK', said)
}
