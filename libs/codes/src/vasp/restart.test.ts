import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { Artefacts, RestartPlan } from '../code-writes.ts'
import { SILICON, sampleTask } from '../writing/sample-task.ts'
import { restartVasp } from './restart.ts'

const moved: Structure = {
  ...SILICON,
  positionsAngstrom: [
    [0, 0, 0.01],
    [1.36, 1.36, 1.36],
  ],
}
const left = (over: Partial<Artefacts> = {}): Artefacts => ({
  attempt: 2,
  files: ['OUTCAR', 'WAVECAR', 'CHGCAR', 'POTCAR', 'POT_1'].map((path) => ({ path, size: 1_000 })),
  cleanStop: true,
  ranks: 4,
  codeVersion: '6.4.2',
  lastStructure: moved,
  ...over,
})
const task = sampleTask({ code: 'vasp', parameters: {} })
const plan = (answer: RestartPlan | { readonly refused: string }): RestartPlan => {
  if ('refused' in answer) throw new Error(answer.refused)
  return answer
}

describe('a next attempt of VASP', () => {
  it('goes on with the wave functions of a clean stop, in the last geometry', () => {
    expect(plan(restartVasp(task, left(), 'checkpoint'))).toMatchObject({
      files: [{ from: 'WAVECAR', to: 'WAVECAR' }],
      set: { 'restart.mode': 'checkpoint' },
      structure: moved,
    })
  })

  it('takes only the geometry from an attempt that was killed, and after the cell has moved', () => {
    expect(plan(restartVasp(task, left({ cleanStop: false }), 'checkpoint')).files).toEqual([])
    const grown: Structure = {
      ...moved,
      latticeAngstrom: [
        [0, 2.8, 2.8],
        [2.8, 0, 2.8],
        [2.8, 2.8, 0],
      ],
    }
    expect(plan(restartVasp(task, left({ lastStructure: grown }), 'checkpoint'))).toMatchObject({ files: [], structure: grown })
  })

  it('begins from the density for another way to it, and never from an empty file', () => {
    expect(plan(restartVasp(task, left(), 'charge-density'))).toMatchObject({
      files: [{ from: 'CHGCAR', to: 'CHGCAR' }],
      set: { 'restart.mode': 'density' },
    })
    expect(plan(restartVasp(task, left({ files: [{ path: 'WAVECAR', size: 0 }] }), 'checkpoint')).files).toEqual([])
  })

  it('is refused where nothing is left to go on from', () => {
    expect(restartVasp(task, left({ files: [], lastStructure: null }), 'checkpoint')).toEqual({
      refused: 'the attempt left neither wave functions, nor a density, nor a geometry',
    })
  })
})
