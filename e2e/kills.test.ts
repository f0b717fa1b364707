import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCampaign } from './src/campaign.ts'
import { openStage, type Stage } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'kills', environment: process.env })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

describe('a campaign under kill -9 of every service, both servers and our connections, each once', () => {
  it('runs every job once and to its end', async () => {
    const said: string[] = []
    const { doubled, lost, falseEnds, kills } = await runCampaign(stage, {
      jobs: 20,
      eachOnce: true,
      jobSeconds: 20,
      seed: 5,
      killEverySeconds: 2,
      limitSeconds: 200,
      say: (line) => said.push(line),
    })
    expect({ doubled, lost, falseEnds }, said.join('\n')).toEqual({ doubled: [], lost: [], falseEnds: [] })
    expect(kills).toBe(9)
  }, 260_000)
})
