import { symlink } from 'node:fs/promises'
import { BatchId, type PilotShape, Resources } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimBatch } from './claim.ts'
import { type LoginNode, loginNode, placeOf, until } from './in-dash.ts'
import { lookArgs, readSights } from './look.ts'
import { feedScript, pilotScript } from './pilot-script.ts'
import { directoryOf, placeOfBatch, spoolOf } from './place.ts'
import { readScript } from './read-script.ts'

const scheduler = schedulerFor('slurm', { root: '/unused' })
const PILOT = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
const FEED = BatchId.parse('bbbbbbbb-0000-4000-8000-000000000000')
const pilotFolder = directoryOf(placeOfBatch(PILOT))
const feed = placeOfBatch(FEED)
const SHAPE: PilotShape = { slots: 2, cores: 1, memberSeconds: 60, earlySeconds: 0, lifetimeSeconds: 300 }
const members = ['1', '2'].map((digit, index) => ({
  ...placeOf(digit),
  batch: { id: FEED, kind: 'pilot' as const, index, into: PILOT },
}))
const [one = placeOf('1'), two = placeOf('2')] = members

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
  await node.write('.owner', 'lab 3\n')
  await node.write(`${spoolOf('ada')}/.here`, '')
  await node.write(`${pilotFolder}/.crystalmath/job.id`, '812\n')
})
afterEach(() => node.remove())

/** As one stream of inputs leaves it. */
async function stage(nonce = 'n1', id = feed, tryNumber = 1): Promise<void> {
  const staged = `.staging/${id.token}.${nonce}`
  await node.write(`${staged}/job.sh`, feedScript(SHAPE, id.batchId))
  await symlink(`../${PILOT}`, `${node.root}/${staged}/pilot`)
  for (const [index, place] of members.entries()) {
    const home = `${staged}/members/${directoryOf(place)}`
    await node.write(`${home}/job.sh`, 'echo 812.0 >.crystalmath/lock\necho ran >ran\n: >.crystalmath/end\n')
    await node.write(`${home}/.crystalmath/claim.${tryNumber}/batch`, `${id.token}\n`)
    await node.write(`${staged}/new/${index}`, `${directoryOf(place)} ${place.token}\n`)
  }
}
async function claim(nonce = 'n1', place = feed) {
  const asked = { place, tryNumber: 1, nonce, resources: Resources.parse({}), into: PILOT }
  const { remote, read } = claimBatch([asked], { root: node.root, owner: 'lab 3', scheduler })
  return read((await node.run(remote.script, remote.args)).stdout).get(place.token)
}
const fly = (shape: Partial<PilotShape> = {}, idle = 1) =>
  node.start(
    pilotScript(
      { ...SHAPE, ...shape },
      { root: node.root, account: 'ada', directory: `${node.root}/${pilotFolder}`, scheduler, member: Resources.parse({}) },
    ).replace(/^idle=.*$/m, `idle=${idle}`),
    { SLURM_JOB_ID: '812' },
  )
const ran = (place: typeof one) => node.has(`${directoryOf(place)}/ran`)
const look = async () => readSights((await node.run(readScript('look.sh'), lookArgs(node.root, members))).stdout, '', members)

describe('a feed', () => {
  it('brings members to a pilot that lives, which runs each once', async () => {
    const flying = fly({}, 3)
    await until('the pilot to say when it ends', () => node.has(`${pilotFolder}/ends`))
    await stage()
    expect(await claim()).toEqual({ kind: 'submitted', nativeId: '812' })
    expect((await flying.over).exitCode).toBe(0)
    expect([ran(one), ran(two)]).toEqual([true, true])
    expect((await look()).get(two.token)).toMatchObject({
      nativeId: '812',
      broughtBy: [feed.token],
      ticket: '812.0',
      pilotClosed: true,
    })
  })

  it('waits for a pilot that has not begun', async () => {
    await stage()
    expect(await claim()).toEqual({ kind: 'submitted', nativeId: '812' })
    expect((await look()).get(one.token)).toMatchObject({ ticket: null, pilotClosed: false })
    expect((await fly().over).exitCode).toBe(0)
    expect([ran(one), ran(two)]).toEqual([true, true])
  })

  it('is refused, for everybody who asks, by a pilot that is over, that was told to stop, or that has too little time', async () => {
    await fly({}, 0).over
    await stage()
    const refusal = { kind: 'refused', reason: 'OTHER', said: expect.stringContaining('pilot 812 begins nobody any more') }
    expect(await claim()).toMatchObject(refusal)
    expect(await claim('n2')).toMatchObject(refusal)
    await node.run(`rm ${node.root}/${pilotFolder}/closed; date +%s >${node.root}/${pilotFolder}/ends`)
    const late = placeOfBatch(BatchId.parse('cccccccc-0000-4000-8000-000000000000'))
    await stage('n1', late, 2)
    expect(await claim('n1', late)).toMatchObject({
      said: expect.stringMatching(/has (0|-\d) s left, and a member may take 60 s/),
    })
    expect(node.has(`${pilotFolder}/feeds/${FEED}`)).toBe(false)
  })

  it('of which a ticket is withdrawn begins the others only', async () => {
    await stage()
    await node.run(readScript('withdraw.sh'), [node.root, one.token, directoryOf(feed), 0])
    await claim()
    await fly().over
    expect([ran(one), ran(two)]).toEqual([false, true])
    expect((await look()).get(one.token)).toMatchObject({ ticket: 'withdrawn', lockOwner: null })
  })

  it('that was claimed twice is offered once, and only whoever made the claim is told so', async () => {
    await stage()
    await stage('n2')
    expect(await claim()).toMatchObject({ kind: 'submitted' })
    expect(await claim('n2')).toMatchObject({ kind: 'unknown' })
  })
})

describe('a pilot', () => {
  it('says that it begins nobody any more as soon as that is so', async () => {
    await stage()
    await claim()
    await node.write(`${pilotFolder}/stop`, '')
    expect((await fly().over).exitCode).toBe(0)
    expect([ran(one), ran(two)]).toEqual([false, false])
    expect((await look()).get(one.token)).toMatchObject({ ticket: null, pilotClosed: true })
  })
})
