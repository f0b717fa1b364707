import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CAUSES } from './src/cause-table.ts'
import { openCauseStage, showCause } from './src/cause-trials.ts'
import type { Stage } from './src/index.ts'

const QUICK = CAUSES.filter(({ isQuick }) => isQuick === true)

let stage: Stage
beforeAll(async () => {
  stage = await openCauseStage('causes', process.env)
  for (const { prepare } of QUICK) await prepare?.(stage)
}, 240_000)
afterAll(() => stage?.close())

describe('what pw.x can be made to show', () => {
  it.concurrent.each(QUICK.map((cause) => [cause.name, cause] as const))(
    '%s is diagnosed, and the right step follows',
    async (_, cause) => {
      expect(await showCause(stage, cause)).toEqual([])
    },
    200_000,
  )
})
