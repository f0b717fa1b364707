import { FAULTS } from './fault-table.ts'
import { type FaultReport, tryFault } from './faults.ts'
import type { Tally, TrialsOptions } from './real-trials.ts'

/** Every real fault of the table, or those whose names match, one site after the other; a table of all at the end. */
export async function runFaults(
  { environment, say, seed }: Pick<TrialsOptions, 'environment' | 'say' | 'seed'>,
  only = '',
): Promise<Tally> {
  const wanted = new RegExp(only)
  const reports: FaultReport[] = []
  for (const [i, fault] of FAULTS.entries()) {
    if (!wanted.test(fault.name)) continue
    say(`fault ${i + 1} of ${FAULTS.length}: ${fault.name}, seed ${seed + i}`)
    const report = await tryFault(fault, { name: `f${i}`, environment, seed: seed + i, say })
    for (const line of [...report.doubled, ...report.lost, ...report.falseEnds, ...report.troubles]) say(`  ${line}`)
    for (const line of report.story) say(line)
    say(`${verdictOf(report)}: ${report.seconds.toFixed(1)} s${aftermath(report)}; waited for ${waitsOf(report)}`)
    reports.push(report)
  }
  say('')
  for (const line of table(reports)) say(line)
  return {
    trials: reports.length,
    doubled: count(reports, ({ doubled }) => doubled),
    lost: count(reports, ({ lost, troubles }) => [...lost, ...troubles]),
    falseEnds: count(reports, ({ falseEnds }) => falseEnds),
  }
}

const count = (reports: readonly FaultReport[], of: (report: FaultReport) => readonly string[]): number =>
  reports.reduce((sum, report) => sum + of(report).length, 0)

const verdictOf = ({ troubles, name }: FaultReport): string => `${troubles.length === 0 ? 'ok      ' : 'TROUBLE '} ${name}`
const waitsOf = ({ waited }: FaultReport): string => waited.join(', ') || 'nothing'

function aftermath({ noticedSeconds, recoverySeconds }: FaultReport): string {
  if (recoverySeconds === null) return ''
  const noticed = noticedSeconds === null ? '' : `, last job noticed after ${noticedSeconds.toFixed(1)} s`
  return `${noticed}, all over ${recoverySeconds.toFixed(1)} s after healing`
}

/** One row for a fault, as Markdown. */
const table = (reports: readonly FaultReport[]): readonly string[] => [
  '| fault | waitingFor seen | events from the fault on | last job noticed, s after recovery | doubled | lost | false ends |',
  '|---|---|---|---|---|---|---|',
  ...reports.map((report) => {
    const { name, events, noticedSeconds, doubled, lost, falseEnds, troubles } = report
    const harm = [doubled, [...lost, ...troubles], falseEnds].map(({ length }) => length)
    return `| ${[name, waitsOf(report), events, noticedSeconds?.toFixed(1) ?? '', ...harm].join(' | ')} |`
  }),
]
