import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { isOver } from '@crystalmath/contract'
import { openStage, type Stage, scriptJob } from '@crystalmath/e2e'
import { median, percentile } from '../statistics.ts'
import { type Floor, measureFloor } from './floors.ts'
import { rssOfImporting, usageOf } from './processes.ts'

const JOBS = 200
/** Settings as shipped, but for the site's interval: a site of one user on this machine may be asked more often than a real one. */
const SETTINGS = {
  LEASE_TTL_SECONDS: '60',
  LOOK_SECONDS: '5',
  SWEEP_SECONDS: '2',
  UNANSWERED_SECONDS: '15',
  ACCOUNTING_SECONDS: '5',
  SWEEP_GRACE_SECONDS: '20',
}
/** What each service imports before it does anything. */
const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  submitter: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'ssh2', 'pino', 'prom-client', 'zod'],
  poller: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'ssh2', 'pino', 'prom-client', 'zod', 'node-cron'],
  parser: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'pino', 'prom-client', 'zod', 'piscina'],
  recovery: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'pino', 'prom-client', 'zod'],
  gateway: ['mongodb', '@nats-io/jetstream', '@nats-io/transport-node', 'express', 'helmet', 'pino', 'prom-client', 'zod'],
}
/** Wrapped to be counted; not `sbatch`, for a wrapper costs what it counts: accounting knows how many there were. */
const COMMANDS = ['squeue', 'sacct', 'scontrol', 'sinfo', 'scancel'] as const

export const platformBench = {
  about: `${JOBS} trivial jobs from POST to stored result on a real Slurm over SSH, beside plain sbatch`,
  run: async ({ json }: { readonly json: boolean }): Promise<void> => {
    const say = (line: string) => void process.stderr.write(`${line}\n`)
    const stage = await openStage({ name: 'bench', environment: process.env, settings: SETTINGS, queueIntervalSeconds: 10 })
    try {
      const one = await runJobs(stage, 1)
      const folder = `${stage.site.home}/crystalmath/${stage.project}/${one.ids[0]}/1`
      say('floors: the same job.sh by a loop of sbatch, and as one array …')
      const floors = [await measureFloor(stage.site, folder, 'loop', JOBS), await measureFloor(stage.site, folder, 'array', JOBS)]
      say('ours …')
      const figures = await measureOurs(stage)
      const again = await measureFloor(stage.site, folder, 'loop', JOBS)
      print(figures, [...floors, { ...again, name: 'loop again' }])
      if (json) process.stdout.write(`${JSON.stringify({ bench: 'platform', floors, ...figures })}\n`)
    } finally {
      await stage.close()
    }
  },
}

