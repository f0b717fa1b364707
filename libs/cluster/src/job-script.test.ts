import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { BatchId, type ClusterCode, type Preparation, Resources } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handPilotScript } from './hand-pilots.ts'
import { type LoginNode, loginNode, placeOf, until } from './in-dash.ts'
import { jobScript } from './job-script.ts'
import { feedScript, pilotScript } from './pilot-script.ts'
import { directoryOf } from './place.ts'
import { readEnd, readStart } from './sentinels.ts'
import type { StagedAttempt } from './site.ts'

const scheduler = schedulerFor('slurm', { root: '/unused' })
const place = placeOf('1', 2)
const directory = directoryOf(place)
const code: ClusterCode = { setUp: '', executables: {}, launcher: 'launch {ranks} {threads} {nodes}' }

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
  await node.write('.spool/alice/done/.keep', '')
})
afterEach(() => node.remove())

const preparation = (parts: Partial<Preparation> = {}): Preparation => ({
  files: [],
  clusterFiles: [],
  steps: [{ program: 'compute', args: ['-in', "a 'b'"], stdin: null, stdout: 'out', parallel: false }],
  stopFile: null,
  keep: ['out', '*.xml'],
  parse: '.',
  warnings: [],
  ...parts,
})

/** Puts the job's folder there as the claim leaves it. */
async function lay(
  parts: Partial<Preparation> = {},
  more: Partial<StagedAttempt> & { readonly code2?: ClusterCode } = {},
): Promise<string> {
  const { code2 = code, ...rest } = more
  const attempt: StagedAttempt = {
    place,
    nonce: 'n1',
    code: 'script',
    preparation: preparation(parts),
    resources: Resources.parse({ ranks: 4, threadsPerRank: 2 }),
    jobName: 'a job',
    copies: [],
    ...rest,
  }
  const text = jobScript(attempt, { root: node.root, account: 'alice', scheduler, code: code2 })
  await node.write(`${directory}/in`, 'input\n')
  await node.write(`${directory}/manifest.sha256`, `${createHash('sha256').update('input\n').digest('hex')}  in\n`)
  await node.write(`${directory}/.crystalmath/claim.1/out`, '812\n')
  return text
}

const as = (id: string, restarts = '0') => ({ SLURM_JOB_ID: id, SLURM_RESTART_COUNT: restarts, SLURMD_NODENAME: 'c7' })
const run = async (text: string, env: Readonly<Record<string, string>> = as('812')) => node.start(text, env).over
const linesOf = async (path: string) => (await node.read(path)).split('\n')
const endOf = async () => readEnd(await linesOf(`${directory}/.crystalmath/end`))
const spool = () =>
  readdirSync(`${node.root}/.spool/alice`)
    .filter((name) => name !== 'done')
    .sort()

