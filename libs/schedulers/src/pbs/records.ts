import { type Ending, NativeId, type QueueState } from '@crystalmath/contract'

/** One job of `qstat -f`, its attributes by name. */
export type PbsJob = { readonly nativeId: NativeId; readonly get: (key: string) => string | undefined }

/** Jobs of `qstat -f`: `Job Id: ID`, then `    KEY = VALUE` lines, long ones folded with a tab. Null for what is not that. */
export function jobsOf(stdout: string): readonly PbsJob[] | null {
  const jobs: PbsJob[] = []
  for (const block of stdout.replaceAll('\n\t', '').split(/^(?=Job Id: )/m)) {
    if (block.trim() === '') continue
    const nativeId = NativeId.safeParse(/^Job Id: (\S+)/.exec(block)?.[1])
    if (!nativeId.success) return null
    const values = new Map([...block.matchAll(/^ {4}(\S+) = (.*)$/gm)].map(([, key = '', value = '']) => [key, value]))
    if (!values.has('job_state')) return null
    jobs.push({ nativeId: nativeId.data, get: (key) => values.get(key) })
  }
  return jobs
}

const STATES: Readonly<Record<string, QueueState>> = {
  Q: 'pending',
  H: 'pending',
  W: 'pending',
  T: 'pending',
  R: 'running',
  B: 'running',
  S: 'suspended',
  U: 'suspended',
  E: 'completing',
  F: 'ended',
  X: 'ended',
}

export const stateOf = (job: PbsJob): QueueState => STATES[job.get('job_state') ?? ''] ?? 'unknown'

/** Substate of a finished job that was deleted. */
const DELETED = '91'

/** Negative exit statuses that name a limit (PBS Professional Reference Guide, job exit codes). */
const LIMITS: Readonly<Record<string, Ending>> = {
  '-29': 'TIMEOUT',
  '-28': 'TIMEOUT',
  '-27': 'OUT_OF_MEMORY',
  '-26': 'OUT_OF_MEMORY',
}

/** Above 256: ended by a signal. */
const SIGNALLED = 256
const SIGTERM = 15

export type PbsEnd = { readonly ending: Ending | null; readonly exitCode: number; readonly signal: number }

/** How a finished job ended; null while it is not, and where PBS does not say. */
export function endOf(job: PbsJob): PbsEnd {
  const status = job.get('Exit_status')
  const code = Number(status ?? Number.NaN)
  const isOver = stateOf(job) === 'ended'
  const signal = code > SIGNALLED ? code - SIGNALLED : 0
  const exitCode = code > 0 && code < SIGNALLED ? code : 0
  if (!isOver) return { ending: null, exitCode: 0, signal: 0 }
  if (job.get('substate') === DELETED) return { ending: 'CANCELLED', exitCode, signal }
  if (status === undefined || !Number.isInteger(code)) return { ending: null, exitCode: 0, signal: 0 }
  return { ending: LIMITS[status] ?? plainEnding(job, code), exitCode, signal }
}

function plainEnding(job: PbsJob, code: number): Ending {
  if (code === 0) return 'COMPLETED'
  const [used, limit] = [seconds(job.get('resources_used.walltime')), seconds(job.get('Resource_List.walltime'))]
  const isLate = code === SIGNALLED + SIGTERM && used !== null && limit !== null && used >= limit
  return isLate ? 'TIMEOUT' : 'FAILED'
}

/** `64:26:16` */
export function seconds(clock: string | undefined): number | null {
  const [, h, m, s] = /^(\d+):(\d\d):(\d\d)$/.exec(clock ?? '') ?? []
  return h === undefined ? null : Number(h) * 3_600 + Number(m) * 60 + Number(s)
}

/** `Sat Apr 20 01:36:59 2013`, which qstat prints in the time zone that it is given: UTC. */
export function epoch(text: string | undefined): number | null {
  const at = text === undefined ? Number.NaN : Date.parse(`${text} UTC`)
  return Number.isNaN(at) ? null : at / 1_000
}
