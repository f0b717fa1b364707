import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bringUp, canBreakLinks, hasMemoryCgroups, missingPackages, runningSites, type Testbed } from './index.ts'
import { takeDownOrphans } from './left-over.ts'
import { isWithin } from './owner.ts'
import { processes } from './processes.ts'
import { tryRun } from './run.ts'

const missing = missingPackages()
const canRun = process.getuid?.() === 0 && missing.length === 0
if (!canRun) it.skip(`a test bed (skipped: not root, or these packages are missing: ${missing.join(' ')})`, () => {})

/** State of a job as accounting has it, such as `COMPLETED`. */
const stateOf = async (site: Testbed, id: string) =>
  (await site.admin(['sacct', '-X', '-n', '-P', '-j', id, '-o', 'State'])).stdout.trim()

const submit = async (site: Testbed, words: string) => {
  const { stdout, stderr, exitCode } = await site.login(`sbatch --parsable -o /dev/null ${words}`)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout.trim().split('\n').at(-1) ?? ''
}

const ends = (site: Testbed, id: string, state: string, timeoutMs = 30_000) =>
  waitUntil(async () => (await stateOf(site, id)) === state, {
    timeoutMs,
    onTimeout: async () => `job ${id} is ${await stateOf(site, id)}, not ${state}`,
  })

describe.runIf(canRun)('a site with accounting', () => {
  let site: Testbed
  beforeAll(async () => {
    site = await bringUp({ name: 'full', maxSubmitJobs: 3, preemption: 'REQUEUE', loginNoise: "Welcome! It's module time" })
  })
  afterAll(() => site?.down())

  it('runs a job that came over ssh to its end and keeps it in the accounting', async () => {
    await ends(site, await submit(site, '--wrap true'), 'COMPLETED')
  })

  it('prints its noise before every answer, as sites do', async () => {
    const { stdout } = await site.login('sh -s', 'echo answer\n')
    expect(stdout).toBe("Welcome! It's module time\nanswer\n")
  })

  it('runs Quantum ESPRESSO on two ranks with a pseudopotential of the distribution', async () => {
    const { pseudopotentialFolder } = site
    const input = `&control calculation='scf' pseudo_dir='${pseudopotentialFolder}' outdir='out' /
&system ibrav=2 celldm(1)=10.2 nat=2 ntyp=1 ecutwfc=10 /
&electrons /
ATOMIC_SPECIES
Si 28.086 Si.pz-vbc.UPF
ATOMIC_POSITIONS alat
Si 0 0 0
Si 0.25 0.25 0.25
K_POINTS gamma
`
    await site.login('cat > si.in', input)
    await ends(
      site,
      await submit(site, "-n 2 --mem-per-cpu=500 -o si.out --wrap 'srun --mpi=pmix pw.x -in si.in'"),
      'COMPLETED',
      60_000,
    )
    const output = await readFile(`${site.home}/si.out`, 'utf8')
    expect(output).toContain('JOB DONE.')
    expect(output).toContain('running on     2 processors')
  }, 90_000)

  it('counts the calls of a wrapped command, and holds its answer back', async () => {
    const squeue = await site.wrap('squeue', { holdAnswerSeconds: 0.5, times: 1 })
    const begin = performance.now()
    await site.login('squeue -h')
    expect(performance.now() - begin).toBeGreaterThan(500)
    await site.login('sh -s', 'squeue -h -t all\n')
    expect((await squeue.calls()).map(({ argv }) => argv)).toEqual(['squeue -h', 'squeue -h -t all'])
    await squeue.remove()
    const sbatch = await site.wrap('sbatch', { failWith: { exitCode: 1, stderr: 'sbatch: error: no way' } })
    expect(await site.login('sbatch --wrap true')).toMatchObject({ exitCode: 1, stderr: 'sbatch: error: no way\n' })
    await sbatch.remove()
  })

  it('preempts a job of the low QOS by one of the high, and refuses the fourth job in the queue', async () => {
    const low = await submit(site, "--qos=low -n 16 -N 2 --requeue --wrap 'sleep 100'")
    await waitUntil(async () => (await site.admin(['squeue', '-h', '-j', low, '-o', '%T'])).stdout.trim() === 'RUNNING')
    const high = await submit(site, '--qos=high -n 16 -N 2 --wrap true')
    await ends(site, high, 'COMPLETED')
    expect((await site.admin(['scontrol', 'show', 'job', low])).stdout).toContain('Restarts=1')
    for (const words of ['--hold --wrap true', '--hold --wrap true']) await submit(site, words)
    const refused = await site.login('sbatch --wrap true')
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('AssocMaxSubmitJobLimit') })
    await site.login('scancel --me')
  })

  it('loses the controller, the database and the login node one by one, and finds them again', async () => {
    await site.stop('slurmdbd')
    expect(await site.login('sacct')).toMatchObject({ exitCode: 1 })
    await site.start('slurmdbd')
    await site.stop('sshd')
    expect(await site.login('true')).toMatchObject({ exitCode: 255 })
    await site.start('sshd')
    await site.stop('slurmctld')
    expect((await site.admin(['scontrol', 'ping'])).stdout).toContain('is DOWN')
    await site.start('slurmctld')
    expect(await site.login('sacct -n')).toMatchObject({ exitCode: 0 })
  }, 60_000)

  it('begins its job ids at 1 again after it has lost its state', async () => {
    await site.loseState()
    expect(await submit(site, '--wrap true')).toBe('1')
  }, 60_000)

  it('loses a node with its job', async () => {
    const id = await submit(site, "-w c2 --no-requeue --wrap 'sleep 300'")
    await waitUntil(async () => (await site.admin(['squeue', '-h', '-j', id, '-o', '%T'])).stdout.trim() === 'RUNNING')
    await site.killNode('c2')
    await waitUntil(
      async () => (await site.admin(['squeue', '-h', '-t', 'all', '-j', id, '-o', '%T'])).stdout.trim() === 'NODE_FAIL',
      {
        timeoutMs: 60_000,
        everyMs: 250,
      },
    )
    await site.startNode('c2')
  }, 90_000)
})

