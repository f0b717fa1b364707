import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoginNode, loginNode, placeOf } from './in-dash.ts'
import { lookArgs, readSights } from './look.ts'
import { directoryOf } from './place.ts'
import { readScript } from './read-script.ts'

const place = placeOf('1')
const state = `${directoryOf(place)}/.crystalmath`
const AT = '2026-11-21T09:00:00.000Z'

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
})
afterEach(() => node.remove())

const look = async (...places: readonly (typeof place)[]) =>
  readSights((await node.run(readScript('look.sh'), lookArgs(node.root, places))).stdout, AT)
const see = async () => (await look(place)).get(place.token)

describe('a look into attempt folders', () => {
  it('sees that there is none', async () => {
    expect(await see()).toMatchObject({
      lookedAt: AT,
      exists: false,
      claims: [],
      nativeId: null,
      lockOwner: null,
      start: null,
      end: null,
      cancelFile: false,
    })
    expect((await see())?.clusterSeconds).toBeGreaterThan(1.7e9)
  })

  it('sees claims with their ages and answers, the highest last', async () => {
    await node.write(`${state}/claim.1/refused`, 'sbatch: error: no\n')
    await node.write(`${state}/claim.2/out`, '812\n')
    await node.write(`${state}/claim.10/err`, '')
    await node.write(`${state}/job.id`, '812\n')
    const sight = await see()
    expect(sight).toMatchObject({
      exists: true,
      nativeId: '812',
      claims: [
        { tryNumber: 1, said: null, refused: 'sbatch: error: no' },
        { tryNumber: 2, said: '812', refused: null },
        { tryNumber: 10, said: null, refused: null },
      ],
    })
    for (const { ageSeconds } of sight?.claims ?? []) expect(ageSeconds).toBeLessThan(30)
  })

  it('sees start and end of the lock owner, and of nobody else', async () => {
    await node.write(`${state}/lock`, '812.0\n')
    await node.write(`${state}/start`, 'owner 812.0\nat 1795254037.25\nhost c1\n.\n')
    await node.write(
      `${state}/end`,
      'owner 812.0\nat 1795254038.5\nhost c1\ncode 3\ncause early-signal\nfile 12 a b\nfile 0 deep/x\n.\n',
    )
    expect(await see()).toMatchObject({
      lockOwner: '812.0',
      start: { owner: '812.0', atSeconds: 1795254037.25, host: 'c1' },
      end: {
        exitCode: 3,
        cause: 'early-signal',
        files: [
          { path: 'a b', size: 12 },
          { path: 'deep/x', size: 0 },
        ],
      },
    })
    await node.write(`${state}/lock`, '813.0\n')
    expect(await see()).toMatchObject({ lockOwner: '813.0', start: null, end: null })
  })

  it.each([
    'owner 812.0\nat 1795254038.5\nhost c1\ncode 0\ncause exit\nfile 12 out\n',
    'owner 812.0\nat 17952',
    '',
    'owner 812.0\n.\n',
  ])('takes a sentinel that is not whole for none: %j', async (text) => {
    await node.write(`${state}/lock`, '812.0\n')
    await node.write(`${state}/end`, text)
    expect((await see())?.end).toBeNull()
  })

  it('sees who lost, who came again, and that it was cancelled', async () => {
    await node.write(`${state}/duplicate.813.0`, '813.0\n')
    await node.write(`${state}/requeued.812.1`, '812.1\n')
    await node.write(`${state}/cancel`, '')
    expect(await see()).toMatchObject({ duplicates: ['813.0'], requeued: ['812.1'], cancelFile: true })
  })

  it('keeps many folders apart', async () => {
    const other = placeOf('2')
    await node.write(`${state}/job.id`, '1\n')
    await node.write(`${directoryOf(other)}/.crystalmath/job.id`, '2\n')
    const sights = await look(place, other, placeOf('3'))
    expect([...sights.values()].map(({ nativeId }) => nativeId)).toEqual(['1', '2', null])
  })

  it('says nothing of folders where the root is gone', async () => {
    const { stdout, exitCode } = await node.run(readScript('look.sh'), lookArgs('/nowhere', [place]))
    expect(exitCode).not.toBe(0)
    expect(readSights(stdout, AT).size).toBe(0)
  })
})
