import { readdirSync, readlinkSync } from 'node:fs'
import { silicon } from '@crystalmath/cli/demo'
import type { JobRequestInput, JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage, scriptJob } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({
    name: 'setup',
    environment: process.env,
    // silence is remarked after seconds, by the same rule
    settings: { PULSE_SECONDS: '0.5', QUIET_SECONDS: '2' },
  })
}, 120_000)
afterAll(() => stage?.close())

const until = (id: JobView['id'], isSo: (job: JobView) => boolean, timeoutMs = 90_000) =>
  waitUntil(
    async () => {
      const job = await stage.client.job(id)
      return isSo(job) ? job : null
    },
    { timeoutMs, onTimeout: async () => JSON.stringify(await stage.client.job(id)) },
  )
const isOver = ({ status }: JobView) => status === 'completed' || status === 'failed'
const textOf = async (id: JobView['id'], path: string) => new TextDecoder().decode(await stage.client.file(id, path))

describe('a set-up script through Slurm', () => {
  it('runs before the code in the job`s folder, and its output is kept', async () => {
    const setUp = 'echo "made for $(pwd | grep -c .) folder"\necho prepared > greeting'
    const { id } = await stage.client.submit(scriptJob(stage, 'cat greeting; echo and run', { setUp }))
    expect(await until(id, isOver)).toMatchObject({ status: 'completed', attempt: 1 })
    expect(await textOf(id, 'own-set-up.out')).toBe('made for 1 folder\n')
  }, 120_000)

  it('is refused with its line where it reaches out, and nothing is made', async () => {
    const job = scriptJob(stage, 'true', { setUp: 'echo first\ncurl http://example.org/x', labels: { series: 'refused' } })
    await expect(stage.client.submit(job)).rejects.toMatchObject({
      problem: {
        status: 422,
        errors: [
          {
            path: 'setUp',
            value: 'curl http://example.org/x',
            message: 'line 2 of the set-up script reaches other machines',
            mend: 'send what it needs in extraFiles',
          },
        ],
      },
    })
    expect((await stage.client.jobs({ label: 'series=refused' })).items).toEqual([])
  })

  it('ends the job where it fails, before the code begins, and its last words are shown', async () => {
    const recovery: JobRequestInput['recovery'] = { strategy: 'FAIL_FAST' }
    const setUp = 'echo "table.dat has no column for uranium"\nexit 3'
    const { id } = await stage.client.submit(scriptJob(stage, 'echo never > ran', { setUp, recovery }))
    const failed = await until(id, isOver)
    expect(failed).toMatchObject({ status: 'failed', attempt: 1, exitCode: 1 })
    expect(await textOf(id, 'own-set-up.out')).toContain('no column for uranium')
    expect(failed?.verdict).toMatch(
      /job\.err.*: the set-up script of the job ended with status 3: table\.dat has no column for uranium/,
    )
  }, 120_000)
})

const siliconJob = (parameters: object, resources: JobRequestInput['resources']): JobRequestInput => ({
  ...{ project: stage.project, cluster: stage.cluster, code: 'quantum-espresso', structure: silicon(5.4) },
  parameters: { cutoffRydberg: 12, kMesh: [1, 1, 1], smearing: null, pseudopotentials: { Si: 'Si.pz-vbc.UPF' }, ...parameters },
  resources,
})

describe('resources that nobody named', () => {
  it('are cut to the partition, go to Slurm, and suffice', async () => {
    const { id } = await stage.client.submit(siliconJob({}, {}))
    const over = await until(id, isOver)
    expect(over).toMatchObject({
      status: 'completed',
      attempt: 1,
      resources: { ranks: 1, memoryMebibytes: 512, walltimeSeconds: 600 },
    })
    expect(over?.estimate?.because.join('\n')).toMatch(/cut to the 10 min that the partition allows/)
  }, 120_000)
})

/** Processes of one job on this machine's pretended nodes. */
const processesOf = (id: JobView['id'], program: string): readonly number[] =>
  readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const [cwd, exe] = [readlinkSync(`/proc/${pid}/cwd`), readlinkSync(`/proc/${pid}/exe`)]
      return cwd.includes(id) && exe.endsWith(program) ? [Number(pid)] : []
    } catch {
      return [] // gone, or another's
    }
  })

describe('a run that falls silent', () => {
  it('is remarked with its pace, goes on being `running`, and is taken back when it writes again', async () => {
    const steady = scriptJob(stage, 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo step $i; sleep 2; done')
    const slow = await stage.client.submit(steady)
    const { id } = await stage.client.submit(
      siliconJob({ calculation: 'md', control: { nstep: 20_000 }, system: { nosym: true } }, { walltimeSeconds: 600 }),
    )
    await until(id, ({ status }) => status === 'running')
    const pids = await waitUntil(
      async () => {
        const found = processesOf(id, 'pw.x')
        return found.length > 0 ? found : null
      },
      { timeoutMs: 30_000 },
    )
    await new Promise((resolve) => setTimeout(resolve, 15_000))
    expect((await stage.client.job(id)).waitingFor).toBeNull()
    for (const pid of pids ?? []) process.kill(pid, 'SIGSTOP')
    const quiet = await until(id, ({ waitingFor }) => waitingFor?.kind === 'QUIET', 200_000)
    expect(quiet).toMatchObject({
      status: 'running',
      waitingFor: { because: expect.stringMatching(/none of its files has changed/) },
    })
    for (const pid of pids ?? []) process.kill(pid, 'SIGCONT')
    expect(await until(id, ({ waitingFor }) => waitingFor === null)).toMatchObject({ status: 'running' })
    await stage.client.cancel(id)
    await until(id, ({ status }) => status === 'cancelled')
    const steadyNow = await until(slow.id, isOver)
    expect(steadyNow).toMatchObject({ status: 'completed', attempt: 1 })
    expect(JSON.stringify(await stage.client.events(slow.id))).not.toContain('QUIET')
  }, 400_000)
})