describe('job.sh', () => {
  it('puts standard error where a step wants it: into the file of its output, or into one of its own', async () => {
    const step = { program: 'compute', args: [], stdin: null, stdout: 'out', parallel: false }
    const text = await lay({ steps: [{ ...step, stderr: 'out' }, { ...step, stderr: 'err' }, step] })
    expect(text).toMatch(/compute <\/dev\/null >'?out'? 2>&1 \|\| return/)
    expect(text).toMatch(/compute <\/dev\/null >'?out'? 2>'?err'? \|\| return/)
    expect(text).toMatch(/compute <\/dev\/null >'?out'? \|\| return/)
  })

  it('runs the programs, and tells start and end with what is worth keeping', async () => {
    await node.command('compute', 'printf "%s|" "$@"; echo "$OMP_NUM_THREADS"; echo x >a.xml')
    expect((await run(await lay())).exitCode).toBe(0)
    expect(await node.read(`${directory}/out`)).toBe("-in|a 'b'|2\n")
    const start = readStart(await linesOf(`${directory}/.crystalmath/start`))
    const end = await endOf()
    expect(start).toMatchObject({ owner: '812.0', host: 'c7' })
    expect(end).toMatchObject({ owner: '812.0', host: 'c7', exitCode: 0, cause: 'exit' })
    expect(end?.files).toEqual([
      { path: 'out', size: 12 },
      { path: 'a.xml', size: 2 },
    ])
    expect((end?.atSeconds ?? 0) - (start?.atSeconds ?? 0)).toBeGreaterThanOrEqual(-0.02)
    expect(Math.abs((end?.atSeconds ?? 0) - Date.now() / 1_000)).toBeLessThan(5)
    expect(spool()).toEqual([`${place.token}.end`, `${place.token}.start`])
  })

  it('ends with the first program that fails, and its code', async () => {
    await node.command('compute', 'exit 7')
    await node.command('later', 'echo it ran')
    const steps = [...preparation().steps, { program: 'later', args: [], stdin: null, stdout: 'later.out', parallel: false }]
    expect((await run(await lay({ steps }))).exitCode).toBe(7)
    expect(await endOf()).toMatchObject({ exitCode: 7, cause: 'exit' })
    expect(node.has(`${directory}/later.out`)).toBe(false)
  })

  it('brings files of the cluster itself as a member of a batch, and names the one that is missing or changed', async () => {
    await node.command('compute', 'cat pseudo/Si.UPF')
    const batch = { id: BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000'), kind: 'array', index: 0 } as const
    const from = `${node.root}/Si.UPF`
    const wanted = (md5: string | null) => ({ clusterFiles: [{ from, to: 'pseudo/Si.UPF', md5 }] })
    const member = { place: { ...place, batch } }
    const missing = await run(await lay(wanted(null), member))
    expect(missing).toMatchObject({
      exitCode: 66,
      stderr: expect.stringMatching(/^crystalmath: INVALID no readable file .*Si\.UPF on the cluster \(for pseudo\/Si\.UPF\)$/m),
    })
    expect(await endOf()).toMatchObject({ exitCode: 66, cause: 'inputs' })
    await node.run(`rm -r ${node.root}/${directory}/.crystalmath`)
    await node.write('Si.UPF', 'silicon')
    const changed = await run(await lay(wanted('0'.repeat(32)), member))
    expect(changed).toMatchObject({
      exitCode: 66,
      stderr: expect.stringMatching(/^crystalmath: INVALID changed since they were registered: .*Si\.UPF$/m),
    })
    await node.run(`rm -r ${node.root}/${directory}/.crystalmath`)
    expect(await run(await lay(wanted(null), member))).toMatchObject({ exitCode: 0 })
    expect(await node.read(`${directory}/out`)).toBe('silicon')
  })

  it('puts the launcher before parallel programs and feeds their input', async () => {
    await node.command('launch', 'echo "$*"; cat')
    const steps = [{ program: 'pw.x', args: [], stdin: 'in', stdout: 'out', parallel: true }]
    await run(await lay({ steps }, { code2: { ...code, executables: { 'pw.x': '/opt/qe/pw.x -nk 2' } } }))
    expect(await node.read(`${directory}/out`)).toBe('4 2 1 /opt/qe/pw.x -nk 2\ninput\n')
  })

  it('survives a set-up with a mistake in it, and says so', async () => {
    await node.write(`${directory}/set-up.sh`, 'if then fi (\n')
    const { stderr } = await run(await lay({}, { code2: { ...code, setUp: 'if then fi (' } }))
    expect(await endOf()).toMatchObject({ exitCode: 2, cause: 'exit' })
    expect(stderr).toContain('set-up.sh')
  })

  it('runs once: a second job of the same attempt leaves with 75 and changes nothing', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    const text = await lay()
    await run(text, as('812'))
    expect((await run(text, as('813'))).exitCode).toBe(75)
    expect(await node.read('../ran')).toBe('x\n')
    expect(await endOf()).toMatchObject({ owner: '812.0' })
    expect(spool()).toContain(`${place.token}.813.0.duplicate`)
    expect(node.has(`${directory}/.crystalmath/duplicate.813.0`)).toBe(true)
  })

  it('runs once where many begin at the same time', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    const text = await lay()
    const codes = await Promise.all(['1', '2', '3', '4', '5', '6'].map(async (id) => (await run(text, as(id))).exitCode))
    expect(codes.filter((one) => one === 0)).toHaveLength(1)
    expect(codes.filter((one) => one === 75)).toHaveLength(5)
    expect(await node.read('../ran')).toBe('x\n')
  })

  it('leaves with 76 where the batch system started the same job again', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    const text = await lay()
    await run(text, as('812', '0'))
    expect((await run(text, as('812', '1'))).exitCode).toBe(76)
    expect(await node.read('../ran')).toBe('x\n')
    expect(spool()).toContain(`${place.token}.812.1.requeued`)
  })

  it('runs when it was started again before it had ever begun', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    expect((await run(await lay(), as('812', '1'))).exitCode).toBe(0)
    expect(await endOf()).toMatchObject({ owner: '812.1', exitCode: 0 })
  })

  it('does not run without an id of the batch system, for two of them would take each other for themselves', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    expect((await run(await lay(), {})).exitCode).toBe(78)
    expect(node.has('../ran')).toBe(false)
    expect(node.has(`${directory}/.crystalmath/lock`)).toBe(false)
  })

  it('computes nothing with inputs that are not those that were sent', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    const text = await lay()
    await node.write(`${directory}/in`, 'torn')
    const { exitCode, stderr } = await run(text)
    expect(exitCode).toBe(66)
    expect(stderr).toContain('in: FAILED')
    expect(await endOf()).toMatchObject({ exitCode: 66, cause: 'inputs' })
    expect(node.has('../ran')).toBe(false)
  })

  it('computes nothing after a cancel file', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    const text = await lay()
    await node.write(`${directory}/.crystalmath/cancel`, '')
    expect((await run(text)).exitCode).toBe(143)
    expect(await endOf()).toMatchObject({ cause: 'cancelled' })
    expect(node.has('../ran')).toBe(false)
    expect(node.has(`${directory}/.crystalmath/start`)).toBe(false)
  })

  it('copies what an earlier attempt left', async () => {
    await node.write(`${directory.replace(/2$/, '1')}/tmp/si.save/charge`, 'density')
    await node.command('compute', 'cat tmp/si.save/charge')
    await run(await lay({}, { copies: [{ fromAttempt: 1, from: 'tmp/si.save', to: 'tmp/si.save' }] }))
    expect(await node.read(`${directory}/out`)).toBe('density')
    expect(node.has(`${directory.replace(/2$/, '1')}/tmp/si.save/charge`)).toBe(true)
  })

  it('computes nothing where what it should copy is gone', async () => {
    await node.command('compute', 'echo x >>"$HOME/ran"')
    await run(await lay({}, { copies: [{ fromAttempt: 1, from: 'WAVECAR', to: 'WAVECAR' }] }))
    expect(await endOf()).toMatchObject({ cause: 'inputs' })
    expect(node.has('../ran')).toBe(false)
  })

  it('keeps no pseudopotential', async () => {
    await node.command('compute', 'echo p >POTCAR; echo p >POT_GGA.xml; echo p >potcar.bz2.xml; echo r >vasprun.xml')
    await run(await lay())
    expect((await endOf())?.files.map(({ path }) => path)).toEqual(['out', 'vasprun.xml'])
  })

  it('goes on where the spool is gone', async () => {
    await node.command('compute', 'true')
    const text = await lay()
    await node.run('rm -r "$1"', [`${node.root}/.spool`])
    expect((await run(text)).exitCode).toBe(0)
    expect(await endOf()).toMatchObject({ exitCode: 0 })
  })
})

