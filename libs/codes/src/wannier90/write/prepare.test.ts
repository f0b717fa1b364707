import { describe, expect, it } from 'vitest'
import type { Task } from '../../code-writes.ts'
import { sampleTask, type TaskParts } from '../../writing/sample-task.ts'
import { restartWannier90 } from '../restart.ts'
import { meshPoints, prepareWannier90 } from './prepare.ts'

const overlaps = ['mmn', 'amn', 'eig'].map((ending) => ({ path: `wannier90.${ending}`, text: 'x' }))
const task = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}): Task =>
  sampleTask({
    code: 'wannier90',
    request: { extraFiles: overlaps },
    ...over,
    parameters: { wannierFunctionCount: 4, kMesh: [1, 1, 2], ...parameters },
  })
const preparation = (one: Task) => {
  const prepared = prepareWannier90(one)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return prepared.preparation
}
const firstProblem = (one: Task) => {
  const prepared = prepareWannier90(one)
  return prepared.ok ? undefined : prepared.problems[0]
}

describe('a job for Wannier90', () => {
  it('is rendered with all points of its mesh', () => {
    const kPath = [
      [
        { label: 'L', point: [0.5, 0.5, 0.5] },
        { label: 'G', point: [0, 0, 0] },
      ],
    ]
    const text = preparation(
      task({ bandCount: 8, projections: ['f=0.125,0.125,0.125:sp3'], win: { num_iter: 50, guiding_centres: true }, kPath }),
    ).files[0]?.text
    expect(text).toBe(`num_wann = 4
num_bands = 8
mp_grid = 1 1 2
bands_plot = .true.
num_iter = 50
guiding_centres = .true.
begin unit_cell_cart
Ang
   0.000000000000    2.715000000000    2.715000000000
   2.715000000000    0.000000000000    2.715000000000
   2.715000000000    2.715000000000    0.000000000000
end unit_cell_cart
begin atoms_cart
Ang
Si    0.000000000000    0.000000000000    0.000000000000
Si    1.357500000000    1.357500000000    1.357500000000
end atoms_cart
begin projections
f=0.125,0.125,0.125:sp3
end projections
begin kpoint_path
L    0.500000000000    0.500000000000    0.500000000000 G    0.000000000000    0.000000000000    0.000000000000
end kpoint_path
begin kpoints
   0.000000000000    0.000000000000    0.000000000000
   0.000000000000    0.000000000000    0.500000000000
end kpoints
`)
  })

  it('lists a mesh with the third index fastest', () => {
    expect(meshPoints([2, 1, 2])).toEqual([
      [0, 0, 0],
      [0, 0, 0.5],
      [0.5, 0, 0],
      [0.5, 0, 0.5],
    ])
  })

  it('needs no overlaps for its setup', () => {
    const setup = preparation(task({ calculation: 'setup' }, { request: {} }))
    expect(setup.steps[0]).toMatchObject({ args: ['-pp', 'wannier90'], parallel: false })
  })

  it.each<[string, TaskParts['parameters'], string, string]>([
    ['fewer bands than functions', { bandCount: 3 }, '3 bands cannot make 4 Wannier functions', 'write at least 4'],
    [
      'a frozen window outside the outer one',
      { bandCount: 8, win: { dis_froz_max: 9, dis_win_max: 5 } },
      'dis_froz_max (9) lies above dis_win_max (5)',
      '',
    ],
    ['a misspelt keyword', { win: { num_itter: 5 } }, 'there is no keyword "num_itter"', 'did you mean win.num_iter?'],
    [
      'what the platform sets',
      { win: { num_wann: 5 } },
      'num_wann is set by the platform, from parameters.wannierFunctionCount',
      '',
    ],
    ['a projection that ends the block', { projections: ['end projections'] }, 'projections must be a list of lines', ''],
  ])('with %s is refused', (_, parameters, message, mend) => {
    expect(firstProblem(task(parameters))?.message).toContain(message)
    expect(firstProblem(task(parameters))?.mend).toContain(mend)
  })

  it('is refused without the overlaps that it reads', () => {
    expect(firstProblem(task({ bandCount: 8 }, { request: {} }))?.message).toBe(
      'wannier90.mmn, wannier90.amn, wannier90.eig are missing: Wannier90 reads them',
    )
  })

  it('goes on from the checkpoint of a clean stop alone', () => {
    const files = ['wannier90.chk', 'wannier90.mmn'].map((path) => ({ path, size: 10 }))
    const artefacts = { attempt: 1, files, cleanStop: true, ranks: 1, codeVersion: null, lastStructure: null }
    const plan = restartWannier90(task({}), artefacts, 'checkpoint')
    if ('refused' in plan) throw new Error(plan.refused)
    expect(preparation(task({}, { restart: plan })).files[0]?.text).toContain('restart = wannierise\n')
    expect(restartWannier90(task({}), { ...artefacts, cleanStop: false }, 'checkpoint')).toEqual({
      refused: 'the attempt was killed: its checkpoint may be torn',
    })
  })
})
