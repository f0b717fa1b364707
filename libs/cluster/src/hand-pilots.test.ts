import { utimes } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { BatchId, batchToken, Resources } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handPilotScript, readHandPilots } from './hand-pilots.ts'
import { type LoginNode, loginNode, placeOf, until } from './in-dash.ts'
import { directoryOf, placeOfBatch, spoolOf } from './place.ts'
import { readScript } from './read-script.ts'
import type { HandPilotPlan } from './site.ts'

const scheduler = schedulerFor('slurm', { root: '/unused' })
const PILOT = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
const FEED = BatchId.parse('bbbbbbbb-0000-4000-8000-000000000000')
const folder = directoryOf(placeOfBatch(PILOT))
const account = userInfo().username
const [one, two] = ['1', '2'].map((digit) => placeOf(digit))

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
  await node.write(`${spoolOf(account)}/.here`, '')
  await node.write(`${folder}/.crystalmath/by-hand`, '')
  await node.write(`${folder}/pilot.sh`, '')
  await node.write('name', 'interactive')
  // an allocation with half an hour left
  await node.command('squeue', `case $* in *%j*) cat "${node.root}/name" ;; *) date -d '+30 minutes' +%FT%T ;; esac`)
  await node.command(
    'scontrol',
    `for word in "$@"; do case $word in name=*) printf %s "\${word#name=}" >"${node.root}/name" ;; esac; done`,
  )
})
afterEach(() => node.remove())

const fly = (plan: Partial<HandPilotPlan> = {}, env: Readonly<Record<string, string>> = {}, seconds = 60) => {
  const member = Resources.parse({ walltimeSeconds: seconds })
  const directory = `${node.root}/${folder}`
  const surroundings = { root: node.root, account, directory, scheduler, member, byHand: scheduler.byHand ?? expect.fail() }
  const script = handPilotScript({ id: PILOT, member, maxJobs: null, ...plan }, surroundings)
  return node.start(script.replace(/^idle=.*$/m, 'idle=1').replace(/^grace=.*$/m, 'grace=1'), {
    SLURM_JOB_ID: '77',
    SLURMD_NODENAME: 'n1',
    ...env,
  })
}
/** What a claimed feed leaves. */
async function feed(...places: (typeof one)[]): Promise<void> {
  for (const [index, place] of places.entries()) {
    if (place === undefined) continue
    await node.write(`${directoryOf(place)}/job.sh`, await node.read('member.sh'))
    await node.write(`${folder}/feeds/${FEED}/tickets.1/${index}`, `${directoryOf(place)} ${place.token}\n`)
  }
}
const member = (script: string) =>
  node.write('member.sh', `mkdir -p .crystalmath; echo 77.0 >.crystalmath/lock; : >began\n${script}\n`)
const has = (place: typeof one, file: string) => place !== undefined && node.has(`${directoryOf(place)}/${file}`)
const sight = async () =>
  readHandPilots((await node.run(readScript('hand-pilots.sh'), [node.root, PILOT])).stdout, [PILOT]).get(PILOT)

