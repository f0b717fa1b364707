import { loadavg } from 'node:os'
import { Packing } from '@crystalmath/contract'
import { openStage, type Stage } from '@crystalmath/e2e'
import { measureFloor } from '../platform/floors.ts'
import { printRun, SETTINGS } from '../platform/index.ts'
import { measureOurs, runJobs } from '../platform/ours.ts'
import { usageOf } from '../platform/processes.ts'

const JOBS = 1_000

/** `npm run bench -- campaign [JOBS] [auto|array|pilot|single]`: what a whole campaign costs beside one array of the same job.sh and one tar each way. */
export const campaignBench = {
  about: `${JOBS} trivial jobs as arrays from POST to stored result on a real Slurm over SSH, beside one plain array with one tar each way`,
  run: async ({ json, rest }: { readonly json: boolean; readonly rest: readonly string[] }): Promise<void> => {
    const jobs = Number(rest[0] ?? JOBS)
    const packing = Packing.parse(rest[1] ?? 'auto')
    const say = (line: string) => void process.stderr.write(`${line}\n`)
    const stage = await openStage({ name: 'campaign', environment: process.env, settings: SETTINGS, queueIntervalSeconds: 10 })
    try {
      const { ids } = await runJobs(stage, 1)
      const folder = `${stage.site.home}/crystalmath/${stage.project}/${ids[0]}/1`
      const floors = []
      // an array of this Slurm holds a thousand; larger campaigns are compared with as many of those one after the other
      const size = Math.min(jobs, JOBS)
      say(`floor: ${size} by one array with a tar each way …`)
      floors.push(await measureFloor(stage.site, folder, 'array-and-tars', size))
      say(`ours: ${jobs} jobs, packing ${packing} …`)
      const memory = watchMemory(stage)
      const load = loadavg()
      const figures = await measureOurs(stage, jobs, packing)
      const peaks = memory.stop()
      say('the floor again …')
      floors.push(await measureFloor(stage.site, folder, 'array-and-tars', size))
      printRun(
        `packing ${packing}; load of the machine as it began: ${(load[0] ?? 0).toFixed(1)}`,
        figures,
        floors.map(({ name, seconds }) => ({ name: `${name} of ${size}, × ${jobs / size}`, seconds: (seconds * jobs) / size })),
      )
      for (const [service, mebibytes] of peaks)
        process.stdout.write(`${`  ${service}, at most`.padEnd(36)} ${mebibytes.toFixed(0)} MiB\n`)
      if (json)
        process.stdout.write(
          `${JSON.stringify({ bench: 'campaign', floors, ...figures, peakMebibytes: Object.fromEntries(peaks) })}\n`,
        )
    } finally {
      await stage.close()
    }
  },
}

/** The largest resident set of each service, seen twice a second. */
function watchMemory({ platform }: Stage) {
  const peaks = new Map<string, number>()
  const look = async () => {
    for (const { service, pid } of platform.services) {
      const { rssMebibytes } = await usageOf(pid() ?? 0).catch(() => ({ rssMebibytes: 0 }))
      peaks.set(service, Math.max(peaks.get(service) ?? 0, rssMebibytes))
    }
  }
  const timer = setInterval(() => void look(), 500)
  return {
    stop: () => {
      clearInterval(timer)
      return peaks
    },
  }
}
