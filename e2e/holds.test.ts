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
