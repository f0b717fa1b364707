import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { openBus } from '@crystalmath/bus'
import type { JobView } from '@crystalmath/contract'
import { openLongWay, type Testbed } from '@crystalmath/testbed'
import type { Fault } from './faults.ts'
import { ledgerScript } from './ledger.ts'
import { type Stage, scriptJob, standing, TWO_OF_EACH } from './stage.ts'

const firstRunning = (jobs: readonly JobView[]): string => {
  const job = jobs.find(({ status, nativeId }) => status === 'running' && nativeId !== null)
  if (job?.nativeId == null) throw new Error('no job is running')
  return job.nativeId
}
const few =
  (count: number, script: string, more: Parameters<typeof scriptJob>[2] = {}) =>
  (stage: Stage) =>
    Array.from({ length: count }, () => scriptJob(stage, script, more))
const run = promisify(execFile)
const idOf = async ({ user }: Testbed): Promise<string> => (await run('id', ['-u', user])).stdout.trim()
const each = (jobs: readonly JobView[], wrong: (job: JobView) => string | null): readonly string[] =>
  jobs.flatMap((job) => wrong(job) ?? [])

/** As an administrator does: a node that refuses an id which it knows from before the controller lost its state is drained, and somebody resumes it. */
async function resumeDrained({ site }: Stage): Promise<void> {
  const { stdout } = await site.admin(['sinfo', '-h', '-N', '-t', 'drain,down', '-o', '%N'])
  for (const node of new Set(stdout.split('\n').filter((one) => one !== '')))
    await site.admin(['scontrol', 'update', `nodename=${node}`, 'state=resume'])
}

