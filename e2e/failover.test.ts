import { describe, expect, it } from 'vitest'
import { runFailover } from './src/failover.ts'

describe('three NATS servers and three of MongoDB', () => {
  it('lose nothing when those that lead are killed, with a gateway each, while jobs end', async () => {
    const said: string[] = []
    const { doubled, lost, falseEnds, missed, killed, interruptions } = await runFailover({
      name: 'failover',
      jobs: 16,
      endingSeconds: 12,
      limitSeconds: 120,
      environment: process.env,
      say: (line) => said.push(line),
    })
    expect({ doubled, lost, falseEnds, missed }, said.join('\n')).toEqual({ doubled: [], lost: [], falseEnds: [], missed: [] })
    expect(killed).toEqual(['the NATS server that leads the stream', 'gateway 1', 'the primary of MongoDB', 'gateway 2'])
    expect(interruptions).toBeGreaterThanOrEqual(2)
  })
})
