import { type AccountingRow, NativeId } from '@crystalmath/contract'
import { integer } from '../said.ts'
import type { AccountingReading, Question, Who } from '../scheduler.ts'
import { rowsOf } from './rows.ts'
import { epoch, meaningOf } from './states.ts'
import { jobs, SEPARATOR } from './words.ts'

const FIELDS = [
  '{id.f58}',
  '{status}',
  '{returncode}',
  '{t_submit}',
  '{t_run}',
  '{t_cleanup}',
  '{ncores}',
  '{nodelist}',
  '{exception.type}',
  '{name}',
]

/** Flux's own memory of inactive jobs, name by name; how far it goes back is the site's choice. */
export const accounting = ({ account, tokens }: Who, _sinceSeconds: number): Question<AccountingReading> => ({
  argv: ['sh', '-c', EACH_NAME, 'sh', account, FIELDS.join(SEPARATOR), ...tokens],
  timeoutSeconds: 50,
  read: (said) => rowsOf(said, 'ACCOUNTING_DOWN', rowOf),
})

/** `flux jobs` takes one name at a time. */
const EACH_NAME = `user=$1 format=$2; shift 2; for name in "$@"; do ${jobs('-a').join(' ')} --user="$user" --name="$name" -o "$format" || exit; done`

/** Of a job that was cancelled before it started. */
const NEVER_STARTED = -128

function rowOf(line: string): AccountingRow | null {
  const [id, raw, returned, submitted, started, cleaned, cores, nodes, exception, ...name] = line.split(SEPARATOR)
  const nativeId = NativeId.safeParse(id)
  if (!nativeId.success || raw === undefined || name.length === 0) return null
  const code = Number(returned || 0)
  const [startedSeconds, endedSeconds] = [epoch(started), epoch(cleaned)]
  const { ending } = meaningOf(raw)
  return {
    nativeId: nativeId.data,
    name: name.join(SEPARATOR),
    comment: null,
    raw,
    ending: ending === 'FAILED' && exception === 'node-failure' ? 'NODE_FAILED' : ending,
    exitCode: Math.max(code, 0),
    signal: code < 0 && code !== NEVER_STARTED ? -code : 0,
    submittedSeconds: epoch(submitted),
    startedSeconds,
    endedSeconds,
    elapsedSeconds: startedSeconds === null || endedSeconds === null ? null : endedSeconds - startedSeconds,
    coreCount: integer(cores),
    nodes: nodes === undefined || nodes === '' ? null : nodes,
    cancelledBy: null,
    reason: exception === undefined || exception === '' ? null : exception,
    steps: [],
  }
}
