import { FAULTS } from './fault-table.ts'
import { tryFault } from './faults.ts'
import type { Tally, TrialsOptions } from './real-trials.ts'

/** Every real fault of the table, or those whose names contain a word, one site after the other. */
export async function runFaults({ environment, say }: Pick<TrialsOptions, 'environment' | 'say'>, only = ''): Promise<Tally> {
  let tally: Tally = { trials: 0, doubled: 0, lost: 0, falseEnds: 0 }
  for (const [i, fault] of FAULTS.entries()) {
    if (!fault.name.includes(only)) continue
    const report = await tryFault(fault, { name: `f${i}`, environment, say })
    for (const line of [...report.doubled, ...report.lost, ...report.falseEnds, ...report.troubles]) say(`  ${line}`)
    for (const line of report.story) say(line)
    const noticed = report.noticedSeconds === null ? '' : `, last job noticed after ${report.noticedSeconds.toFixed(1)} s`
    const after =
      report.recoverySeconds === null ? '' : `${noticed}, all over ${report.recoverySeconds.toFixed(1)} s after healing`
    say(
      `${report.troubles.length === 0 ? 'ok      ' : 'TROUBLE '} ${fault.name}: ${report.seconds.toFixed(1)} s${after}; waited for ${report.waited.join(', ') || 'nothing'}`,
    )
    tally = {
      trials: tally.trials + 1,
      doubled: tally.doubled + report.doubled.length,
      lost: tally.lost + report.lost.length + report.troubles.length,
      falseEnds: tally.falseEnds + report.falseEnds.length,
    }
  }
  return tally
}
