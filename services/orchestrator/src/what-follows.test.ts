import { emptyResult } from '@crystalmath/codes'
import { type CalculationResult, JobId, type Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { type Predecessor, whatFollows } from './what-follows.ts'

const ID = JobId.parse('01890a5d-ac96-774b-bcce-b302099a8057')
const start: Structure = {
  latticeAngstrom: [
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 4],
  ],
  species: ['Ni', 'Ni'],
  positionsAngstrom: [
    [0, 0, 0],
    [2, 2, 2],
  ],
}
const relaxed: Structure = {
  ...start,
  latticeAngstrom: [
    [4.1, 0, 0],
    [0, 4.1, 0],
    [0, 0, 4.1],
  ],
}
const result = (structure: Structure | null, continuationStructure: Structure | null = null): CalculationResult => ({
  ...emptyResult('vasp'),
  structure,
  continuationStructure,
})
const before = (over: Partial<Predecessor>): Predecessor => ({
  id: ID,
  status: 'completed',
  verdict: null,
  result: result(relaxed),
  submitted: start,
  ...over,
})

describe('a job after another one', () => {
  it.each(['accepted', 'submitting', 'pending', 'running', 'ended'] as const)('waits while that one is %s', (status) =>
    expect(whatFollows('after', before({ status }), ID)).toEqual({ kind: 'wait' }),
  )

  it('goes with its own structure, unless it asked for that of the other', () => {
    expect(whatFollows(undefined, before({}), ID)).toEqual({ kind: 'go', structure: null })
    expect(whatFollows('after', before({}), ID)).toEqual({ kind: 'go', structure: relaxed })
  })

  it('starts where a restart would begin', () => {
    expect(whatFollows('after', before({ result: result(start, relaxed) }), ID)).toEqual({ kind: 'go', structure: relaxed })
  })

  it('keeps what no output repeats: an antiferromagnet stays one', () => {
    const submitted = { ...start, initialMomentsBohr: [1, -1], labels: ['Ni1', 'Ni2'] }
    expect(whatFollows('after', before({ submitted }), ID)).toEqual({
      kind: 'go',
      structure: { ...relaxed, initialMomentsBohr: [1, -1], labels: ['Ni1', 'Ni2'] },
    })
  })

  it('fails rather than lose moments of atoms that came back otherwise', () => {
    const submitted = { ...start, species: ['Ni', 'O'], initialMomentsBohr: [1, 0] }
    expect(whatFollows('after', before({ submitted }), ID)).toEqual({
      kind: 'fail',
      verdict: `job ${ID} returned its atoms in another order or number than submitted, so that its initialMomentsBohr cannot be handed on`,
    })
  })

  it.each([
    [before({ status: 'failed', verdict: 'no memory' }), `after job ${ID}, which is failed: no memory; retry that one first`],
    [before({ status: 'cancelled' }), `after job ${ID}, which is cancelled; retry that one first`],
    [null, `after job ${ID}, which is gone`],
    [before({ result: null }), `the result of job ${ID} holds no structure to start from`],
    [before({ result: result(null) }), `the result of job ${ID} holds no structure to start from`],
  ])('fails with a verdict where it can never start (%#)', (predecessor, verdict) =>
    expect(whatFollows('after', predecessor, ID)).toMatchObject({ kind: 'fail', verdict: expect.stringContaining(verdict) }),
  )
})
