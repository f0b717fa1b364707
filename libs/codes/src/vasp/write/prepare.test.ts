import type { PseudopotentialFile, Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../code-writes.ts'
import { SILICON, sampleTask, type TaskParts } from '../../writing/sample-task.ts'
import { readPotcarHeader } from '../pseudopotentials.ts'
import { prepareVasp } from './prepare.ts'

const potcar = (
  variant: string,
  element: string,
  enmaxEv: number,
  valenceElectrons: number,
  release = 'potpaw_PBE.54',
): PseudopotentialFile => ({
  fileName: `${release}/${variant}/POTCAR`,
  element,
  kind: 'PAW',
  functional: 'PBE',
  valenceElectrons,
  cutoffRydberg: enmaxEv / 13.605693122994,
  densityCutoffRydberg: null,
  relativistic: 'scalar',
  md5: `md5-of-${variant}`,
})
const files = [
  potcar('Si', 'Si', 245.345, 4),
  potcar('O', 'O', 400, 6),
  potcar('Fe', 'Fe', 267.882, 8),
  potcar('Fe_pv', 'Fe', 293.238, 14),
  potcar('Ti_sv', 'Ti', 274.61, 12),
]
const task = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}): Task =>
  sampleTask({ code: 'vasp', files, clusterCode: { pseudopotentialFolder: '/sw/potcar' }, ...over, parameters })

const preparation = (one: Task) => {
  const prepared = prepareVasp(one)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return prepared.preparation
}
const file = (one: Task, path: string) => preparation(one).files.find((each) => each.path === path)?.text ?? ''
const firstProblem = (one: Task) => {
  const prepared = prepareVasp(one)
  return prepared.ok ? undefined : prepared.problems[0]
}

const MIXED: Structure = {
  latticeAngstrom: [
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 8],
  ],
  species: ['Fe', 'O', 'Fe', 'O'],
  positionsAngstrom: [
    [0, 0, 0],
    [2, 2, 1],
    [0, 0, 4],
    [2, 2, 5],
  ],
  initialMomentsBohr: [4, 0, -4, 0],
  fixed: [
    [true, true, true],
    [false, false, false],
    [false, false, false],
    [false, false, false],
  ],
}