describe('a pilot that a person starts', () => {
  it('gives the allocation its name while it runs members, and its own back afterwards', async () => {
    await member(`cat "${node.root}/name" >name; : >.crystalmath/end`)
    await feed(one, two)
    const { exitCode, stderr } = await fly().over
    expect(stderr).toContain('2 jobs were begun; allocation 77 is yours again')
    expect(exitCode).toBe(0)
    expect(one && (await node.read(`${directoryOf(one)}/name`))).toBe(batchToken(PILOT))
    expect(await node.read('name')).toBe('interactive')
    expect(await sight()).toMatchObject({ state: 'over', nativeId: '77', begun: 2 })
  })

  it('is ready, then says how many it runs side by side and until when', async () => {
    expect(await sight()).toMatchObject({ state: 'ready', nativeId: null })
    const flying = fly({ maxJobs: 9 })
    await until('it to take jobs', () => node.has(`${folder}/ends`))
    const { endsSeconds = 0, ...others } = (await sight()) ?? {}
    expect(others).toMatchObject({ state: 'running', nativeId: '77', slots: expect.any(Number), begun: 0 })
    // a minute before the allocation ends
    expect(Math.abs((endsSeconds ?? 0) - Date.now() / 1_000 - 29 * 60)).toBeLessThan(10)
    await flying.over
  })

  it('begins so many at most', async () => {
    await member(': >.crystalmath/end')
    await feed(one, two)
    await fly({ maxJobs: 1 }).over
    expect([has(one, 'began'), has(two, 'began')]).toEqual([true, false])
  })

  it('stopped once lets what runs end, and begins nobody else', async () => {
    await member('sleep 1; : >done; : >.crystalmath/end')
    await feed(one)
    const flying = fly()
    await until('the member to run', () => has(one, 'began'))
    flying.signal('SIGINT')
    await feed(one, two)
    expect((await flying.over).exitCode).toBe(0)
    expect([has(one, 'done'), has(two, 'began')]).toEqual([true, false])
    expect(await sight()).toMatchObject({ state: 'over' })
  })

  it.each<[string, readonly NodeJS.Signals[]]>([
    ['by SIGTERM', ['SIGTERM']],
    ['by a second Ctrl-C', ['SIGINT', 'SIGINT']],
    ['with its terminal', ['SIGHUP']],
  ])('ended %s tells members to end, kills those that do not, and gives the name back after that', async (_, signals) => {
    await member(`trap ': >told' TERM; while :; do sleep 0.1; done`)
    await feed(one)
    const flying = fly()
    await until('the member to run', () => has(one, 'began'))
    for (const signal of signals) {
      flying.signal(signal)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    expect((await flying.over).exitCode).toBe(143)
    expect(has(one, 'told')).toBe(true)
    expect(has(one, '.crystalmath/end')).toBe(true) // the pilot speaks for it
    expect(await node.read('name')).toBe('interactive')
  })

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['outside of an allocation', { SLURM_JOB_ID: '' }, /this is no allocation/],
    ['beside its nodes', { SLURMD_NODENAME: '' }, /srun .* sh .*pilot\.sh/],
    ['in a member of an array', { SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '1' }, /member of an array/],
    ['in an allocation that was begun again', { SLURM_RESTART_COUNT: '1' }, /not the first run/],
  ])('does not begin %s, and may be started properly afterwards', async (_, env, said) => {
    const { exitCode, stderr } = await fly({}, env).over
    expect(stderr).toMatch(said)
    expect(exitCode).not.toBe(0)
    expect((await fly().over).exitCode).toBe(0)
  })

  it('begins nobody in an allocation that cannot be named, or that has too little time', async () => {
    expect((await fly({}, {}, 3_600).over).stderr).toMatch(/3600 s at most; here are/)
    expect(await node.read('name')).toBe('interactive')
    await node.command('scontrol', 'exit 1')
    await member(': >.crystalmath/end')
    await feed(one)
    expect((await fly().over).stderr).toContain('nothing was begun')
    expect(has(one, 'began')).toBe(false)
  })

  it('killed without a word is closed once it has been silent, and begins nobody should it wake up', async () => {
    await member('sleep 1; : >.crystalmath/end')
    const flying = fly({}, {}, 60)
    await until('it to beat', () => node.has(`${folder}/beat`))
    flying.signal('SIGSTOP')
    expect(await sight()).toMatchObject({ state: 'running' })
    const silentSince = new Date(Date.now() - 200_000)
    await utimes(`${node.root}/${folder}/beat`, silentSince, silentSince)
    expect(await sight()).toMatchObject({ state: 'over' })
    await feed(one)
    flying.signal('SIGCONT')
    expect((await flying.over).exitCode).toBe(0)
    expect(has(one, 'began')).toBe(false)
  })

  it('is started once', async () => {
    await fly().over
    expect((await fly().over).stderr).toContain('was started already')
  })
})