describe.runIf(canRun)('a site outside of memory', async () => {
  it.runIf(await canBreakLinks())(
    'is cut off, refuses, and is reached again',
    async () => {
      const site = await bringUp({ name: 'disk', accounting: false, inMemory: false })
      try {
        expect(site.root.startsWith('/dev/shm')).toBe(false)
        const reach = () => site.login('squeue -h')
        expect(await reach()).toMatchObject({ exitCode: 0 })
        await site.breakLink('reset')
        expect(await reach()).toMatchObject({ exitCode: 255, stderr: expect.stringMatching(/refused|reset/) })
        await site.breakLink('silent')
        const greeting = await tryRun(['timeout', '1', 'ssh', '-F', site.sshConfig, site.name, 'true'])
        expect(greeting.exitCode).toBe(124)
        await site.healLink()
        expect(await reach()).toMatchObject({ exitCode: 0 })
      } finally {
        await site.down()
      }
    },
    60_000,
  )

  it('is taken down by the next run when its process was killed', async () => {
    const script =
      "const { bringUp } = await import(process.argv[1]); await bringUp({ name: 'orphan', accounting: false }); process.kill(process.pid, 'SIGKILL')"
    expect(await isWithin(process.pid, process.ppid)).toBe(true)
    await tryRun([process.execPath, '--input-type=module', '-e', script, `${import.meta.dirname}/index.ts`])
    expect((await runningSites()).find(({ name }) => name === 'orphan')?.daemons['slurmctld']).toEqual(expect.any(Number))
    await takeDownOrphans()
    expect((await runningSites()).map(({ name }) => name)).not.toContain('orphan')
  }, 60_000)
})

describe.runIf(canRun)('two sites', () => {
  it('live side by side, listen on loopback only, and leave nothing', async () => {
    const sites = await Promise.all([bringUp({ name: 'left', accounting: false }), bringUp({ name: 'right', accounting: false })])
    const [left, right] = sites
    expect((await left.login('sacct')).stderr).toContain('Slurm accounting storage is disabled')
    await submit(left, "--wrap 'sleep 60'")
    expect((await right.login('squeue -h')).stdout).toBe('')
    const listeners = (await tryRun(['ss', '-Hltn'])).stdout.split('\n').flatMap((line) => line.trim().split(/\s+/)[3] ?? [])
    for (const site of sites)
      expect(listeners.filter((address) => address.endsWith(`:${site.port}`))).toEqual([`127.0.0.1:${site.port}`])

    const uid = Number((await tryRun(['id', '-u', left.user])).stdout)
    await Promise.all(sites.map((site) => site.down()))
    for (const site of sites) {
      expect(existsSync(site.root)).toBe(false)
      expect(await tryRun(['id', site.user])).toMatchObject({ exitCode: 1 })
    }
    expect(await processes((one) => one.uid === uid || sites.some(({ root }) => one.commandLine.includes(root)))).toEqual([])
    expect((await runningSites()).map(({ name }) => name)).not.toContain('left')
  }, 60_000)
})

describe.runIf(canRun && (await hasMemoryCgroups()))('a site with cgroups', () => {
  it('kills a job over its memory as OUT_OF_MEMORY', async () => {
    const site = await bringUp({ name: 'oom', memoryLimit: 'cgroup' })
    try {
      const id = await submit(site, `--mem=100M --wrap '/usr/bin/python3 -c "x = bytearray(400_000_000)"'`)
      await ends(site, id, 'OUT_OF_MEMORY')
    } finally {
      await site.down()
    }
  }, 60_000)
})

describe.runIf(canRun)('npm run testbed', () => {
  const testbed = (...words: readonly string[]) => tryRun([process.execPath, `${import.meta.dirname}/main.ts`, ...words])

  it('brings a site up for good, shows it and takes it down', async () => {
    const up = await testbed('up', '--site', 'cli', '--no-accounting', '--nodes', '2')
    expect(up).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('cli is up: ssh -F ') })
    await takeDownOrphans()
    await expect(bringUp({ name: 'cli' })).rejects.toThrow('site "cli" is up: "npm run testbed -- down --site cli" takes it down')
    expect((await testbed('up', '--site', 'cli')).stdout).toContain('cli is up already')
    expect((await testbed('status')).stdout).toMatch(/^cli .*ssh port \d+ .*slurmd\.c2 \d+ .*munged \d+$/m)
    expect(await testbed('down', '--site', 'cli')).toMatchObject({ exitCode: 0, stdout: 'cli is down\n' })
    expect((await testbed('status')).stdout).not.toContain('cli ')
  }, 60_000)

  it('says how it is used when it is not told what to do', async () => {
    expect(await testbed()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('up|down|status') })
  })
})

describe('bringUp', () => {
  it('refuses limits where there is no accounting', async () => {
    await expect(bringUp({ accounting: false, maxSubmitJobs: 3 })).rejects.toThrow('need accounting')
  })
  it('refuses a name that cannot be part of a user name', async () => {
    await expect(bringUp({ name: 'A site' })).rejects.toThrow('1 to 8 letters')
  })
})
