import { runFailover } from './failover.ts'
import type { Tally, TrialsOptions } from './real-trials.ts'

/** Kills of one server of three, of each kind, under running jobs, as often as asked for. */
export async function runFailovers({ trials, jobs, environment, say }: TrialsOptions): Promise<Tally> {
  let tally: Tally = { trials: 0, doubled: 0, lost: 0, falseEnds: 0 }
  for (let i = 0; i < trials; i += 1) {
    say(`failover ${i + 1} of ${trials}: ${jobs} jobs`)
    const report = await runFailover({ name: `fail${i}`, jobs, endingSeconds: 60, limitSeconds: 400, environment, say })
    for (const line of [...report.doubled, ...report.lost, ...report.falseEnds, ...report.missed]) say(`  ${line}`)
    say(
      `failover ${i + 1}: ${report.killed.length} kills, ${report.seconds.toFixed(1)} s, ${report.doubled.length} doubled, ` +
        `${report.lost.length} lost, ${report.falseEnds.length} false ends; ${report.heard} events heard by ` +
        `${report.listeners} listeners, ${report.interruptions} streams taken up again, ${report.missed.length} events missed`,
    )
    tally = {
      trials: tally.trials + 1,
      doubled: tally.doubled + report.doubled.length,
      lost: tally.lost + report.lost.length + report.missed.length,
      falseEnds: tally.falseEnds + report.falseEnds.length,
    }
  }
  return tally
}