describe('a job for VASP', () => {
  it('is rendered in a fixed order', () => {
    expect(file(task({ kMesh: [4, 4, 4] }, { request: { name: 'bulk silicon; "test"' } }), 'INCAR')).toBe(
      `SYSTEM = bulk silicon test
ALGO = Normal
EDIFF = 0.000002
ENCUT = 319
IBRION = -1
ISMEAR = 0
LASPH = .TRUE.
LORBIT = 11
LREAL = .FALSE.
NELM = 100
NSW = 0
PREC = Accurate
SIGMA = 0.05
`,
    )
    expect(file(task({ kMesh: [4, 4, 4] }), 'KPOINTS')).toBe('regular mesh\n0\nGamma\n4 4 4\n0 0 0\n')
  })

  it('joins POTCAR on the cluster from the recommended data sets, and fetches none', () => {
    const oxide: Structure = { ...SILICON, species: ['Ti', 'O'] }
    const { clusterFiles, steps, keep } = preparation(task({}, { structure: oxide }))
    expect(clusterFiles).toEqual([
      { from: '/sw/potcar/potpaw_PBE.54/Ti_sv/POTCAR', to: 'POT_1', md5: 'md5-of-Ti_sv' },
      { from: '/sw/potcar/potpaw_PBE.54/O/POTCAR', to: 'POT_2', md5: 'md5-of-O' },
    ])
    expect(steps).toEqual([
      { program: 'cat', args: ['POT_1', 'POT_2'], stdin: null, stdout: 'POTCAR', parallel: false },
      { program: 'vasp_std', args: [], stdin: null, stdout: 'vasp.out', parallel: true },
    ])
    expect(keep.some((pattern) => /^POT|PSCTR|\*/.test(pattern))).toBe(false)
  })

  it('groups the atoms by element, with their moments and what is fixed, and says in which order', () => {
    const one = task({ kMesh: [2, 2, 1] }, { structure: MIXED })
    expect(preparation(one).atomOrder).toEqual([0, 2, 1, 3])
    expect(file(one, 'INCAR')).toContain('ISPIN = 2\n')
    expect(file(one, 'INCAR')).toContain('MAGMOM = 4 -4 2*0\n')
    const lines = file(one, 'POSCAR').split('\n')
    expect(lines.slice(5, 9)).toEqual(['Fe O', '2 2', 'Selective dynamics', 'Direct'])
    expect(lines[9]).toMatch(/F F F$/)
    expect(lines[10]).toMatch(/0\.500000000000 T T T$/)
    expect(preparation(task({}, { structure: SILICON })).atomOrder).toBeUndefined()
  })

  it('takes functional, dispersion, smearing, charge and relaxation in words', () => {
    const text = file(
      task({
        functional: 'HSE06',
        dispersion: 'D3BJ',
        smearing: { kind: 'methfessel-paxton', widthEv: 0.1 },
        charge: 1,
        calculation: 'vc-relax',
      }),
      'INCAR',
    )
    for (const line of [
      'LHFCALC = .TRUE.',
      'HFSCREEN = 0.2',
      'ALGO = Damped',
      'IVDW = 12',
      'ISMEAR = 1',
      'SIGMA = 0.1',
      'NELECT = 7',
      'ISIF = 3',
      'IBRION = 2',
      'EDIFFG = -0.02',
    ])
      expect(text).toContain(`${line}\n`)
  })

  it('takes Hubbard parameters by element', () => {
    const text = file(
      task(
        { incar: { LDAU: true, LDAUTYPE: 2, LDAUL: { Fe: 2 }, LDAUU: { Fe: 4 }, LDAUJ: { Fe: 0 }, lmaxmix: 4 } },
        { structure: MIXED },
      ),
      'INCAR',
    )
    for (const line of ['LDAUL = 2 -1', 'LDAUU = 4 0', 'LDAUJ = 2*0', 'LMAXMIX = 4']) expect(text).toContain(`${line}\n`)
  })

  it('runs the executable for noncollinear spins where they are asked for', () => {
    expect(preparation(task({ incar: { LSORBIT: true } })).steps[1]?.program).toBe('vasp_ncl')
    expect(preparation(task({ executable: 'gamma', kMesh: [1, 1, 1] })).steps[1]?.program).toBe('vasp_gam')
  })

  it('takes a named variant, and another release where it is told so', () => {
    const named = preparation(task({ pseudopotentials: { Fe: 'Fe_pv' } }, { structure: { ...SILICON, species: ['Fe', 'Fe'] } }))
    expect(named.clusterFiles[0]?.from).toBe('/sw/potcar/potpaw_PBE.54/Fe_pv/POTCAR')
    const both = [...files, potcar('Si', 'Si', 245, 4, 'potpaw_PBE.64')]
    expect(firstProblem(task({}, { files: both }))?.message).toBe('"Si" is in several releases: potpaw_PBE.54, potpaw_PBE.64')
    expect(preparation(task({ pseudopotentialFamily: 'potpaw_PBE.64' }, { files: both })).clusterFiles[0]?.from).toContain(
      'PBE.64',
    )
  })

  it('warns of a cut-off that is low for a changing cell', () => {
    expect(preparation(task({ cutoffEv: 250, calculation: 'vc-relax' })).warnings).toEqual([
      'cutoffEv of 250 eV is below 1.25 ENMAX: with a cell that changes, Pulay stress distorts the result',
    ])
    expect(preparation(task({ cutoffEv: 200 })).warnings[0]).toContain('is below the 245.35 eV (ENMAX)')
  })
})

