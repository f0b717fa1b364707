import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelAtRandom } from './src/cancels.ts'
import { openStage, type Stage } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'cancel', environment: process.env })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

describe('a job that is cancelled at any moment of its life', () => {
  it('is cancelled or it finished, by our word, by accounting and by the ledger alike, and never runs afterwards', async () => {
    const { doubled, lost, falseEnds } = await cancelAtRandom(stage, { count: 30, seed: 42, packing: 'single' })
    expect({ doubled, lost, falseEnds }).toEqual({ doubled: [], lost: [], falseEnds: [] })
    const { stdout: queue } = await stage.site.admin(['squeue', '-h', '-o', '%j %T'])
    expect(queue).toBe('')
  }, 240_000)
})
