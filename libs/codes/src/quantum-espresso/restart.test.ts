import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { Artefacts, RestartPlan } from '../code-writes.ts'
import { SILICON, sampleTask } from '../writing/sample-task.ts'
import { restartPw } from './restart.ts'

const moved: Structure = {
  ...SILICON,
  positionsAngstrom: [
    [0, 0, 0.01],
    [1.36, 1.36, 1.36],
  ],
}
const left = (over: Partial<Artefacts> = {}): Artefacts => ({
  attempt: 1,
  files: [
    { path: 'pw.in', size: 900 },
    { path: 'pw.out', size: 9_000 },
    { path: 'pseudo/Si.pz-vbc.UPF', size: 70_000 },
    { path: 'out/crystalmath.save/data-file-schema.xml', size: 40_000 },
    { path: 'out/crystalmath.save/charge-density.dat', size: 300_000 },
    { path: 'out/crystalmath.save/Si.pz-vbc.UPF', size: 70_000 },
    { path: 'out/crystalmath.wfc1', size: 1_000_000 },
    { path: 'out/crystalmath.wfc2', size: 1_000_000 },
    { path: 'out/crystalmath.restart_scf', size: 3_000 },
    { path: 'out/crystalmath.restart_scf2', size: 3_000 },
    { path: 'out/crystalmath.mix1', size: 0 },
    { path: 'out/other.wfc1', size: 1_000 },
    { path: 'out/crystalmath.EXIT', size: 5 },
  ],
  cleanStop: true,
  ranks: 2,
  codeVersion: '6.7',
  lastStructure: moved,
  ...over,
})
const task = sampleTask({
  code: 'quantum-espresso',
  parameters: {},
  structure: {
    ...SILICON,
    fixed: [
      [true, true, true],
      [false, false, false],
    ],
  },
  request: { resources: { ranks: 2 } },
})
const plan = (answer: RestartPlan | { readonly refused: string }): RestartPlan => {
  if ('refused' in answer) throw new Error(answer.refused)
  return answer
}
const paths = (answer: RestartPlan) => answer.files.map(({ to }) => to.replace('out/crystalmath.', ''))

describe('a next attempt of pw.x', () => {
  it('goes on after a clean stop, with every file of the interruption and no other', () => {
    const answer = plan(restartPw(task, left(), 'checkpoint'))
    expect(answer.set).toEqual({ 'restart.mode': 'checkpoint' })
    expect(paths(answer)).toEqual([
      'save/data-file-schema.xml',
      'save/charge-density.dat',
      'wfc1',
      'wfc2',
      'restart_scf',
      'restart_scf2',
    ])
  })

  it('keeps what is fixed when it takes over a computed geometry', () => {
    expect(plan(restartPw(task, left(), 'checkpoint')).structure).toEqual({
      ...moved,
      fixed: [
        [true, true, true],
        [false, false, false],
      ],
    })
  })

  it('begins from the density alone where the number of ranks is another', () => {
    const answer = plan(restartPw(task, left({ ranks: 4 }), 'checkpoint'))
    expect(answer.set).toEqual({ 'restart.mode': 'density' })
    expect(paths(answer)).toEqual(['save/data-file-schema.xml', 'save/charge-density.dat'])
  })

  it('takes only the geometry from an attempt that was killed', () => {
    const answer = plan(restartPw(task, left({ cleanStop: false }), 'checkpoint'))
    expect([answer.set, answer.files, answer.structure?.positionsAngstrom]).toEqual([{}, [], moved.positionsAngstrom])
  })

  it('never takes an empty density', () => {
    const files = left().files.map((file) => (file.path.endsWith('charge-density.dat') ? { ...file, size: 0 } : file))
    expect(plan(restartPw(task, left({ files }), 'charge-density')).files).toEqual([])
  })

  it('never takes a geometry of other atoms', () => {
    const foreign: Structure = { ...moved, species: ['Si', 'C'] }
    expect(plan(restartPw(task, left({ lastStructure: foreign }), 'geometry')).structure).toBeNull()
  })

  it('is refused where nothing is left to go on from', () => {
    expect(restartPw(task, left({ files: [], lastStructure: null }), 'checkpoint')).toEqual({
      refused: 'the attempt left neither a density nor a geometry',
    })
    expect(restartPw(task, left({ cleanStop: false, lastStructure: null }), 'geometry')).toEqual({
      refused: 'the attempt was killed: its files may be torn, and no geometry was computed',
    })
  })

  it('begins anew where the job is of several runs, or where it is told to', () => {
    const bands = sampleTask({ code: 'quantum-espresso', parameters: { calculation: 'bands' } })
    expect(restartPw(bands, left(), 'checkpoint')).toEqual({
      refused: 'a job of several runs begins anew: which run its files belong to is not certain',
    })
    expect(plan(restartPw(task, left(), 'scratch'))).toMatchObject({ files: [], set: {}, structure: null })
  })
})
