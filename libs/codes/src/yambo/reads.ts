import { codeReads, type Sample } from '../code-reads.ts'
import { toNumber } from '../reading/numbers.ts'
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
  if (/^\s*#/.test(head)) return isTable(head) ? 'table' : null
  if (/Version +\d+\.\d+\.\d+/.test(head) && /CPU structure|Cores +:|CORE Variables|Files & I\/O/.test(head)) return 'report'
  return /^r[-_]/.test(name) ? 'report' : null
}

/** An input begins with comments too, but goes on with words; a table with numbers, or with nothing. */
function isTable(head: string): boolean {
  const row = /^[ \t]*[^#\s].*$/m.exec(head)?.[0]
  return (
    row === undefined ||
    row
      .trim()
      .split(/\s+/)
      .every((word) => toNumber(word) !== null || /^\*+$|^NaN$/i.test(word))
  )
}

/** The job string of `o-JOB.qp`, `r-JOB_em1d_gw0`, `l-JOB_em1d_gw0_CPU_1` begins the name of the report of its run; `''` without one. */
function belongs(name: string, report: string): boolean {
  const job = /^[ol]-?(.*?)(?:\.[^.]*)?$/.exec(name)?.[1] ?? ''
  const run = report.replace(/^r[-_]?/, '')
  return run.startsWith(job) || job.startsWith(run)
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
    const own = readings.filter(({ sample }) => newest === undefined || belongs(sample.name, newest.sample.name))
    return resultOf({
      report: newest?.value,
      logs: own.flatMap((reading) => (reading.kind === 'log' ? [reading.value] : [])),
      tables: own.flatMap((reading) => (reading.kind === 'table' ? [reading.value] : [])),
    })
  },
})
