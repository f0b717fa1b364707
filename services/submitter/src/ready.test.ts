import type { ClusterInventory, ProjectId } from '@crystalmath/contract'
import { expect, it } from 'vitest'
import { submitReady } from './ready.ts'
import { emptyMemory } from './serve-writes.ts'
import { WriteSettings } from './settings.ts'
import type { Work } from './work.ts'

it('a cluster that takes no more jobs tells nothing of budgets: what they stopped still shows it', async () => {
  const config = WriteSettings.parse({})
  const stops = new Set(['poor' as ProjectId])
  const asked: string[] = []
  const jobs = {
    findInFlight: async () => ({ jobs: 10, ofAccount: 10, coresByProject: new Map() }),
    findLivingPilots: async () => [],
    findSubmittable: async () => {
      asked.push('findSubmittable')
      return []
    },
  }
  const duty = { cluster: 'alps', site: { spec: { maxInFlight: 10 } }, lease: { isHeld: () => true } }
  const clock = { now: () => 0, monotonicMs: () => 0 }
  await submitReady({ ...emptyMemory(config), jobs, duty, config, clock, stops } as unknown as Work, {} as ClusterInventory)
  expect(asked).toEqual([])
  expect([...stops]).toEqual(['poor'])
})
