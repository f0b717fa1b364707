import { codeReads } from '../code-reads.ts'
import { resultOf } from './read/combine.ts'
import { log } from './read/log.ts'
import { report } from './read/report.ts'
import { table } from './read/table.ts'
import { yamboFacts } from './recognise.ts'

const readers = { report, log, table }

/** The job string of `o-JOB.qp`, `r-JOB_em1d_gw0`, `l-JOB_em1d_gw0_CPU_1` begins the name of the report of its run; `''` without one. */
function belongs(name: string, report: string): boolean {
  const job = /^[ol]-?(.*?)(?:\.[^.]*)?$/.exec(name)?.[1] ?? ''
  const run = report.replace(/^r[-_]?/, '')
  return run.startsWith(job) || job.startsWith(run)
}

/** YAMBO 3 to 5: reports, logs and tables. */
export const yamboReads = codeReads<typeof readers>({
  ...yamboFacts,
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