describe('a job for VASP that cannot be right', () => {
  it.each<[string, TaskParts['parameters'], string, string]>([
    ['a misspelt tag', { incar: { ENCTU: 400 } }, 'there is no INCAR tag "ENCTU"', 'did you mean ENCUT?'],
    ['a tag beside incar', { ENCUT: 400 }, 'there is no parameter "ENCUT"', 'move it to parameters.incar'],
    ['a wrong type', { incar: { NSW: 'many' } }, 'NSW must be a whole number', ''],
    ['a wrong word', { incar: { ALGO: 'Fats' } }, 'ALGO does not know "Fats"', 'did you mean "Fast"?'],
    ['a wrong number', { incar: { IBRION: 4 } }, 'IBRION does not know 4', 'write one of -1, 0, 1'],
    ['a threshold of zero', { incar: { EDIFF: 0 } }, 'EDIFF must be above zero', ''],
    ['KSPACING beside KPOINTS', { incar: { KSPACING: 0.3 } }, 'KSPACING is set by the platform', 'kSpacingPerAngstrom'],
    [
      'a kind of moving that is another',
      { calculation: 'relax', incar: { IBRION: 0 } },
      'IBRION = 0 is no "relax", which is 1, 2, 3',
      '',
    ],
    ['a cut-off said twice', { cutoffEv: 400, incar: { encut: 400 } }, 'incar.ENCUT and cutoffEv say the same thing twice', ''],
    ['a cut-off far too low', { cutoffEv: 100 }, '100 eV is less than half of the 245.35 eV', 'write at least 246'],
    ['too few bands', { incar: { NBANDS: 3 } }, '3 bands cannot hold 8 electrons', 'write at least 4'],
    ['too few moments', { incar: { MAGMOM: [1], ISPIN: 2 } }, 'MAGMOM has 1 numbers, but 2 atoms need 2', ''],
    [
      'tetrahedra on three points',
      { smearing: { kind: 'tetrahedron' }, kMesh: [3, 1, 1] },
      'needs at least 4 k points, and there are 3',
      '',
    ],
    [
      'groups of k points that do not divide',
      { incar: { KPAR: 2 } },
      '1 ranks cannot be shared out equally among KPAR = 2 groups',
      '',
    ],
    ['dynamics without temperature', { calculation: 'md', incar: { NSW: 10, POTIM: 1 } }, 'molecular dynamics needs TEBEG', ''],
    ['Hubbard parameters of a stranger', { incar: { LDAUU: { Fe: 4 } } }, 'the structure has no Fe', 'there are Si'],
    ['an unknown functional', { functional: 'B3LYP5' }, 'functional must be one of', ''],
  ])('with %s is refused', (_, parameters, message, mend) => {
    const found = firstProblem(task(parameters))
    expect(found?.message).toContain(message)
    expect(found?.mend).toContain(mend)
  })

  it('names the folder, and what is there, when a data set is missing', () => {
    expect(firstProblem(task({ pseudopotentials: { Si: 'Si_sv' } }))).toMatchObject({
      path: 'parameters.pseudopotentials.Si',
      message: 'there is no POTCAR "Si_sv" for PBE; looked in /sw/potcar',
      mend: 'name one in parameters.pseudopotentials.Si: potpaw_PBE.54/Si/POTCAR',
    })
    expect(firstProblem(task({ functional: 'LDA' }))?.message).toBe('there is no POTCAR "Si" for LDA; looked in /sw/potcar')
  })

  it('refuses a left-handed cell, and moments that would fall on other atoms', () => {
    const [a, b, c] = SILICON.latticeAngstrom ?? []
    const left = a && b && c ? { ...SILICON, latticeAngstrom: [b, a, c] as [typeof b, typeof a, typeof c] } : SILICON
    const handed = [firstProblem(task({}, { structure: left })), firstProblem(task({}))].map((one) => one?.message)
    expect(handed).toContain('the lattice vectors are left-handed, which VASP refuses')
    expect(handed).toContain(undefined)
    const { initialMomentsBohr: _, ...plain } = MIXED
    expect(firstProblem(task({ incar: { MAGMOM: [1, 0, 1, 0] } }, { structure: plain }))?.message).toContain(
      'in another order than submitted',
    )
  })

  it('lets a tag through that the user vouches for', () => {
    expect(file(task({ incar: { NEW_TAG_OF_7: true }, allowUnknown: ['NEW_TAG_OF_7'] }), 'INCAR')).toContain(
      'NEW_TAG_OF_7 = .TRUE.',
    )
  })

  it('takes no POTCAR from the user', () => {
    expect(firstProblem(task({}, { request: { extraFiles: [{ path: 'POTCAR', text: 'x' }] } }))?.path).toBe('extraFiles[0].path')
  })
})

describe('the head of a POTCAR', () => {
  it('tells element, functional, electrons and cut-off', () => {
    const head =
      '  PAW_PBE Xx 01Jan2000\n   4.000\n parameters from PSCTR are:\n   VRHFIN =Si: s2p2\n   LEXCH  = PE\n   TITEL  = PAW_PBE Si 05Jan2001\n   POMASS =   28.085; ZVAL   =    4.000    mass and valenz\n   ENMAX  =  245.345; ENMIN  =  184.009 eV\n'
    expect(readPotcarHeader(head)).toEqual({
      element: 'Si',
      kind: 'PAW',
      functional: 'PBE',
      valenceElectrons: 4,
      cutoffRydberg: expect.closeTo(18.0325, 3),
      densityCutoffRydberg: null,
      relativistic: 'scalar',
    })
    expect(readPotcarHeader('no such thing')).toBeNull()
  })
})
