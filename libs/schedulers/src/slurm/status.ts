import { NativeId, type QueueRow } from '@crystalmath/contract'
import { gist, integer, troubleOf } from '../said.ts'
import type { Question, QueueReading, Who } from '../scheduler.ts'
import { waitsOf } from './reasons.ts'
import { meaningOf } from './states.ts'

/** Unit separator: stands in no state, id or reason, and hardly in a job's name, which comes last. */
export const SEPARATOR = '\x1f'

/** Settings of the account's own shell that would filter a listing, leave jobs uncancelled, ask back, or make one submission several, or one for another cluster. */
const OWN_SETTINGS = [
  ...['ACCOUNT', 'ARRAY', 'ARRAY_UNIQUE', 'FEDERATION', 'FORMAT', 'FORMAT2', 'LICENSES', 'LOCAL', 'NAMES', 'PARTITION'].map(
    (name) => `SQUEUE_${name}`,
  ),
  ...['QOS', 'SIBLING', 'SORT', 'STATES', 'USERS'].map((name) => `SQUEUE_${name}`),
  ...['FORMAT', 'FEDERATION', 'LOCAL'].map((name) => `SACCT_${name}`),
  ...['ACCOUNT', 'BATCH', 'CTLD', 'FULL', 'INTERACTIVE', 'NAME', 'PARTITION', 'QOS', 'STATE', 'USER', 'WCKEY'].map(
    (name) => `SCANCEL_${name}`,
  ),
  ...['ARRAY_INX', 'CLUSTERS', 'REQUEUE', 'WAIT'].map((name) => `SBATCH_${name}`),
  'SLURM_CLUSTERS',
]

/** Without the account's own settings. */
export const cleanly = (...argv: readonly string[]): readonly string[] => [
  'env',
  ...OWN_SETTINGS.flatMap((name) => ['-u', name]),
  ...argv,
]

/** The same, with times as epoch seconds, UTC or not. */
export const plain = (...argv: readonly string[]): readonly string[] => cleanly('SLURM_TIME_FORMAT=%s', ...argv)

const FIELDS = ['%i', '%T', '%V', '%S', '%N', '%r', '%j']

/** All states, all partitions, arrays by member: ended jobs stay in it for MinJobAge and tell how they ended. */
export const queue = ({ account, tokens }: Who): Question<QueueReading> => ({
  argv: plain(
    ...['squeue', '-a', '-r', '-h', '-t', 'all', '-u', account, '-o', FIELDS.join(SEPARATOR)],
    ...(tokens.length > 0 ? ['-n', tokens.join(',')] : []),
  ),
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, 'squeue', 'SCHEDULER_DOWN')
    if (trouble !== null) return { rows: [], complete: false, trouble }
    const rows: QueueRow[] = []
    for (const record of records(said.stdout)) {
      const row = rowOf(record)
      if (row === null)
        return {
          rows,
          complete: false,
          trouble: { kind: 'OTHER', said: `squeue printed a line that is none of its own: "${gist(record)}"` },
        }
      rows.push(row)
    }
    return { rows, complete: true, trouble: null }
  },
})

/** Lines, with those that a line break within a name tore put together again. */
export function records(stdout: string): readonly string[] {
  const whole: string[] = []
  for (const line of stdout.split('\n')) {
    const last = whole.length - 1
    if (line.includes(SEPARATOR) || last < 0) whole.push(line)
    else whole[last] += `\n${line}`
  }
  return whole.map((record) => record.replace(/\n+$/, '')).filter((record) => record !== '')
}

function rowOf(record: string): QueueRow | null {
  const [id, raw, submitted, started, nodes, reason, ...name] = record.split(SEPARATOR)
  const nativeId = NativeId.safeParse(id)
  if (!nativeId.success || raw === undefined || name.length === 0) return null
  const { state, ending } = meaningOf(raw)
  return {
    nativeId: nativeId.data,
    name: name.join(SEPARATOR),
    state,
    raw,
    reason: reason === undefined || reason === 'None' ? null : reason,
    waits: state === 'pending' ? waitsOf(reason ?? null) : null,
    submittedSeconds: integer(submitted),
    // while a job pends, Slurm prints when it believes that it will start
    startedSeconds: state === 'pending' || state === 'requeued' ? null : integer(started),
    nodes: nodes === undefined || nodes === '' ? null : nodes,
    restartCount: null,
    ending,
  }
}
