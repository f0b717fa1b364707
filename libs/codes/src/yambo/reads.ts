import { codeReads, type Sample } from '../code-reads.ts'
import { resultOf } from './read/combine.ts'
import { log } from './read/log.ts'
import { report } from './read/report.ts'
import { table } from './read/table.ts'

const readers = { report, log, table }

const LOG_LINE = /^ *<(?:---|[\d a-z-]+)> (?:P\d+(?:-\w+)?: )?\[\d+\]/m

/** By content; `r-*`, `l-*` and `o-*` are habits that a user may change. */
function kindOf({ name, head }: Sample): keyof typeof readers | null {
  if (LOG_LINE.test(head)) return 'log'
  if (!/yambo-code\.org|\bYAMBO\b|\byambo @/.test(head)) return null
  if (/^\s*#/.test(head)) return 'table'
  if (/Version +\d+\.\d+\.\d+/.test(head) && /CPU structure|Cores +:|CORE Variables|Files & I\/O/.test(head)) return 'report'
  return /^r[-_]/.test(name) ? 'report' : null
}

/** YAMBO 3 to 5: reports, logs and tables. */
export const yamboReads = codeReads<typeof readers>({
  code: 'yambo',
  recognise: kindOf,
  mainKinds: ['report', 'log', 'table'],
  readers,
  combine(readings) {
    const reports = readings.filter((reading) => reading.kind === 'report')
    const newest = reports.reduce<(typeof reports)[number] | undefined>(
      (best, reading) => (best === undefined || (reading.modifiedMs ?? 0) > (best.modifiedMs ?? 0) ? reading : best),
      undefined,
    )
    return resultOf({
      report: newest?.value,
      logs: readings.flatMap((reading) => (reading.kind === 'log' ? [reading.value] : [])),
      tables: readings.flatMap((reading) => (reading.kind === 'table' ? [reading.value] : [])),
    })
  },
})