describe('a signal', () => {
  const begin = async (parts: Partial<Preparation>) => {
    const running = node.start(await lay(parts), as('812'))
    await until('the program to run', () => node.has('../runs'))
    return running
  }

  it('ahead of the wall clock writes the stop file, and the code ends by itself', async () => {
    await node.command('compute', 'echo x >"$HOME/runs"; while [ ! -s si.EXIT ]; do sleep 0.05; done; exit 3')
    await node.write(`${directory}/si.EXIT`, 'stale')
    const running = await begin({ stopFile: { path: 'si.EXIT', text: 'stop' } })
    running.signal('SIGUSR1')
    expect((await running.over).exitCode).toBe(3)
    expect(await endOf()).toMatchObject({ exitCode: 3, cause: 'early-signal' })
    expect(await node.read(`${directory}/si.EXIT`)).toBe('stop')
  })

  it('ahead of the wall clock disturbs no code that knows no stop file', async () => {
    await node.command('compute', 'echo x >"$HOME/runs"; while [ ! -e "$HOME/go" ]; do sleep 0.05; done')
    const running = await begin({})
    running.signal('SIGUSR1')
    await node.write('../go', '')
    expect((await running.over).exitCode).toBe(0)
    expect(await endOf()).toMatchObject({ exitCode: 0, cause: 'exit' })
  })

  it('to end is told within a second, before the code has ended', async () => {
    await node.command('compute', `trap '' TERM; echo x >"$HOME/runs"; echo half; while [ ! -e "$HOME/go" ]; do sleep 0.05; done`)
    const running = await begin({})
    const told = Date.now()
    running.signalAll('SIGTERM')
    await until('the end sentinel', () => node.has(`${directory}/.crystalmath/end`))
    expect(Date.now() - told).toBeLessThan(1_000)
    await until('the news of it', () => spool().includes(`${place.token}.end`))
    expect(await endOf()).toMatchObject({ exitCode: 143, cause: 'terminated', files: [] })
    await node.write('../go', '')
    expect((await running.over).exitCode).toBe(143)
    expect(await endOf()).toMatchObject({ exitCode: 143, cause: 'terminated', files: [{ path: 'out', size: 5 }] })
  })

  it('to end leaves a program that ends in order the time that is left', async () => {
    await node.command('compute', `trap 'echo saved; exit 0' TERM; echo x >"$HOME/runs"; while :; do sleep 0.05; done`)
    const running = await begin({})
    running.signalAll('SIGTERM')
    expect((await running.over).exitCode).toBe(143)
    expect((await endOf())?.files).toEqual([{ path: 'out', size: 6 }])
  })

  it('to end after a cancel says that it was cancelled', async () => {
    await node.command('compute', 'echo x >"$HOME/runs"; while :; do sleep 0.05; done')
    const running = await begin({})
    await node.write(`${directory}/.crystalmath/cancel`, '')
    running.signalAll('SIGTERM')
    await running.over
    expect(await endOf()).toMatchObject({ exitCode: 143, cause: 'cancelled' })
  })
})

