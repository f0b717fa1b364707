import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { BatchId, type PilotShape, Resources } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoginNode, loginNode, placeOf, until } from './in-dash.ts'
import { lookArgs, readSights } from './look.ts'
import { pilotScript } from './pilot-script.ts'
import { directoryOf, placeOfBatch, spoolOf } from './place.ts'
import { readScript } from './read-script.ts'

const scheduler = schedulerFor('slurm', { root: '/unused' })
const id = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
const batch = directoryOf(placeOfBatch(id))
const SHAPE: PilotShape = { slots: 2, cores: 1, memberSeconds: 60, earlySeconds: 0, lifetimeSeconds: 300 }
const place = (digit: string, index: number) => ({ ...placeOf(digit), batch: { id, kind: 'pilot' as const, index } })
const members = ['1', '2', '3', '4'].map(place)
const folder = (index: number) => directoryOf(members[index] ?? place('9', 9))

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
  await node.write(`${spoolOf('ada')}/.here`, '')
})
afterEach(() => node.remove())

const script = (shape: Partial<PilotShape> = {}) =>
  // a pilot without anything to do ends at once here
  pilotScript(
    { ...SHAPE, ...shape },
    { root: node.root, account: 'ada', directory: `${node.root}/${batch}`, scheduler, member: Resources.parse({}) },
  ).replace(/^idle=.*$/m, 'idle=0')
async function give(index: number, job: string): Promise<void> {
  await node.write(`${folder(index)}/.crystalmath/lock`, '812.0\n')
  await node.write(`${folder(index)}/job.sh`, `${job}\necho over >ran\n: >.crystalmath/end\n`)
  await node.write(`${batch}/tickets.1/${index}`, `${folder(index)} ${members[index]?.token}\n`)
}
const fly = (shape: Partial<PilotShape> = {}, env: Readonly<Record<string, string>> = {}) =>
  node.start(script(shape), { SLURM_JOB_ID: '812', ...env })
const ran = (index: number) => node.has(`${folder(index)}/ran`)
const look = async () => readSights((await node.run(readScript('look.sh'), lookArgs(node.root, members))).stdout, '', members)

describe('a pilot', () => {
  it('lets the launcher of the batch system start the ranks of each member, not those of the allocation', async () => {
    await give(0, 'echo "$SLURM_NTASKS $SRUN_CPUS_PER_TASK $SLURM_EXACT $(printenv SLURM_MEM_PER_CPU)" >"$HOME/tasks"')
    await fly({}, { SLURM_NTASKS: '64', SLURM_MEM_PER_CPU: '100' }).over
    expect(await node.read('../tasks')).toBe('1 1 1 \n')
  })

  it('runs all its members, as many side by side as it has slots', async () => {
    for (const index of [0, 1, 2, 3]) await give(index, 'echo + >>"$HOME/log"; sleep 0.5; echo - >>"$HOME/log"')
    expect((await fly().over).exitCode).toBe(0)
    expect([0, 1, 2, 3].map(ran)).toEqual([true, true, true, true])
    expect((await node.read('../log')).replaceAll('\n', '')).toMatch(/^\+\+/)
    expect((await node.read('../log')).replaceAll('\n', '')).not.toContain('+++')
  })

  it('takes no ticket that was withdrawn, and lets none be withdrawn that it took', async () => {
    await give(0, 'true')
    await give(1, 'true')
    const withdraw = () => node.run(readScript('withdraw.sh'), [node.root, ...[0, 1].flatMap((i) => [`t${i}`, batch, i])])
    await node.write(`${batch}/decided/1`, '812.0\n')
    expect((await withdraw()).stdout).toBe('ticket t0 withdrawn\nticket t1 812.0\n')
    await fly().over
    expect([ran(0), ran(1)]).toEqual([false, false])
    expect((await look()).get(members[0]?.token ?? placeOf('1').token)).toMatchObject({ ticket: 'withdrawn' })
  })

  it('begins nobody whose time is longer than its own', async () => {
    await give(0, 'true')
    expect((await fly({ lifetimeSeconds: 50 }).over).exitCode).toBe(0)
    expect(ran(0)).toBe(false)
  })

  it('ends a member whose time is over, or that is wanted no more, with all its programs, and goes on with the next', async () => {
    await give(0, 'trap "" USR1; sleep 77 & echo $! >child; wait')
    await give(1, 'true')
    expect((await fly({ slots: 1, memberSeconds: 1 }).over).exitCode).toBe(0)
    expect(node.has(`${folder(0)}/.crystalmath/timeout`)).toBe(true)
    expect([ran(0), ran(1)]).toEqual([false, true])
    const child = (await node.read(`${folder(0)}/child`)).trim()
    const { stdout } = await node.run(`ps -o stat= -p ${child} || :`)
    expect(stdout).toMatch(/^(Z.*\n)?$/)
  })

  it('speaks for a member that was killed, and for no other', async () => {
    await give(0, 'kill -9 $$')
    await fly().over
    expect((await look()).get(members[0]?.token ?? placeOf('1').token)?.end).toMatchObject({
      owner: '812.0',
      exitCode: 137,
      cause: 'killed',
    })
    expect(await node.read(`${spoolOf('ada')}/${members[0]?.token}.end`)).toContain('cause killed')
  })

  it('begins nothing more once it is warned, and lets its members end', async () => {
    await give(0, 'sleep 1')
    const flying = fly({ slots: 1 })
    await until('the first member to run', () => node.has(`${batch}/decided/0`))
    await give(1, 'true')
    flying.signal('SIGUSR1')
    expect((await flying.over).exitCode).toBe(0)
    expect([ran(0), ran(1)]).toEqual([true, false])
  })

  it('ends its members when it is ended', async () => {
    await give(0, 'trap "echo told >told; exit 143" TERM; sleep 77 & wait')
    const flying = fly()
    await until('the member to run', () => node.has(`${batch}/decided/0`))
    flying.signal('SIGTERM')
    expect((await flying.over).exitCode).toBe(143)
    expect(ran(0)).toBe(false)
  })

  it('is not begun again under the same id', async () => {
    await give(0, 'true')
    expect((await fly({}, { SLURM_RESTART_COUNT: '1' }).over).exitCode).toBe(76)
    expect(ran(0)).toBe(false)
  })

  const linter = ['/usr/bin/shellcheck', '/usr/local/bin/shellcheck'].find(existsSync)
  it.skipIf(linter === undefined)('pleases shellcheck', () => {
    const { stdout } = spawnSync(linter ?? '', ['-s', 'sh', '-S', 'warning', '-'], { input: script(), encoding: 'utf8' })
    expect(stdout).toBe('')
  })
})
