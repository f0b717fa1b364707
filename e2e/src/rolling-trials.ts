import type { Tally, TrialsOptions } from './real-trials.ts'
import { runRolling } from './rolling.ts'

const REQUESTS_PER_SECOND = 60

/** Restarts of every service under load, as often as asked for. What failed counts as lost. */
export async function runRollings({ trials, jobs, environment, say }: TrialsOptions): Promise<Tally> {
  let tally: Tally = { trials: 0, doubled: 0, lost: 0, falseEnds: 0 }
  for (let i = 0; i < trials; i += 1) {
    say(`rolling update ${i + 1} of ${trials}: ${jobs} jobs run`)
    const options = { name: `roll${i}`, jobs, requestsPerSecond: REQUESTS_PER_SECOND, limitSeconds: 400, environment, say }
    const report = await runRolling(options)
    for (const line of [...report.doubled, ...report.lost, ...report.falseEnds, ...report.missed]) say(`  ${line}`)
    say(
      `rolling update ${i + 1}: ${report.restarts} restarts, ${report.seconds.toFixed(1)} s, ${report.requests} requests, ` +
        `${report.failed} failed, ${report.retried} retried, p99 ${report.latencyP99Ms} ms, longest ${report.latencyMaxMs} ms; ` +
        `${report.posted} jobs posted meanwhile; ${report.doubled.length} doubled, ${report.lost.length} lost, ` +
        `${report.falseEnds.length} false ends; ${report.heard} events for ${report.listeners} listeners, ` +
        `${report.interruptions} streams taken up again, ${report.missed.length} events missed`,
    )
    tally = {
      trials: tally.trials + 1,
      doubled: tally.doubled + report.doubled.length,
      lost: tally.lost + report.lost.length + report.missed.length + report.failed,
      falseEnds: tally.falseEnds + report.falseEnds.length,
    }
  }
  return tally
}