/** Of Debian's package faketime. */
const FAKE_CLOCK = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`

/** Real faults of real sites. Seconds are scaled down from the minutes that they take there, together with every grace. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'slurmctld away',
    // more than run at once: what is in the queue waits for the controller
    jobs: few(24, ledgerScript(4)),
    inject: ({ site }) => site.stop('slurmctld'),
    seconds: 25,
    heal: ({ site }) => site.start('slurmctld'),
    waits: ['SCHEDULER_DOWN', 'SUBMIT_ANSWER'],
    isQuick: true,
  },
  ...[false, true].map(
    (isSeen): Fault => ({
      name: `slurmctld is away before anything is sent${isSeen ? ', and the doctor sees it so' : ''}`,
      prepare: async ({ site, client, cluster }) => {
        await site.stop('slurmctld')
        if (isSeen) await client.checkCluster(cluster)
      },
      jobs: few(6, ledgerScript(1)),
      heal: ({ site }) => site.start('slurmctld'),
      waits: ['SCHEDULER_DOWN'],
    }),
  ),
  {
    name: 'slurmctld loses its state; ids start again at 1',
    inject: ({ site }) => site.loseState(),
    explains: true,
    limitSeconds: 200,
  },
  {
    name: 'slurmctld away for 60 s, and back without its state',
    // more than run at once: what waits in the queue waits for the controller, and is lost with its state; what runs goes on writing
    jobs: (stage) => [...few(4, ledgerScript(75))(stage), ...few(20, ledgerScript(8))(stage)],
    inject: ({ site }) => site.stop('slurmctld'),
    seconds: 60,
    heal: ({ site }) => site.loseState(),
    meanwhile: resumeDrained,
    waits: ['SCHEDULER_DOWN', 'SUBMIT_ANSWER'],
    explains: true,
    limitSeconds: 400,
  },
  {
    name: 'slurmdbd away',
    inject: ({ site }) => site.stop('slurmdbd'),
    seconds: 15,
    heal: ({ site }) => site.start('slurmdbd'),
    jobs: (stage) => [
      ...few(6, ledgerScript(2))(stage),
      ...few(2, ledgerScript(1, 'exit 3'), { recovery: { strategy: 'FAIL_FAST' } })(stage),
    ],
    mayFail: ({ exitCode }) => exitCode === 3,
    check: (jobs) =>
      each(jobs.slice(6), ({ status, exitCode }) =>
        status === 'failed' && exitCode === 3 ? null : `a script that ends with 3 is ${status}, exit code ${exitCode}`,
      ),
  },
  { name: 'no accounting, finished jobs forgotten after 5 s', site: { accounting: false, minJobAgeSeconds: 5 }, isQuick: true },
  {
    name: 'sshd away',
    inject: ({ site }) => site.stop('sshd'),
    seconds: 20,
    heal: ({ site }) => site.start('sshd'),
    waits: ['SSH_DOWN'],
    isQuick: true,
  },
  { name: 'three sessions per connection', site: { maxSessions: 3 } },
  {
    name: 'the link is cut without a word',
    inject: ({ site }) => site.breakLink('silent'),
    seconds: 180,
    heal: ({ site }) => site.healLink(),
    waits: ['SSH_DOWN', 'SCHEDULER_DOWN', 'SUBMIT_ANSWER'],
  },
  {
    name: 'the link is reset',
    inject: ({ site }) => site.breakLink('reset'),
    seconds: 20,
    heal: ({ site }) => site.healLink(),
    waits: ['SSH_DOWN'],
  },
  {
    name: 'five jobs at once are allowed, twenty wait',
    site: { maxSubmitJobs: 5 },
    jobs: few(20, ledgerScript(1)),
    waits: ['QUOTA', 'QUEUE_FULL'],
    limitSeconds: 200,
    isQuick: true,
  },
  {
    name: 'sbatch answers too late, but queued the job',
    settings: { UNANSWERED_SECONDS: '3' },
    prepare: async ({ site }) => void (await site.wrap('sbatch', { holdAnswerSeconds: 40, times: 2 })),
    jobs: few(4, ledgerScript(2)),
    waits: ['SUBMIT_ANSWER'],
    limitSeconds: 300,
  },
  {
    name: 'a node dies under its jobs',
    jobs: few(6, ledgerScript(6)),
    inject: async ({ site }) => {
      await site.killNode('c1')
      await pause(2_000)
      await site.admin(['scontrol', 'update', 'nodename=c1', 'state=down', 'reason=test'])
    },
    seconds: 5,
    heal: async ({ site }) => {
      await site.startNode('c1').catch(() => undefined)
      await site.admin(['scontrol', 'update', 'nodename=c1', 'state=resume'])
    },
    explains: true,
    limitSeconds: 240,
  },
  {
    name: 'a node is lost, and the processes on it go on writing',
    jobs: few(6, ledgerScript(12)),
    inject: async ({ site }) => {
      await site.killNode('c1', { jobsGoOn: true })
      await site.admin(['scontrol', 'update', 'nodename=c1', 'state=down', 'reason=test'])
    },
    seconds: 5,
    heal: async ({ site }) => {
      await site.startNode('c1').catch(() => undefined)
      await site.admin(['scontrol', 'update', 'nodename=c1', 'state=resume'])
    },
    explains: true,
    limitSeconds: 240,
  },
  {
    name: 'an administrator requeues a running job',
    jobs: few(4, ledgerScript(8)),
    // ours are sent as not to be requeued: whoever wants it all the same says so first
    inject: async ({ site }, jobs) => {
      const id = firstRunning(jobs)
      await site.admin(['scontrol', 'update', `jobid=${id}`, 'requeue=1'])
      await site.admin(['scontrol', 'requeue', id])
    },
    check: (jobs) => (jobs.some(({ attempt }) => attempt > 1) ? [] : ['nothing was requeued']),
    explains: true,
    limitSeconds: 300,
  },
  {
    name: 'an administrator cancels a running job',
    jobs: few(4, ledgerScript(8)),
    inject: async ({ site }, jobs) => void (await site.admin(['scancel', firstRunning(jobs)])),
    explains: true,
    mayFail: ({ ending }) => ending === 'CANCELLED',
    check: (jobs) =>
      jobs.some(({ ending, past }) => ending === 'CANCELLED' || past.some((one) => one.ending === 'CANCELLED'))
        ? []
        : ['no attempt is called CANCELLED'],
  },
  {
    name: 'a run needs more memory than it has',
    jobs: (stage) => [
      ...few(2, ledgerScript(1))(stage),
      scriptJob(stage, 'exec /usr/bin/python3 -c "import time; x = bytearray(400 * 1024 * 1024); time.sleep(8)"\n', {
        resources: { memoryMebibytes: 60, walltimeSeconds: 120 },
        recovery: { strategy: 'FAIL_FAST' },
      }),
    ],
    mayFail: ({ exitCode, ending }) => exitCode !== 0 || ending === 'OUT_OF_MEMORY',
    check: (jobs) =>
      each(jobs.slice(2), ({ status, diagnosis }) => (status === 'failed' ? null : `it is ${status}, ${diagnosis}`)),
  },
  {
    name: 'a run reaches its wall clock',
    jobs: (stage) => [
      scriptJob(stage, 'sleep 200\n', {
        resources: { memoryMebibytes: 60, walltimeSeconds: 60 },
        recovery: { strategy: 'FAIL_FAST' },
      }),
    ],
    mayFail: ({ ending }) => ending === 'TIMEOUT',
    check: (jobs) =>
      each(jobs, ({ diagnosis, ending }) => (diagnosis === 'OUT_OF_WALLTIME' ? null : `it is called ${ending}, ${diagnosis}`)),
    limitSeconds: 200,
  },
  {
    name: 'noise at every login, on both streams',
    site: { loginNoise: 'Welcome to the cluster!\nclaim submitted 99999\n> not a sentinel\n' },
    isQuick: true,
  },
  {
    name: 'the stream of news is purged in mid-campaign',
    inject: async ({ platform }) => {
      const bus = await openBus({ url: platform.servers.nats.url, name: 'purge' })
      await bus.manager.streams.purge(bus.names.jobs)
      await bus.close()
    },
    isQuick: true,
  },
  {
    name: 'the disk of the cluster is full',
    furnish: async (site) => {
      const root = `${site.home}/crystalmath`
      await run('mkdir', ['-p', root])
      await run('mount', ['-t', 'tmpfs', '-o', `size=160m,mode=700,uid=${await idOf(site)}`, 'tmpfs', root])
      return async () => void (await run('umount', ['-l', root]))
    },
    prepare: async ({ site }) => void (await site.login('cat /dev/zero >"$HOME/crystalmath/filler" 2>/dev/null || :')),
    jobs: few(6, ledgerScript(1)),
    heal: async ({ site }) => void (await site.login('rm "$HOME/crystalmath/filler"')),
    waits: ['DISK_FULL'],
  },
  {
    name: 'jobs of a low class are preempted',
    site: { preemption: 'REQUEUE' },
    jobs: few(4, ledgerScript(8), { resources: { qos: 'low', walltimeSeconds: 300, memoryMebibytes: 64 } }),
    inject: async ({ site }) =>
      void (await site.login("cd /tmp && sbatch --qos=high --exclusive -N 2 --output=/dev/null --wrap 'sleep 5'")),
    explains: true,
    limitSeconds: 240,
    check: (jobs) =>
      jobs.some(({ ending, past }) => ending === 'PREEMPTED' || past.some((one) => one.ending === 'PREEMPTED'))
        ? []
        : [`no attempt is called PREEMPTED: ${jobs.map(({ past }) => past.map(({ ending }) => ending).join(' ')).join('; ')}`],
  },
  {
    name: 'five packets of a hundred are lost',
    prepare: ({ site }) => site.breakLink('lossy'),
    seconds: 20,
    heal: ({ site }) => site.healLink(),
  },
  {
    name: 'two hundred milliseconds away, and five packets of a hundred are lost',
    way: (site) => openLongWay({ port: site.port, delayMs: 100, lossPercent: 5 }),
    limitSeconds: 240,
  },
  {
    name: 'the clock of the cluster is 90 s ahead',
    // the same to every comparison: all of the platform's processes are 90 s behind, those of the cluster and its files are right
    settings: { LD_PRELOAD: FAKE_CLOCK, FAKETIME: '-90s', FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' },
    clockOffsetSeconds: 90,
    jobs: (stage) => [
      ...few(6, ledgerScript(2))(stage),
      ...few(2, ledgerScript(1, 'exit 3'), { recovery: { strategy: 'FAIL_FAST' } })(stage),
    ],
    mayFail: ({ exitCode }) => exitCode === 3,
    check: (jobs) =>
      each(jobs, ({ createdAt, evidence }) =>
        Date.parse(createdAt) < Date.now() - 80_000 ? null : `the platform's clock is right: ${createdAt}, ${evidence.said}`,
      ),
  },
  {
    name: 'the clock of the cluster is 90 s behind',
    settings: { LD_PRELOAD: FAKE_CLOCK, FAKETIME: '+90s', FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' },
    clockOffsetSeconds: -90,
    prepare: async ({ site }) => void (await site.wrap('sbatch', { holdAnswerSeconds: 40, times: 1 })),
    jobs: few(4, ledgerScript(2)),
    limitSeconds: 300,
  },
  {
    name: 'the first replica of every service stands still for 90 s',
    replicas: TWO_OF_EACH,
    isAsShipped: true,
    // few at once: something is staged, claimed, listed and read all the while, before the pause, during and after it
    site: { maxSubmitJobs: 10 },
    jobs: few(80, ledgerScript(6)),
    inject: async ({ platform }) => {
      for (const service of standing(platform)) service.signal('SIGSTOP')
    },
    seconds: 90,
    heal: async ({ platform }) => {
      for (const service of standing(platform)) service.signal('SIGCONT')
    },
    limitSeconds: 400,
  },
  {
    name: 'a maintenance that jobs would reach into',
    prepare: async ({ site }) =>
      void (await site.admin([
        ...['scontrol', 'create', 'reservation', 'reservationname=m', 'starttime=now+100', 'duration=60'],
        ...['users=root', 'flags=maint,ignore_jobs', 'nodes=ALL'],
      ])),
    jobs: few(4, ledgerScript(1)),
    heal: async ({ site }) => void (await site.admin(['scontrol', 'delete', 'reservationname=m'])),
    waits: ['MAINTENANCE'],
  },
]