async function runJobs(stage: Stage, count: number): Promise<{ readonly ids: readonly string[]; readonly seconds: number }> {
  const began = performance.now()
  const { jobs } = await stage.client.submitMany(Array.from({ length: count }, () => scriptJob(stage, 'true\n')))
  const ids = jobs.map(({ id }) => id)
  for (;;) {
    const { items } = await stage.client.jobs(
      { project: stage.project, status: ['completed', 'failed', 'cancelled'] },
      { limit: 500 },
    )
    const over = new Set(items.filter(({ status }) => isOver(status)).map(({ id }) => id as string))
    if (ids.every((id) => over.has(id))) return { ids, seconds: (performance.now() - began) / 1_000 }
    if (performance.now() - began > 300_000) throw new Error(`${count} jobs are not over after 300 s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

type Figures = Awaited<ReturnType<typeof measureOurs>>

async function measureOurs(stage: Stage) {
  const wrappers = await Promise.all(COMMANDS.map(async (command) => [command, await stage.site.wrap(command)] as const))
  const cpu = async () =>
    new Map(
      await Promise.all(
        stage.platform.services.map(async ({ service, pid }) => [service as string, await usageOf(pid() ?? 0)] as const),
      ),
    )
  const [before, logBefore, submittedBefore] = [await cpu(), await sshdLog(stage), await countSubmitted(stage)]
  const { ids, seconds } = await runJobs(stage, JOBS)
  const [after, logAfter] = [await cpu(), await sshdLog(stage)]
  const calls = Object.fromEntries(
    await Promise.all(wrappers.map(async ([command, wrapper]) => [command, (await wrapper.calls()).length] as const)),
  )
  await Promise.all(wrappers.map(([, wrapper]) => wrapper.remove()))
  const events = await Promise.all(ids.map((id) => stage.client.events(id)))
  const at = (list: (typeof events)[number], type: string) =>
    Date.parse(list.find((event) => event.type === type)?.at ?? '') / 1_000
  const endOf = (list: (typeof events)[number]) =>
    Date.parse(list.find((event) => event.type === 'EndObserved')?.evidence?.at ?? '') / 1_000
  const detection = events.map((list) => at(list, 'EndObserved') - endOf(list))
  const stored = events.map((list) => at(list, 'OutputParsed') - endOf(list))
  const posted = Math.min(...events.map((list) => at(list, 'JobPosted')))
  const sofar = (times: readonly number[]) => Math.max(...times) - posted
  return {
    jobs: JOBS,
    seconds,
    /** Since the first was posted: the last intent, answer, end of a run, result. */
    lastSeconds: {
      intent: sofar(events.map((list) => at(list, 'SubmissionStarted'))),
      submitted: sofar(events.map((list) => at(list, 'SubmissionAnswered'))),
      ended: sofar(events.map(endOf)),
      stored: sofar(events.map((list) => at(list, 'OutputParsed'))),
    },
    jobsPerSecond: JOBS / seconds,
    detectionSeconds: { median: median(detection), p95: percentile(detection, 0.95) },
    storedSeconds: { median: median(stored), p95: percentile(stored, 0.95) },
    sshConnections: logAfter.connections,
    remoteCommands: logAfter.sessions - logBefore.sessions,
    schedulerCommands: { sbatch: (await countSubmitted(stage)) - submittedBefore, ...calls },
    services: Object.fromEntries(
      [...after].map(([service, { cpuSeconds, rssMebibytes }]) => [
        service,
        {
          cpuSeconds: cpuSeconds - (before.get(service)?.cpuSeconds ?? 0),
          rssMebibytes,
          importFloorMebibytes: rssOfImporting(
            DRIVERS[service] ?? [],
            fileURLToPath(new URL(`../../../services/${service}`, import.meta.url)),
          ),
        },
      ]),
    ),
  }
}

/** Jobs that accounting has seen since the site came up. */
async function countSubmitted({ site }: Stage): Promise<number> {
  const { stdout } = await site.admin(['sacct', '-X', '-n', '-a', '-o', 'JobID', '-S', 'now-1hours'])
  return stdout.split('\n').filter((line) => line.trim() !== '').length
}

/** What sshd itself counted: accepted keys are connections, started sessions are remote commands. Floors log in too: sessions are differences. */
async function sshdLog(stage: Stage): Promise<{ readonly connections: number; readonly sessions: number }> {
  const log = await readFile(`${stage.site.logs}/sshd.log`, 'utf8')
  const ours = new Set([...log.matchAll(/^Accepted publickey for \S+ from \S+ port (\d+)/gm)].map(([, port]) => port))
  const closed = [...log.matchAll(/^(?:Disconnected from|Connection closed by).* port (\d+)/gm)].map(([, port]) => port)
  return {
    connections: new Set([...ours].filter((port) => !closed.includes(port))).size,
    sessions: [...log.matchAll(/^Starting session/gm)].length,
  }
}

function print(figures: Figures, floors: readonly Floor[]): void {
  const line = (name: string, value: string) => process.stdout.write(`${name.padEnd(36)} ${value}\n`)
  line(
    `${figures.jobs} jobs, POST to stored result`,
    `${figures.seconds.toFixed(2)} s  (${figures.jobsPerSecond.toFixed(1)} jobs/s)`,
  )
  for (const floor of floors)
    line(`  floor: ${floor.name}`, `${floor.seconds.toFixed(2)} s  ours is ${(figures.seconds / floor.seconds).toFixed(2)}x`)
  const { intent, submitted, ended, stored } = figures.lastSeconds
  line(
    '  the last was',
    `prepared at ${intent.toFixed(2)} s, submitted ${submitted.toFixed(2)} s, ended ${ended.toFixed(2)} s, stored ${stored.toFixed(2)} s`,
  )
  line(
    'end of run to end noticed',
    `median ${figures.detectionSeconds.median.toFixed(2)} s, p95 ${figures.detectionSeconds.p95.toFixed(2)} s`,
  )
  line(
    'end of run to result stored',
    `median ${figures.storedSeconds.median.toFixed(2)} s, p95 ${figures.storedSeconds.p95.toFixed(2)} s`,
  )
  line('open SSH connections', String(figures.sshConnections))
  line('remote commands', String(figures.remoteCommands))
  line(
    'scheduler commands',
    Object.entries(figures.schedulerCommands)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
  )
  for (const [service, { cpuSeconds, rssMebibytes, importFloorMebibytes }] of Object.entries(figures.services)) {
    line(
      `  ${service}`,
      `${cpuSeconds.toFixed(2)} CPU s, ${rssMebibytes.toFixed(0)} MiB (importing its drivers alone: ${importFloorMebibytes.toFixed(0)} MiB)`,
    )
  }
  line(
    'CPU of all services',
    `${Object.values(figures.services)
      .reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
      .toFixed(2)} s`,
  )
}
