import { type Ending, NativeId, type QueueState } from '@crystalmath/contract'

/** One job of `qstat -f`, its attributes by name. */
export type TorqueJob = { readonly nativeId: NativeId; readonly get: (key: string) => string | undefined }

/** Jobs of `qstat -f`: `Job Id: ID` (the wrappers put a tab), then indented `KEY = VALUE` lines, long ones folded with a tab. Null for what is not that. */
export function jobsOf(stdout: string): readonly TorqueJob[] | null {
  const jobs: TorqueJob[] = []
  for (const block of stdout.split(/^(?=Job Id:)/m)) {
    if (block.trim() === '') continue
    const nativeId = NativeId.safeParse(/^Job Id:\s+(\S+)/.exec(block)?.[1])
    if (!nativeId.success) return null
    // a folded line goes on after a tab, and is no attribute of its own
    const unfolded = block.replace(/\n\t(?!\S+ = )/g, '')
    const values = new Map([...unfolded.matchAll(/^\s+(\S+) = (.*)$/gm)].map(([, key = '', value = '']) => [key, value]))
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
  S: 'suspended',
  E: 'completing',
  C: 'ended',
}

export const stateOf = (job: TorqueJob): QueueState => STATES[job.get('job_state') ?? ''] ?? 'unknown'

/** Above 256: ended by a signal, and 271 by `qdel` or a limit. */
const SIGNALLED = 256

/** Exit statuses of Torque's own (pbs_error.h, JOB_EXEC_…). */
const OWN: Readonly<Record<string, Ending>> = {
  '-1': 'FAILED',
  '-2': 'FAILED',
  '-3': 'FAILED',
  '-10': 'FAILED',
  '-11': 'TIMEOUT',
  [String(SIGNALLED + 15)]: 'CANCELLED',
}

/** How a completed job ended; null while it is not, and where nothing says (the wrappers never do): then its exit code decides. */
export function endingOf(job: TorqueJob): Ending | null {
  const status = job.get('exit_status')
  if (stateOf(job) !== 'ended' || status === undefined) return null
  const [used, limit] = [seconds(job.get('resources_used.walltime')), seconds(job.get('Resource_List.walltime'))]
  if (status === String(SIGNALLED + 15) && used !== null && limit !== null && used >= limit) return 'TIMEOUT'
  return OWN[status] ?? (status === '0' ? 'COMPLETED' : 'FAILED')
}

/** `64:26:16` */
function seconds(clock: string | undefined): number | null {
  const [, h, m, s] = /^(\d+):(\d\d):(\d\d)$/.exec(clock ?? '') ?? []
  return h === undefined ? null : Number(h) * 3_600 + Number(m) * 60 + Number(s)
}

/** `Sat Nov 28 19:31:41 2026`, printed in the time zone that it is given: UTC. */
export function epoch(text: string | undefined): number | null {
  const at = text === undefined ? Number.NaN : Date.parse(`${text} UTC`)
  return Number.isNaN(at) ? null : at / 1_000
}

/** `alice@login` */
export const accountOf = (job: TorqueJob): string | undefined => job.get('Job_Owner')?.split('@')[0]
