import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { directoryOf, placeOf } from '@crystalmath/cluster'
import { ClusterName, JobId } from '@crystalmath/contract'
import { type Command, decide, evolve, type Job, type JobEvent } from '@crystalmath/job'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placeOf as inDash, type LoginNode, loginNode, until } from '../../../libs/cluster/src/in-dash.ts'
import { signsOf } from '../../../libs/cluster/src/signs.ts'
import { posted, running, started, submitted } from '../../../libs/job/src/samples.ts'
import { makePulse } from './pulse.ts'

const hasPw = existsSync('/usr/bin/pw.x') && existsSync('/usr/share/espresso/pseudo/Si.pz-vbc.UPF')
if (!hasPw) console.warn('pw.x is not installed: no run of it is stopped')
const QUIET_SECONDS = 2
const LOOK_MS = 200

let node: LoginNode
let children: ChildProcess[] = []
beforeEach(async () => {
  node = await loginNode()
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await node.remove()
})

const link = {
  run: async ({ script, args }: { readonly script: string; readonly args: readonly string[] }) => {
    const { stdout, stderr, exitCode } = await node.run(script, args)
    return { stdout, stderr, exitCode, bytes: new Uint8Array(), complete: true, lost: null }
  },
} as unknown as Parameters<typeof signsOf>[0]

/** Running jobs of a real folder, looked at as the poller does, by a quick clock. */
function bed(digits: readonly string[]) {
  const jobs = new Map<JobId, Job>()
  const events: readonly JobEvent[] = [started(1), submitted(1), running]
  for (const digit of digits) {
    const id = JobId.parse(`01890a5d-ac96-774b-bcce-b302099a800${digit}`)
    jobs.set(id, { ...events.reduce<Job>(evolve, evolve(null, posted)), id })
  }
  const remarks: string[] = []
  const pulse = makePulse({
    clock: { now: () => Date.now(), monotonicMs: () => performance.now() } as never,
    config: { QUIET_SECONDS },
    duty: { cluster: ClusterName.parse('alps'), site: { signs: (places) => signsOf(link, node.root, places) } },
    jobs: {
      findLive: () => Promise.resolve([...jobs.values()]),
      tell: (id: JobId, command: Command) => {
        const job = jobs.get(id)
        if (job === undefined) throw new Error(`no job ${id}`)
        const after = decide(command, job).reduce<Job>(evolve, job)
        jobs.set(id, after)
        remarks.push(`${id.slice(-1)} ${after.waitingFor?.kind ?? 'none'} ${after.waitingFor?.because ?? ''}`)
        return Promise.resolve(after)
      },
    } as never,
  })
  const stop = new AbortController()
  let looking = Promise.resolve()
  const look = async () => {
    while (!stop.signal.aborted) {
      await pulse.turn()
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }
  const folders = [...jobs.values()].map((job) => {
    const folder = join(node.root, directoryOf(placeOf(job)))
    mkdirSync(folder, { recursive: true })
    return folder
  })
  const begin = () => {
    looking = look()
    looking.catch(() => {}) // told by `end`
  }
  const end = async () => {
    stop.abort()
    await looking
  }
  return { folders, remarks, begin, end }
}

function start(cwd: string, program: string, args: readonly string[], output: string): ChildProcess {
  const file = openSync(join(cwd, output), 'w')
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', file, file],
    env: { ...process.env, OMP_NUM_THREADS: '1', OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' },
  })
  closeSync(file)
  children.push(child)
  return child
}

/** Molecular dynamics of silicon: it writes several times a second, and for long. */
const DYNAMICS = `&control
 calculation='md', outdir='out', prefix='md', pseudo_dir='/usr/share/espresso/pseudo', nstep=20000, dt=20, disk_io='none' /
&system
 ibrav=2, celldm(1)=10.2, nat=2, ntyp=1, ecutwfc=8, nosym=.true. /
&electrons
 conv_thr=1d-6 /
&ions
/
ATOMIC_SPECIES
Si 28.085 Si.pz-vbc.UPF
ATOMIC_POSITIONS alat
Si 0.01 0 0
Si 0.25 0.25 0.25
K_POINTS gamma
`

describe('silence of a run', () => {
  it.skipIf(!hasPw)(
    'is remarked of a pw.x that was stopped, not of a slow one beside it, and taken back when it goes on',
    async () => {
      const { folders, remarks, begin, end } = bed(['1', '2'])
      const [quick = '', slow = ''] = folders
      writeFileSync(join(quick, 'pw.in'), DYNAMICS)
      const pw = start(quick, 'pw.x', ['-in', 'pw.in'], 'pw.out')
      // a line each 1.5 s: its pace is far slower than what is remarked of the other
      start(slow, '/bin/sh', ['-c', 'while :; do echo step; sleep 1.5; done'], 'slow.out')
      // how long it takes to start is no part of its pace
      await until('its first steps', () => statSync(join(quick, 'pw.out')).size > 20_000, 60_000)
      begin()
      await new Promise((resolve) => setTimeout(resolve, 12_000))
      expect(remarks).toEqual([])
      pw.kill('SIGSTOP')
      await until('the remark', () => remarks.length > 0, 120_000)
      expect(remarks).toEqual([
        expect.stringMatching(/^1 QUIET none of its files has changed for more than .* the longest silence before was/),
      ])
      pw.kill('SIGCONT')
      await until('its end', () => remarks.length > 1, 20_000)
      expect(remarks.slice(1)).toEqual(['1 none '])
      await end()
      expect(remarks.filter((said) => said.startsWith('2'))).toEqual([])
    },
    240_000,
  )

  it('is told by any file, two folders deep, and not by what we write ourselves', async () => {
    const place = inDash('a')
    const folder = join(node.root, directoryOf(place))
    const sign = async () => (await signsOf(link, node.root, [place, inDash('b')])).get(place.token)
    expect(await sign()).toBeUndefined() // neither folder is there
    mkdirSync(join(folder, '.crystalmath'), { recursive: true })
    writeFileSync(join(folder, 'pw.out'), 'x')
    const first = await sign()
    writeFileSync(join(folder, '.crystalmath/start'), 'x')
    expect(await sign()).toBe(first)
    mkdirSync(join(folder, 'out'))
    writeFileSync(join(folder, 'out/wfc1.dat'), Buffer.alloc(3_000))
    expect(await sign()).toMatch(/ 3001$/)
  })
})
