import { setTimeout as pause } from 'node:timers/promises'
import { type Client, openClient } from '@crystalmath/client'
import { isOver, type JobView } from '@crystalmath/contract'
import { bringUp, codesOf, type Testbed } from '@crystalmath/testbed'
import { type Platform, startPlatform } from '../up/platform.ts'
import { runByHand } from './by-hand.ts'
import { openLiveTable } from './live-table.ts'
import type { Finished } from './report.ts'
import { type DemoJob, demoJobs } from './requests.ts'

export type DemoOptions = {
  readonly seed: number
  readonly dataFolder: string
  /** Of the Slurm site; two demos at once need two. */
  readonly siteName?: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: NodeJS.WriteStream
  readonly say: (line: string) => void
}

export type Demo = {
  readonly platform: Platform
  readonly site: Testbed
  readonly finished: readonly Finished[]
  close(): Promise<void>
}

const PROJECT = 'demo'
const CLUSTER = 'demo'
const LIMIT_MS = 240_000

/** A real Slurm site, a platform, real pw.x jobs through its API, and plain pw.x on the same inputs. Stays up until `close`. */
export async function runDemo({ seed, dataFolder, siteName = 'demo', environment, out, say }: DemoOptions): Promise<Demo> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const one of closers.splice(0).toReversed()) await one()
  }
  try {
    say('a Slurm site of our own, behind its sshd …')
    const site = await bringUp({ name: siteName, onProgress: say })
    closers.push(site.down)
    say('the platform: NATS, MongoDB and five services …')
    const platform = await startPlatform({ dataFolder, environment, settings: SETTINGS, onProgress: say })
    closers.push(platform.stop)
    const client = openClient({ url: platform.url, token: platform.token })
    await register(client, platform, site)
    const jobs = demoJobs({ project: PROJECT, cluster: CLUSTER, seed })
    const { jobs: made } = await client.submitMany(jobs.map(({ request }) => request))
    say(`${made.length} jobs posted, seed ${seed}`)
    const views = await untilOver(
      client,
      made.map(({ id }) => id),
      out,
    )
    const finished = await collect(client, site, views, jobs)
    return { platform, site, finished, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A site of one user on this machine may be asked more often than a real one. */
const SETTINGS = { ACCOUNTING_SECONDS: '1', LOOK_SECONDS: '1' }

async function register(client: Client, platform: Platform, site: Testbed): Promise<void> {
  const projects = await client.projects()
  if (!projects.some(({ id }) => id === PROJECT)) await client.createProject({ id: PROJECT })
  await client.saveCluster({
    name: CLUSTER,
    scheduler: 'slurm',
    ssh: {
      host: site.host,
      port: site.port,
      user: site.user,
      key: await platform.addKey(site.privateKeyPath),
      hostKeys: [site.hostKey],
    },
    root: `${site.home}/crystalmath`,
    queueIntervalSeconds: 2,
    codes: codesOf(site),
  })
  await client.checkCluster(CLUSTER)
}

async function untilOver(client: Client, ids: readonly string[], out: NodeJS.WriteStream): Promise<readonly JobView[]> {
  const table = openLiveTable(out)
  const began = performance.now()
  for (;;) {
    const views = await Promise.all(ids.map((id) => client.job(id)))
    table.show(views, (performance.now() - began) / 1_000)
    if (views.every(({ status }) => isOver(status))) return views
    if (performance.now() - began > LIMIT_MS) throw new Error(`the jobs are not over after ${LIMIT_MS / 1_000} s`)
    await pause(250)
  }
}

async function collect(
  client: Client,
  site: Testbed,
  views: readonly JobView[],
  jobs: readonly DemoJob[],
): Promise<readonly Finished[]> {
  const folders = new Map(views.map((job) => [job.id, `${site.home}/crystalmath/${job.project}/${job.id}/${job.attempt}`]))
  const byHand = await runByHand(site, folders)
  return await Promise.all(
    views.map(async (job, i) => ({
      job,
      role: jobs[i]?.role ?? 'volume',
      result: job.resultId === null ? null : (await client.result(job.id)).result,
      byHand: byHand.get(job.id),
    })),
  )
}
