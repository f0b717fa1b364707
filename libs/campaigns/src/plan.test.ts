import { type Packing, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { LEAST_FOR_ARRAY, plan, type Waiting } from './plan.ts'

const job = (ranks: number, packing?: Packing, alone = false): Waiting => ({
  resources: Resources.parse({ ranks }),
  packing,
  alone,
})
const many = (count: number, ...of: Parameters<typeof job>) => Array.from({ length: count }, () => job(...of))
const shown = (waiting: readonly Waiting[], maxArraySize: number | null = 1_001) =>
  plan(waiting, { maxArraySize }).map(({ kind, jobs }) => `${kind} ${jobs.length}`)

describe('how waiting jobs go into a queue', () => {
  it.each<[string, readonly Waiting[], readonly string[], (number | null)?]>([
    ['nothing of nothing', [], []],
    ['few of one shape alone', many(LEAST_FOR_ARRAY - 1, 1), ['single 29']],
    ['many of one shape as an array', many(LEAST_FOR_ARRAY, 1), ['array 30']],
    ['shapes apart', [...many(40, 1), ...many(50, 2), ...many(3, 4)], ['array 40', 'array 50', 'single 3']],
    ['no more than an array holds, the last one alone', many(101, 1), ['array 50', 'array 50', 'single 1'], 50],
    ['alone where there are no arrays', many(40, 1), ['single 40'], null],
    ['what is wanted alone, alone', many(40, 1, 'single'), ['single 40']],
    ['what was refused together, alone', many(40, 1, 'auto', true), ['single 40']],
    ['few as an array if they want that', [...many(3, 1), ...many(2, 1, 'array')], ['single 3', 'array 2']],
    ['the first waiting first', [job(2), ...many(30, 1), job(4)], ['single 2', 'array 30']],
  ])('sends %s', (_, waiting, groups, maxArraySize = 1_001) => {
    expect(shown(waiting, maxArraySize)).toEqual(groups)
    expect(plan(waiting, { maxArraySize }).flatMap(({ jobs }) => jobs)).toHaveLength(waiting.length)
  })
})
