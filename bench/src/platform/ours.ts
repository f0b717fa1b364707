import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Packing } from '@crystalmath/contract'
import { type Stage, scriptJob } from '@crystalmath/e2e'
import type { JobEvent } from '@crystalmath/job'
import { FLOOR } from './floors.ts'
import { endsOf, type Histories, historiesOf, lagsOf, secondsOf } from './histories.ts'
import { cpuOfTree, rssOfImporting, usageOf } from './processes.ts'

/** What each service imports before it does anything. */
const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  submitter: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'ssh2', 'pino', 'prom-client', 'zod'],
  poller: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'ssh2', 'pino', 'prom-client', 'zod', 'node-cron'],
  parser: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'pino', 'prom-client', 'zod', 'piscina'],
  recovery: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'pino', 'prom-client', 'zod'],
  orchestrator: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'pino', 'prom-client', 'zod'],
  gateway: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'express', 'helmet', 'pino', 'prom-client', 'zod'],
}
/** Wrapped to be counted; not `sbatch`, for a wrapper costs what it counts: accounting knows how many there were. */
const COMMANDS = ['squeue', 'sacct', 'scontrol', 'sinfo', 'scancel'] as const

/** Posts trivial jobs and waits until all are over. `began` is the moment before the POST, in seconds since the epoch. */
export async function runJobs(
  stage: Stage,
  count: number,
  packing: Packing = 'auto',
): Promise<{ readonly ids: readonly string[]; readonly began: number }> {
  const over = async () => {
    const { byStatus } = await stage.client.counts({ project: stage.project })
    return (byStatus.completed ?? 0) + (byStatus.failed ?? 0) + (byStatus.cancelled ?? 0)
  }
  const before = await over()
  const began = Date.now() / 1_000
  const { jobs } = await stage.client.submitMany(Array.from({ length: count }, () => scriptJob(stage, 'true\n', { packing })))
  while ((await over()) < before + count) {
    if (Date.now() / 1_000 - began > 300 + count) throw new Error(`${count} jobs are not over after ${300 + count} s`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return { ids: jobs.map(({ id }) => id), began }
}

export type Figures = Awaited<ReturnType<typeof measureOurs>>

/** One run of so many jobs: how long it took, where the time went, and what it cost. */
export async function measureOurs(stage: Stage, count: number, packing: Packing = 'auto') {
  const wrappers = await Promise.all(COMMANDS.map(async (command) => [command, await stage.site.wrap(command)] as const))
  const before = await counters(stage)
  const { ids, began } = await runJobs(stage, count, packing)
  const after = await counters(stage)
  const calls = Object.fromEntries(
    await Promise.all(wrappers.map(async ([command, wrapper]) => [command, (await wrapper.calls()).length] as const)),
  )
  await Promise.all(wrappers.map(([, wrapper]) => wrapper.remove()))
  const histories = await historiesOf(stage, ids)
  const { seconds, ...times } = timesOf(histories, ids, began)
  const services = Object.fromEntries(
    [...after.services].map(([service, { cpuSeconds, rssMebibytes }]) => [
      service,
      {
        cpuSeconds: cpuSeconds - (before.services.get(service)?.cpuSeconds ?? 0),
        rssMebibytes,
        importFloorMebibytes: rssOfImporting(
          DRIVERS[service] ?? [],
          fileURLToPath(new URL(`../../../services/${service}`, import.meta.url)),
        ),
      },
    ]),
  )
  return {
    packing,
    jobs: count,
    seconds,
    jobsPerSecond: count / seconds,
    ...times,
    sshConnections: after.connections,
    remoteCommands: after.sessions - before.sessions,
    schedulerCommands: { sbatch: await countSubmissions(stage, histories, began), ...calls },
    services,
    servicesCpuSeconds: Object.values(services).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    /** `login node`: sshd and every command of ours there, `sbatch` included. */
    othersCpuSeconds: {
      MongoDB: after.mongo - before.mongo,
      NATS: after.nats - before.nats,
      'login node': after.loginNode - before.loginNode,
    },
  }
}

/** What the jobs' own events say: seconds since the POST, and the lags from step to step. Ends are by the runs' own clock, which is this machine's. */
function timesOf(histories: Histories, ids: readonly string[], began: number) {
  const at = (type: JobEvent['type']) => secondsOf(histories, ids, type)
  const [noticed, fetched, parsed] = [at('EndObserved'), at('AttemptEnded'), at('OutputParsed')]
  const over = endsOf(histories, ids)
  const last = (times: readonly number[]) => Math.max(...times) - began
  return {
    seconds: last(parsed),
    lastSeconds: {
      intent: last(at('SubmissionStarted')),
      submitted: last(at('SubmissionAnswered')),
      ended: last(over),
      stored: last(parsed),
    },
    detectionSeconds: lagsOf(over, noticed),
    fetchSeconds: lagsOf(noticed, fetched),
    parseSeconds: lagsOf(fetched, parsed),
    noticedToStoredSeconds: lagsOf(noticed, parsed),
    storedSeconds: lagsOf(over, parsed),
  }
}

/** What has been spent so far. Floors log in, too, so all but the open connections are for differences. */
async function counters({ platform, site }: Stage) {
  const log = await readFile(`${site.logs}/sshd.log`, 'utf8')
  const ours = new Set([...log.matchAll(/^Accepted publickey for \S+ from \S+ port (\d+)/gm)].map(([, port]) => port))
  const closed = [...log.matchAll(/^(?:Disconnected from|Connection closed by).* port (\d+)/gm)].map(([, port]) => port)
  const { nats, mongo } = platform.servers
  return {
    services: new Map(
      await Promise.all(
        platform.services.map(async ({ service, pid }) => [service as string, await usageOf(pid() ?? 0)] as const),
      ),
    ),
    mongo: (await usageOf(mongo.pid())).cpuSeconds,
    nats: (await usageOf(nats.pid())).cpuSeconds,
    loginNode: await cpuOfTree(Number(await readFile(`${site.root}/run/sshd.pid`, 'utf8'))),
    connections: new Set([...ours].filter((port) => !closed.includes(port))).size,
    sessions: [...log.matchAll(/^Starting session/gm)].length,
  }
}

/** Submissions since `began` that are no floor's, as accounting has them: it learns of jobs some seconds late, so it is asked until it knows ours. */
async function countSubmissions({ site }: Stage, histories: Histories, began: number): Promise<number> {
  const ours = new Set([...histories.values()].map(idOf))
  const since = new Date(began * 1_000 - 1_000).toLocaleString('sv').replace(' ', 'T') // sacct reads local time
  const deadline = Date.now() + 60_000
  for (;;) {
    const { stdout } = await site.admin(['sacct', '-X', '-n', '-a', '-P', '-D', '-o', 'JobID,JobName,Submit', '-S', since])
    const rows = stdout
      .split('\n')
      .map((line) => line.split('|'))
      .filter(([id = '', name, submitted = '']) => id !== '' && name !== FLOOR && submitted >= since)
    const submissions = new Set(rows.map(([id = '']) => id.replace(/_.*/, '')))
    if (rows.length >= ours.size) return submissions.size
    if (Date.now() > deadline) throw new Error(`accounting knows ${rows.length} of ${ours.size} jobs after a minute`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** By which the scheduler knows the run: a pilot's, for all of its members. */
function idOf(history: readonly JobEvent[]): string | null {
  const answered = history.findLast((event) => event.type === 'SubmissionAnswered')
  return answered?.type === 'SubmissionAnswered' && answered.answer.kind === 'submitted' ? answered.answer.nativeId : null
}
