import { loadavg } from 'node:os'
import { openStage, type Stage, scriptJob } from '@crystalmath/e2e'
import { endsOf, type Histories, historiesOf, lagsOf, secondsOf, startsOf } from '../platform/histories.ts'

const [CHAINS, LINKS] = [6, 6] as const
const RUNNING = 300
/** How long the first of those runs, so that all run before any ends, and over how long their ends are spread. */
const [RUN_SECONDS, ENDING_SECONDS] = [60, 45] as const

/** `npm run bench -- chain [CHAINS] [RUNNING]`: from the end of a job to the submission of the one after it, and to its end's being known, with settings as shipped. */
export const chainBench = {
  about: `${CHAINS} chains of ${LINKS} jobs, and ${RUNNING} jobs that run at once, on a real Slurm over SSH with settings as shipped`,
  run: async ({ json, rest }: { readonly json: boolean; readonly rest: readonly string[] }): Promise<void> => {
    const [chains, running] = [Number(rest[0] ?? CHAINS), Number(rest[1] ?? RUNNING)]
    const say = (line: string) => void process.stderr.write(`${line}\n`)
    // a partition has half of the nodes, of 8 cores each; all are this machine, and who samples the memory of one job reads all of /proc
    const site = { nodes: Math.max(4, 2 * Math.ceil(running / 8)), slurmConf: ['JobAcctGatherFrequency=task=30'] }
    const stage = await openStage({ name: 'chain', environment: process.env, isAsShipped: true, site })
    try {
      const load = loadavg()[0] ?? 0
      say(`${chains} chains of ${LINKS} …`)
      const chained = await measureChains(stage, chains)
      say(`${running} jobs that run at once …`)
      const crowded = await measureCrowd(stage, running)
      process.stdout.write(`load of the machine as it began: ${load.toFixed(1)}\n`)
      print('end of a job to the submission of the next', chained.handOver)
      print('end of a job in a chain to its being known', chained.detection)
      print(`the same of ${running} jobs, ${crowded.atOnce} at once`, crowded.lags)
      if (json) process.stdout.write(`${JSON.stringify({ bench: 'chain', load, ...chained, crowded })}\n`)
    } finally {
      await stage.close()
    }
  },
}

type Lags = ReturnType<typeof lagsOf>

const print = (name: string, { median, p95, count }: Lags): void =>
  void process.stdout.write(`${name.padEnd(46)} median ${median.toFixed(2)} s, p95 ${p95.toFixed(2)} s, of ${count}\n`)

/** All chains side by side; the first job of each waits until all of them are posted. */
async function measureChains(stage: Stage, chains: number): Promise<{ readonly handOver: Lags; readonly detection: Lags }> {
  const { client } = stage
  const links: string[][] = []
  for (let link = 0; link < LINKS; link += 1) {
    const requests = Array.from({ length: chains }, (_, chain) => {
      const after = links.at(-1)?.[chain]
      return scriptJob(stage, link === 0 ? 'sleep 10\n' : 'true\n', after === undefined ? {} : { after: after as never })
    })
    links.push((await client.submitMany(requests)).jobs.map(({ id }) => id))
  }
  const histories = await overAll(stage, links.flat())
  const submitted = secondsOf(histories, links.slice(1).flat(), 'SubmissionAnswered')
  const ended = endsOf(histories, links.slice(0, -1).flat())
  const known = secondsOf(histories, links.flat(), 'EndObserved')
  return { handOver: lagsOf(ended, submitted), detection: lagsOf(endsOf(histories, links.flat()), known) }
}

async function measureCrowd(stage: Stage, jobs: number) {
  const requests = Array.from({ length: jobs }, (_, i) => {
    const script = `sleep ${(RUN_SECONDS + (i * ENDING_SECONDS) / jobs).toFixed(1)}\n`
    const resources = { walltimeSeconds: 300, memoryMebibytes: 64, partition: i % 2 === 0 ? 'short' : 'long' }
    return scriptJob(stage, script, { resources })
  })
  const ids = (await stage.client.submitMany(requests)).jobs.map(({ id }) => id)
  const histories = await overAll(stage, ids)
  const ends = endsOf(histories, ids)
  return { lags: lagsOf(ends, secondsOf(histories, ids, 'EndObserved')), atOnce: mostAtOnce(startsOf(histories, ids), ends) }
}

/** How many ran at the busiest moment. */
function mostAtOnce(starts: readonly number[], ends: readonly number[]): number {
  const steps = [...starts.map((at) => [at, 1] as const), ...ends.map((at) => [at, -1] as const)].toSorted((a, b) => a[0] - b[0])
  let [running, most] = [0, 0]
  for (const [, step] of steps) {
    running += step
    most = Math.max(most, running)
  }
  return most
}

async function overAll(stage: Stage, ids: readonly string[]): Promise<Histories> {
  for (const began = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 1_000))) {
    const { byStatus } = await stage.client.counts({ project: stage.project })
    const left = Object.entries(byStatus).reduce(
      (sum, [status, count]) => (['completed', 'failed', 'cancelled'].includes(status) ? sum : sum + count),
      0,
    )
    if (left === 0) {
      const { failed = 0, cancelled = 0 } = byStatus
      if (failed + cancelled > 0) throw new Error(`${failed} jobs failed and ${cancelled} were cancelled: nothing was measured`)
      return await historiesOf(stage, ids)
    }
    if (Date.now() - began > 600_000) throw new Error(`${left} jobs are not over after 600 s`)
  }
}
