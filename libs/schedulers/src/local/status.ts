import { gist, troubleOf } from '../said.ts'
import type { Question, QueueReading, Said, Who } from '../scheduler.ts'
import { helper } from './helper.ts'
import { type LocalRecord, meaningOf, recordOf } from './records.ts'

type Read = { readonly records: readonly LocalRecord[]; readonly trouble: QueueReading['trouble'] }

/** The records of a listing, those of the names where there are any. */
export function readRecords(said: Said, tokens: readonly string[]): Read {
  const trouble = troubleOf(said, 'the local queue', 'SCHEDULER_DOWN')
  if (trouble !== null) return { records: [], trouble }
  const names = new Set(tokens)
  const records: LocalRecord[] = []
  for (const line of said.stdout.split('\n').filter((line) => line !== '')) {
    const record = recordOf(line)
    if (record === null)
      return {
        records,
        trouble: { kind: 'OTHER', said: `the local queue printed a line that is none of its own: "${gist(line)}"` },
      }
    if (names.size === 0 || names.has(record.name)) records.push(record)
  }
  return { records, trouble: null }
}

/** Ended jobs stay in the listing for five minutes. */
export const queue =
  (root: string) =>
  ({ tokens }: Who): Question<QueueReading> => ({
    argv: helper(root, 'list', '300'),
    timeoutSeconds: 30,
    read(said) {
      const { records, trouble } = readRecords(said, tokens)
      const rows = records.map(({ nativeId, name, raw, reason, submittedSeconds, startedSeconds }) => ({
        ...{ nativeId, name, raw, reason, submittedSeconds, startedSeconds },
        ...meaningOf(raw),
        nodes: null,
        restartCount: 0,
      }))
      return { rows, complete: trouble === null, trouble }
    },
  })
