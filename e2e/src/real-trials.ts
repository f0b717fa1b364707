import type { Packing } from '@crystalmath/contract'
import { runCampaign } from './campaign.ts'
import { openStage } from './stage.ts'

export type TrialsOptions = {
  /** How jobs go into the queue; absent: as the planner thinks best. */
  readonly packing?: Packing | undefined
  readonly trials: number
  readonly jobs: number
  readonly seed: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly say: (line: string) => void
}

export type Tally = { readonly trials: number; readonly doubled: number; readonly lost: number; readonly falseEnds: number }

/** Campaigns on the real Slurm with random kill -9 of any service, all services, nats-server, mongod and sshd's children; judged by the ledger of the runs. */
export async function runRealTrials({ trials, jobs, seed, environment, say, packing }: TrialsOptions): Promise<Tally> {
  let tally: Tally = { trials: 0, doubled: 0, lost: 0, falseEnds: 0 }
  for (let i = 0; i < trials; i += 1) {
    const stage = await openStage({ name: `${packing ?? 'trial'}${i}`, environment, replicas: { parser: 2 } })
    try {
      say(`campaign ${i + 1} of ${trials}: ${jobs} jobs${packing === undefined ? '' : `, packing ${packing}`}, seed ${seed + i}`)
      const campaign = await runCampaign(stage, {
        jobs,
        seed: seed + i,
        killEverySeconds: 2.5,
        jobSeconds: 20,
        limitSeconds: 600,
        say,
        packing,
      })
      for (const line of [...campaign.doubled, ...campaign.lost, ...campaign.falseEnds]) say(`  ${line}`)
      say(
        `campaign ${i + 1}: ${campaign.jobs.length} jobs, ${campaign.kills} kills, ${campaign.seconds.toFixed(1)} s, ` +
          `${campaign.doubled.length} doubled, ${campaign.lost.length} lost, ${campaign.falseEnds.length} false ends`,
      )
      tally = {
        trials: tally.trials + 1,
        doubled: tally.doubled + campaign.doubled.length,
        lost: tally.lost + campaign.lost.length,
        falseEnds: tally.falseEnds + campaign.falseEnds.length,
      }
    } finally {
      await stage.close()
    }
  }
  return tally
}
