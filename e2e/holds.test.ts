import { spawnSync } from 'node:child_process'
import { openBus } from '@crystalmath/bus'
import { type ClusterSpecInput, isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'holds', environment: process.env })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

const until = (id: JobView['id'], isSo: (job: JobView) => boolean) =>
  waitUntil(
    async () => {
      const job = await stage.client.job(id)
      return isSo(job) ? job : null
    },
    { timeoutMs: 60_000 },
  )
const reasonOf = async (job: JobView | null): Promise<string> =>
  (await stage.site.admin(['squeue', '-h', '-j', job?.nativeId ?? '', '-o', '%T %r'])).stdout.trim()

describe('a hold on a job that is pending in the queue', () => {
  it('is the scheduler’s own: the job does not run when its turn comes, but after its release', async () => {
    const { client, site } = stage
    await site.login("cd /tmp && sbatch --exclusive -N 2 --job-name=blocker --output=/dev/null --wrap 'sleep 200'")
    await waitUntil(async () => (await site.admin(['squeue', '-h', '-n', 'blocker', '-o', '%T'])).stdout.trim() === 'RUNNING')
    const { jobs } = await client.submitMany([scriptJob(stage, ledgerScript(1))])
    const id = jobs[0]?.id
    if (id === undefined) throw new Error('nothing was made')
    const pending = await until(id, ({ status }) => status === 'pending')
    expect(await client.hold(id, { reason: 'wrong cell' })).toMatchObject({ status: 'pending', held: true })
    await waitUntil(async () => /PENDING JobHeldUser/.test(await reasonOf(pending)), { timeoutMs: 30_000 })

    await site.login('scancel --name=blocker')
    await waitUntil(async () => (await site.admin(['squeue', '-h', '-t', 'running', '-o', '%i'])).stdout === '', {
      timeoutMs: 30_000,
    })
    expect(await reasonOf(pending)).toBe('PENDING JobHeldUser')
    expect(await readLedger(site)).toEqual([])

    expect(await client.release(id)).toMatchObject({ held: false })
    expect(await until(id, ({ status }) => isOver(status))).toMatchObject({ status: 'completed', attempt: 1 })
    expect(await readLedger(site)).toHaveLength(2)
  }, 200_000)
})

describe('a cluster that cannot work', () => {
  it.each([
    ['no sshd there', { ssh: { port: 1 } }, /REACHABILITY/],
    ['a key that is not there', { ssh: { key: 'none' } }, /private key/],
    [
      'a host that shows another key',
      { ssh: { hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ'] } },
      /host key/,
    ],
    ['a root that cannot be made', { root: '/proc/nowhere' }, /ROOT: \/proc\/nowhere cannot be made/],
    ['a scheduler that is not there', { scheduler: 'pbs' }, /SCHEDULER: pbs does not answer/],
    ['a partition that is not there', { defaults: { partition: 'nowhere' } }, /there is no partition "nowhere"/],
  ] as const)('is refused with the finding and its mend, and not stored: %s', async (_, wrong, because) => {
    const { spec } = await stage.client.cluster(stage.cluster)
    const { ssh, ...rest } = wrong as Partial<ClusterSpecInput>
    const refused = await stage.client
      .saveCluster({ ...spec, name: 'sick', ...rest, ssh: { ...spec.ssh, ...ssh } } as ClusterSpecInput)
      .catch((error: unknown) => error)
    expect(String(refused)).toMatch(because)
    await expect(stage.client.cluster('sick')).rejects.toThrow(/no cluster/)
  })
})

describe('a message that no service can handle', () => {
  it('is a dead letter: listed, counted, shown with its cause, and sent again by API and command line', async () => {
    const { client, platform, cluster } = stage
    const bus = await openBus({ url: platform.servers.nats.url, name: 'garbage' })
    const before = (await client.deadLetters()).map(({ sequence }) => sequence)
    const fresh = async () => (await client.deadLetters()).filter(({ sequence }) => !before.includes(sequence))
    const count = async () =>
      Number(
        /^crystalmath_dead_letters\{service="gateway"\} (\d+)$/m.exec(await (await fetch(`${platform.url}/metrics`)).text())?.[1],
      )
    bus.connection.publish(`crystalmath.job.state.ended.${cluster}`, '{"no":"event"}')
    const letter = await waitUntil(async () => (await fresh()).find(({ consumer }) => consumer === 'parser') ?? null)
    expect(letter).toMatchObject({ consumer: 'parser', because: expect.stringContaining('not an event') })
    await waitUntil(async () => (await count()) > before.length, { timeoutMs: 40_000 })

    await client.resendDeadLetter(letter?.sequence ?? 0)
    // its cause is not mended: it is a new letter, and the old one is gone
    const again = await waitUntil(
      async () => (await fresh()).find((one) => one.consumer === 'parser' && one.sequence !== letter?.sequence) ?? null,
    )
    await bus.close()
    const cli = (...words: string[]) => {
      const argv = ['apps/cli/bin/crystalmath', ...words, '--url', platform.url, '--token', platform.token]
      const { stdout, stderr, status } = spawnSync('sh', argv, { encoding: 'utf8' })
      return { status, said: stdout + stderr }
    }
    const number = String(again?.sequence)
    expect(cli('dead-letters', 'list')).toMatchObject({ status: 0, said: expect.stringContaining('not an event') })
    expect(cli('dead-letters', 'show', number)).toMatchObject({ status: 0, said: expect.stringContaining('"no": "event"') })
    expect(cli('dead-letters', 'resend', number)).toMatchObject({ status: 0, said: expect.stringContaining('on its way again') })
  }, 120_000)
})