describe('the remote scripts', () => {
  /** Checked as the whole that is run. */
  const BEHIND_A_HEAD = ['job.sh', 'pilot.sh', 'feed.sh', 'by-hand.sh']
  const linter = ['/usr/bin/shellcheck', '/usr/local/bin/shellcheck'].find(existsSync)

  it.skipIf(linter === undefined)(
    'please shellcheck',
    async () => {
      const folder = new URL('./remote/', import.meta.url).pathname
      const whole = await lay(
        { stopFile: { path: 'STOPCAR', text: 'LSTOP = .TRUE.\n' } },
        { copies: [{ fromAttempt: 1, from: 'a/b', to: 'c/d' }] },
      )
      const shape = { slots: 2, cores: 1, memberSeconds: 60, earlySeconds: 0, lifetimeSeconds: 300 }
      const surroundings = { root: '/root', account: 'ada', directory: '/root/p', scheduler, member: Resources.parse({}) }
      const feed = feedScript(shape, BatchId.parse('bbbbbbbb-0000-4000-8000-000000000000'))
      const plan = { id: BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000'), member: Resources.parse({}), maxJobs: 3 }
      const byHand = scheduler.byHand === null ? '' : handPilotScript(plan, { ...surroundings, byHand: scheduler.byHand })
      expect(byHand).not.toBe('')
      for (const input of [whole, pilotScript(shape, surroundings), feed, byHand]) {
        const said = spawnSync(linter ?? '', ['-s', 'sh', '-S', 'warning', '-'], { input, encoding: 'utf8' })
        expect(said.stdout).toBe('')
      }
      const files = readdirSync(folder).filter((name) => name.endsWith('.sh') && !BEHIND_A_HEAD.includes(name))
      const others = spawnSync(linter ?? '', ['-s', 'sh', ...files.map((name) => folder + name)], { encoding: 'utf8' })
      expect(others.stdout).toBe('')
    },
    60_000,
  )
})
