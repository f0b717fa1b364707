import type { AccountingReading, Question, Who } from '../scheduler.ts'
import { helper } from './helper.ts'
import { meaningOf } from './records.ts'
import { readRecords } from './status.ts'

/** The queue's own records of ended jobs. There are no steps, and nobody measured the memory. */
export const accounting =
  (root: string) =>
  ({ tokens }: Who, sinceSeconds: number): Question<AccountingReading> => ({
    argv: helper(root, 'list', String(Math.ceil(sinceSeconds))),
    timeoutSeconds: 30,
    read(said) {
      const { records, trouble } = readRecords(said, tokens)
      const rows = records.map(({ startedSeconds, endedSeconds, ...record }) => ({
        ...record,
        startedSeconds,
        endedSeconds,
        comment: null,
        ending: endedSeconds === null ? null : meaningOf(record.raw).ending,
        elapsedSeconds: startedSeconds === null || endedSeconds === null ? null : endedSeconds - startedSeconds,
        nodes: null,
        cancelledBy: null,
        steps: [],
      }))
      return { rows, complete: trouble === null, trouble }
    },
  })
