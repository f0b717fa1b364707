import { loadavg } from 'node:os'
import { openStage, type Stage } from '@crystalmath/e2e'
import { type Floor, measureFloor } from './floors.ts'
import { type Figures, measureOurs, runJobs } from './ours.ts'

const JOBS = 200
/** Settings as shipped, but for the site's interval: a site of one user on this machine may be asked more often than a real one. */
export const SETTINGS = {
  LEASE_TTL_SECONDS: '60',
  LOOK_SECONDS: '5',
  SWEEP_SECONDS: '2',
  UNANSWERED_SECONDS: '15',
  ACCOUNTING_SECONDS: '5',
  SWEEP_GRACE_SECONDS: '20',
}

export const platformBench = {
  about: `${JOBS} trivial jobs from POST to stored result on a real Slurm over SSH, beside plain sbatch`,
  run: async ({ json }: { readonly json: boolean }): Promise<void> => {
    const say = (line: string) => void process.stderr.write(`${line}\n`)
    const stage = await openStage({ name: 'bench', environment: process.env, settings: SETTINGS, queueIntervalSeconds: 10 })
    try {
      const { ids } = await runJobs(stage, 1, 'single')
      const folder = `${stage.site.home}/crystalmath/${stage.project}/${ids[0]}/1`
      say('floors: the same job.sh by a loop of sbatch, and as one array …')
      const floors = [await floorOf(stage, folder, 'loop'), await floorOf(stage, folder, 'array')]
      const load = loadavg()
      say('ours: each job submitted by itself …')
      const single = await measureOurs(stage, JOBS, 'single')
      say('ours: as the platform packs jobs of one shape …')
      const packed = await measureOurs(stage, JOBS, 'auto')
      const again = await floorOf(stage, folder, 'loop')
      const all = [...floors, { ...again, name: 'loop again' }]
      printRun(`each job by itself; load of the machine as it began: ${(load[0] ?? 0).toFixed(1)}`, single, all)
      printRun('packed, as shipped', packed, all)
      if (json)
        process.stdout.write(`${JSON.stringify({ bench: 'platform', loadOfLastMinute: load[0], floors: all, single, packed })}\n`)
    } finally {
      await stage.close()
    }
  },
}

const floorOf = ({ site }: Stage, folder: string, name: 'loop' | 'array') => measureFloor(site, folder, name, JOBS)

const print = (name: string, value: string) => void process.stdout.write(`${name.padEnd(36)} ${value}\n`)

/** A table for people. */
export function printRun(title: string, figures: Figures, floors: readonly Floor[]): void {
  process.stdout.write(`\n${title}\n`)
  const lag = ({ median, p95 }: { readonly median: number; readonly p95: number }) =>
    `median ${median.toFixed(2)} s, p95 ${p95.toFixed(2)} s`
  print(
    `${figures.jobs} jobs, POST to stored result`,
    `${figures.seconds.toFixed(2)} s  (${figures.jobsPerSecond.toFixed(1)} jobs/s)`,
  )
  for (const floor of floors)
    print(`  floor: ${floor.name}`, `${floor.seconds.toFixed(2)} s  ours is ${(figures.seconds / floor.seconds).toFixed(2)}x`)
  const { intent, submitted, ended, stored } = figures.lastSeconds
  print(
    '  the last was',
    `prepared at ${intent.toFixed(2)} s, submitted ${submitted.toFixed(2)} s, ended ${ended.toFixed(2)} s, stored ${stored.toFixed(2)} s`,
  )
  const commands = Object.entries(figures.schedulerCommands)
  print('end of run to end noticed', lag(figures.detectionSeconds))
  print('  end noticed to outputs fetched', lag(figures.fetchSeconds))
  print('  outputs fetched to result stored', lag(figures.parseSeconds))
  print('end noticed to result stored', lag(figures.noticedToStoredSeconds))
  print('end of run to result stored', lag(figures.storedSeconds))
  print('open SSH connections', String(figures.sshConnections))
  print('remote commands', String(figures.remoteCommands))
  print(
    'scheduler commands',
    `${commands.reduce((sum, [, count]) => sum + count, 0)}: ${commands.map(([name, count]) => `${name} ${count}`).join(', ')}`,
  )
  for (const [service, { cpuSeconds, rssMebibytes, importFloorMebibytes }] of Object.entries(figures.services)) {
    print(
      `  ${service}`,
      `${cpuSeconds.toFixed(2)} CPU s, ${rssMebibytes.toFixed(0)} MiB (importing its drivers alone: ${importFloorMebibytes.toFixed(0)} MiB)`,
    )
  }
  print('CPU of all services', `${figures.servicesCpuSeconds.toFixed(2)} s`)
  print(
    'CPU beside them',
    Object.entries(figures.othersCpuSeconds)
      .map(([name, seconds]) => `${name} ${seconds.toFixed(2)} s`)
      .join(', '),
  )
}
