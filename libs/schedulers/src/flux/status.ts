import { NativeId, type QueueRow } from '@crystalmath/contract'
import type { Question, QueueReading, Who } from '../scheduler.ts'
import { rowsOf } from './rows.ts'
import { epoch, meaningOf } from './states.ts'
import { jobs, SEPARATOR } from './words.ts'

const FORMAT = ['{id.f58}', '{status}', '{t_submit}', '{t_run}', '{nodelist}', '{name}'].join(SEPARATOR)

/** Jobs of the account that are not over. */
export const queue = ({ account, tokens }: Who): Question<QueueReading> => ({
  argv: jobs('--filter=pending,running', `--user=${account}`, '-o', FORMAT),
  timeoutSeconds: 40,
  read(said) {
    const { rows, ...reading } = rowsOf(said, 'SCHEDULER_DOWN', rowOf)
    return { ...reading, rows: rows.filter(({ name }) => tokens.length === 0 || tokens.some((token) => token === name)) }
  },
})

function rowOf(line: string): QueueRow | null {
  const [id, raw, submitted, started, nodes, ...name] = line.split(SEPARATOR)
  const nativeId = NativeId.safeParse(id)
  if (!nativeId.success || raw === undefined || name.length === 0) return null
  return {
    nativeId: nativeId.data,
    name: name.join(SEPARATOR),
    ...meaningOf(raw),
    raw,
    reason: null,
    submittedSeconds: epoch(submitted),
    startedSeconds: epoch(started),
    nodes: nodes === undefined || nodes === '' ? null : nodes,
    restartCount: null,
  }
}
