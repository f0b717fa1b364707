import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../code-writes.ts'
import { pseudopotential, SILICON, sampleTask, type TaskParts } from '../../writing/sample-task.ts'
import { prepareQuantumEspresso } from './prepare.ts'

const si = pseudopotential({ fileName: 'Si.pz-vbc.UPF', element: 'Si' })
const fe = pseudopotential({
  fileName: 'Fe.pz-nd-rrkjus.UPF',
  element: 'Fe',
  kind: 'US',
  valenceElectrons: 8,
  cutoffRydberg: 30,
  densityCutoffRydberg: 300,
})
const task = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}): Task =>
  sampleTask({ code: 'quantum-espresso', files: [si, fe], ...over, parameters: { cutoffRydberg: 20, ...parameters } })

const preparation = (one: Task) => {
  const prepared = prepareQuantumEspresso(one)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return prepared.preparation
}
const input = (one: Task, path = 'pw.in') => preparation(one).files.find((file) => file.path === path)?.text ?? ''
const problems = (one: Task) => {
  const prepared = prepareQuantumEspresso(one)
  return prepared.ok ? [] : prepared.problems
}
const firstProblem = (one: Task) => problems(one)[0]

const IRON: Structure = {
  latticeAngstrom: [
    [2.87, 0, 0],
    [0, 2.87, 0],
    [0, 0, 2.87],
  ],
  species: ['Fe', 'Fe'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.435, 1.435, 1.435],
  ],
}

describe('a job for pw.x', () => {
  it('is rendered in a fixed order, byte for byte', () => {
    expect(input(task({ kMesh: [4, 4, 4] }, { request: { name: "silicon, 'small'" } }))).toBe(
      `&CONTROL
  calculation = 'scf'
  title = 'silicon, ''small'''
  verbosity = 'low'
  restart_mode = 'from_scratch'
  tstress = .true.
  tprnfor = .true.
  outdir = './out'
  prefix = 'crystalmath'
  max_seconds = 3240.0
  pseudo_dir = './pseudo'
/
&SYSTEM
  ibrav = 0
  nat = 2
  ntyp = 1
  ecutwfc = 20.0
  ecutrho = 80.0
  occupations = 'smearing'
  degauss = 0.01
  smearing = 'marzari-vanderbilt'
/
&ELECTRONS
  conv_thr = 4.0d-10
/
ATOMIC_SPECIES
Si  28.085000 Si.pz-vbc.UPF
CELL_PARAMETERS angstrom
    0.000000000000     2.715000000000     2.715000000000
    2.715000000000     0.000000000000     2.715000000000
    2.715000000000     2.715000000000     0.000000000000
ATOMIC_POSITIONS angstrom
Si      0.000000000000     0.000000000000     0.000000000000
Si      1.357500000000     1.357500000000     1.357500000000
K_POINTS automatic
4 4 4 0 0 0
`,
    )
  })

  it('leaves symmetry out of dynamics, unless told otherwise', () => {
    const textOf = (parameters: TaskParts['parameters']) => preparation(task({ kMesh: [1, 1, 1], ...parameters })).files[0]?.text
    expect(textOf({ calculation: 'md' })).toContain('nosym = .true.')
    expect(textOf({ calculation: 'vc-md' })).toContain('nosym = .true.')
    expect(textOf({ calculation: 'md', system: { nosym: false } })).toContain('nosym = .false.')
    expect(textOf({ calculation: 'relax' })).not.toContain('nosym')
  })

  it('says how it is run, stopped, fed and kept', () => {
    const { steps, stopFile, clusterFiles, keep, parse } = preparation(
      task({ kMesh: [4, 4, 4], pools: 2 }, { request: { resources: { ranks: 4 } } }),
    )
    expect(steps).toEqual([
      { program: 'pw.x', args: ['-nk', '2', '-in', 'pw.in'], stdin: null, stdout: 'pw.out', parallel: true },
    ])
    expect(stopFile?.path).toBe('crystalmath.EXIT')
    expect(clusterFiles).toEqual([{ from: '/sw/pseudo/Si.pz-vbc.UPF', to: 'pseudo/Si.pz-vbc.UPF', md5: si.md5 }])
    expect(keep).toContain('out/crystalmath.save/data-file-schema.xml')
    expect(parse).toBe('.')
  })

  it('takes a mesh from the distance of k points, with 2π included', () => {
    // |b| = 2π √3 / 5.43 Å = 2.004 1/Å
    expect(input(task({ kSpacingPerAngstrom: 0.25 }))).toContain('K_POINTS automatic\n9 9 9 0 0 0\n')
    expect(input(task({ preset: 'fast' }))).toContain('K_POINTS automatic\n7 7 7 0 0 0\n')
  })

  it('lets namelists override what stands there otherwise, letter case ignored', () => {
    const text = input(
      task({
        electrons: { MIXING_BETA: 0.3, diagonalization: 'CG' },
        system: { nosym: true, ecutrho: 200 },
        control: { tstress: false },
      }),
    )
    for (const line of ['mixing_beta = 0.3', "diagonalization = 'cg'", 'nosym = .true.', 'ecutrho = 200.0', 'tstress = .false.'])
      expect(text).toContain(`  ${line}\n`)
  })

  it('writes fixed occupations only where asked for', () => {
    const text = input(task({ smearing: null }))
    expect(text).toContain("occupations = 'fixed'")
    expect(text).not.toContain('degauss')
    expect(input(task({ smearing: { kind: 'gaussian', widthEv: 13.605693122994 } }))).toContain(
      "degauss = 1.0\n  smearing = 'gaussian'",
    )
  })

  it('fixes atoms in the directions of the structure', () => {
    const text = input(
      task(
        { calculation: 'relax' },
        {
          structure: {
            ...SILICON,
            fixed: [
              [true, true, false],
              [false, false, false],
            ],
          },
        },
      ),
    )
    expect(text).toMatch(/^Si +0\.0+ +0\.0+ +0\.0+ 0 0 1$/m)
    expect(text).toMatch(/1\.3575\d+ 1 1 1$/m)
    expect(text).toContain("&IONS\n  ion_dynamics = 'bfgs'\n/")
    expect(
      preparation(
        task(
          { calculation: 'relax' },
          {
            structure: {
              ...SILICON,
              fixed: [
                [true, true, false],
                [false, false, false],
              ],
            },
          },
        ),
      ).warnings,
    ).toEqual(['partly fixed atoms: pw.x fixes Cartesian x, y, z, not lattice directions as VASP does'])
  })

  it('tells the atoms of an antiferromagnet apart', () => {
    const text = input(task({ cutoffRydberg: 40 }, { structure: { ...IRON, initialMomentsBohr: [2, -2] } }))
    expect(text).toContain('ntyp = 2')
    expect(text).toContain('nspin = 2\n  starting_magnetization(1) = 0.25\n  starting_magnetization(2) = -0.25\n')
    expect(text).toMatch(/^Fe1 +0\.0/m)
    expect(text).toMatch(/^Fe2 +1\.435/m)
    expect(input(task({ cutoffRydberg: 40 }, { structure: { ...IRON, initialMomentsBohr: [2, 2] } }))).toContain('ntyp = 1')
  })

  it('takes cut-offs from the pseudopotentials where they say them', () => {
    const text = input(task({ cutoffRydberg: undefined }, { structure: { ...IRON, initialMomentsBohr: [2, 2] } }))
    expect(text).toContain('ecutwfc = 30.0\n  ecutrho = 300.0')
    expect(input(task({ cutoffRydberg: 50 }, { structure: IRON }))).toContain('ecutrho = 400.0')
  })

  it('computes the density before bands and before nscf', () => {
    const bands = task({
      calculation: 'bands',
      kMesh: [4, 4, 4],
      kPoints: [
        [0, 0, 0],
        [0.5, 0, 0.5, 2],
      ],
      system: { nbnd: 8 },
    })
    expect(preparation(bands).steps.map(({ stdout }) => stdout)).toEqual(['scf.out', 'bands.out'])
    expect(input(bands, 'scf.in')).toContain('K_POINTS automatic\n4 4 4 0 0 0')
    expect(input(bands, 'bands.in')).toContain("calculation = 'bands'")
    expect(input(bands, 'bands.in')).toMatch(/K_POINTS crystal\n2\n +0\.0+ +0\.0+ +0\.0+ 1\n +0\.50+ +0\.0+ +0\.50+ 2\n/)
    const nscf = task({ calculation: 'nscf', kMesh: [6, 6, 6], preset: 'fast' })
    expect(input(nscf, 'scf.in')).toContain('7 7 7')
    expect(input(nscf, 'nscf.in')).toContain('6 6 6')
  })

  it('puts a molecule into a box where it is told how large', () => {
    const water: Structure = { latticeAngstrom: null, species: ['Si'], positionsAngstrom: [[1, 2, 3]] }
    const text = input(task({ vacuumAngstrom: 8 }, { structure: water }))
    expect(text).toContain('    8.000000000000     0.000000000000     0.000000000000')
    expect(text).toContain('K_POINTS gamma')
    expect(text).toContain("occupations = 'fixed'")
    expect(firstProblem(task({}, { structure: water }))?.path).toBe('parameters.vacuumAngstrom')
  })

  it('uses a pseudopotential that the user sends along', () => {
    const text =
      '<UPF version="2.0.1">\n<PP_HEADER element="Si" pseudo_type="NC" functional="PBE" z_valence="4.0" wfc_cutoff="0" rho_cutoff="0" relativistic="scalar"/>\n'
    const own = task(
      { pseudopotentials: { Si: 'Si.own.UPF' } },
      { files: [], request: { extraFiles: [{ path: 'pseudo/Si.own.UPF', text }] } },
    )
    expect(preparation(own).clusterFiles).toEqual([])
    expect(input(own)).toContain('Si.own.UPF')
  })

  it('continues with what a restart plan sets, in its geometry', () => {
    const moved = {
      ...SILICON,
      positionsAngstrom: [
        [0, 0, 0],
        [1.4, 1.4, 1.4],
      ] as [number, number, number][],
    }
    const plan = (mode: string) => ({
      fromAttempt: 1,
      files: [],
      set: { 'restart.mode': mode },
      structure: moved,
      because: 'test',
    })
    expect(input(task({}, { restart: plan('checkpoint') }))).toContain("restart_mode = 'restart'")
    const text = input(task({}, { restart: plan('density') }))
    expect(text).toContain("startingpot = 'file'")
    expect(text).toContain("restart_mode = 'from_scratch'")
    expect(text).toContain('1.400000000000')
  })
})

describe('a job for pw.x that cannot be right', () => {
  it.each<[string, TaskParts['parameters'], string, string]>([
    [
      'a misspelt keyword',
      { electrons: { mixing_bta: 0.3 } },
      'there is no keyword "mixing_bta"',
      'did you mean electrons.mixing_beta?',
    ],
    [
      'a cut-off said twice',
      { system: { ecutwfc: 30 } },
      'system.ecutwfc and cutoffRydberg say the same thing twice',
      'leave one',
    ],
    ['a keyword in the wrong namelist', { control: { nbnd: 8 } }, 'nbnd does not belong here', 'move it to parameters.system'],
    [
      'a number as text',
      { electrons: { conv_thr: '1d-8' } },
      'electrons.conv_thr must be a number above 0',
      'write the number without quotes',
    ],
    [
      'a value out of range',
      { electrons: { mixing_beta: 1.5 } },
      'electrons.mixing_beta must be a number above 0 of at most 1',
      '',
    ],
    [
      'a misspelt choice',
      { electrons: { diagonalization: 'davids' } },
      'electrons.diagonalization does not know "davids"',
      'did you mean "david"?',
    ],
    ['a misspelt parameter', { kmesh: [2, 2, 2] }, 'there is no parameter "kmesh"', 'did you mean kMesh?'],
    ['a keyword beside the namelists', { ecutwfc: 30 }, 'there is no parameter "ecutwfc"', 'move it to parameters.system'],
    ['a k mesh with a zero', { kMesh: [4, 4, 0] }, 'kMesh must be three of: a whole number', ''],
    ['two k meshes', { kMesh: [4, 4, 4], kSpacingPerAngstrom: 0.2 }, 'exclude each other', 'leave one of them out'],
    ['a density cut-off below four times', { densityCutoffRydberg: 60 }, 'is less than four times', 'write at least 80'],
    ['no bands for the electrons', { system: { nbnd: 3 } }, '3 bands cannot hold 8 electrons', 'write at least 4'],
    ['more charge than electrons', { system: { tot_charge: 9 } }, 'leaves -1 valence electrons', 'write a smaller charge'],
    [
      'an odd number of electrons at fixed occupations',
      { smearing: null, system: { tot_charge: 1 } },
      'fixed occupations need an even number of electrons, and there are 7',
      'use a smearing',
    ],
    ['spins without a start', { system: { nspin: 2 } }, 'nspin = 2 needs a start', 'initialMomentsBohr'],
    ['smearing without a width', { system: { occupations: 'smearing' } }, 'smearing needs a width', ''],
    ['what the platform sets', { control: { outdir: '/tmp' } }, 'outdir is set by the platform', 'leave it out'],
    ['a cut-off of zero', { cutoffRydberg: 0 }, 'cutoffRydberg must be a number above 0', ''],
    ['an unknown preset', { preset: 'best' }, 'preset must be one of "fast", "moderate", "precise"', ''],
    ['pools that do not divide', { pools: 3 }, '1 ranks cannot be shared out equally among 3 pools', ''],
    ['bands without a path', { calculation: 'bands' }, 'bands need a list of k points', ''],
    [
      'a magnetization for a kind that is not there',
      { system: { starting_magnetization: { Fe: 0.5 } } },
      'there is no kind of atom "Fe"',
      'there are Si',
    ],
    ['an index beyond the kinds', { system: { 'starting_magnetization(2)': 0.5 } }, 'is for kind 2, but there are 1: Si', ''],
    [
      'spin-orbit coupling without its pseudopotentials',
      { system: { noncolin: true, lspinorb: true } },
      'needs at least one fully relativistic pseudopotential',
      '',
    ],
    [
      'a tetrahedron method on a list',
      { system: { occupations: 'tetrahedra_opt' }, kPoints: [[0, 0, 0]] },
      'tetrahedra_opt needs a regular mesh',
      '',
    ],
  ])('with %s is refused', (_, parameters, message, mend) => {
    const found = firstProblem(task(parameters))
    expect(`${found?.path}: ${found?.message}`).toContain(message)
    expect(found?.mend).toContain(mend)
    expect(found?.path).toMatch(/^parameters\./)
  })

  it('names the folder, and what is there, when a pseudopotential is missing', () => {
    const oxide: Structure = { ...SILICON, species: ['Si', 'O'] }
    expect(firstProblem(task({}, { structure: oxide }))).toMatchObject({
      path: 'parameters.pseudopotentials.O',
      message: 'there is no pseudopotential for O; looked in /sw/pseudo',
      mend: expect.stringContaining('the folder holds files for Fe, Si'),
    })
    expect(firstProblem(sampleTask({ code: 'quantum-espresso', parameters: {} }))?.mend).toContain('crystalmath cluster check')
  })

  it('is refused when a file is of another element, or several fit', () => {
    expect(firstProblem(task({ pseudopotentials: { Si: 'Fe.pz-nd-rrkjus.UPF' } }))?.message).toBe(
      'Fe.pz-nd-rrkjus.UPF is a pseudopotential of Fe, not of Si',
    )
    const two = [si, pseudopotential({ fileName: 'Si.pbe-rrkj.UPF', element: 'Si', functional: 'PBE' })]
    expect(firstProblem(task({}, { files: two }))?.message).toBe('2 pseudopotentials fit Si: Si.pz-vbc.UPF, Si.pbe-rrkj.UPF')
    expect(input(task({ pseudopotentialFamily: 'pbe' }, { files: two }))).toContain('Si.pbe-rrkj.UPF')
  })

  it('is refused when functionals are mixed, unless the user names one', () => {
    const oxide: Structure = { ...SILICON, species: ['Si', 'O'] }
    const files = [si, pseudopotential({ fileName: 'O.pbe.UPF', element: 'O', functional: 'PBE', valenceElectrons: 6 })]
    expect(firstProblem(task({}, { structure: oxide, files }))?.message).toBe(
      'the pseudopotentials were made for different functionals: Si.pz-vbc.UPF (PZ), O.pbe.UPF (PBE)',
    )
    expect(problems(task({ system: { input_dft: 'PBE' } }, { structure: oxide, files }))).toEqual([])
  })

  it('is warned of a cut-off below the suggestion and refused below half of it', () => {
    expect(preparation(task({ cutoffRydberg: 20 }, { structure: IRON })).warnings).toEqual([
      'cutoffRydberg of 20 Ry is below the 30 Ry that Fe.pz-nd-rrkjus.UPF suggests',
    ])
    expect(firstProblem(task({ cutoffRydberg: 14 }, { structure: IRON }))?.message).toContain(
      '14 Ry is less than half of the 30 Ry',
    )
    expect(firstProblem(task({ cutoffRydberg: undefined }))?.message).toBe(
      'no cut-off is given, and these pseudopotentials suggest none: Si.pz-vbc.UPF',
    )
  })

  it('is refused when a moment needs more than the valence electrons', () => {
    expect(firstProblem(task({ cutoffRydberg: 40 }, { structure: { ...IRON, initialMomentsBohr: [9, 9] } }))?.message).toBe(
      'an initial moment of 9 Bohr magnetons on Fe needs more than its 8 valence electrons',
    )
  })

  it('reports all that is wrong at once', () => {
    const found = problems(task({ electrons: { mixing_bta: 0.3 }, system: { nbdn: 4 }, pseudopotentials: { C: 'C.UPF' } }))
    expect(found.map(({ path }) => path)).toEqual([
      'parameters.system.nbdn',
      'parameters.electrons.mixing_bta',
      'parameters.pseudopotentials.C',
    ])
  })
})

describe('a job of several steps', () => {
  const phonons = [
    { program: 'pw', electrons: { conv_thr: 1e-12 } },
    { program: 'ph', qMesh: [2, 2, 2], inputph: { alpha_mix: 0.5 } },
    { program: 'q2r' },
    {
      program: 'matdyn',
      qPoints: [
        [0, 0, 0],
        [0.5, 0, 0.5],
      ],
    },
  ]

  it('runs one program after the other on the same files', () => {
    const { steps, keep } = preparation(task({ steps: phonons, electrons: { mixing_beta: 0.5 } }))
    expect(steps.map(({ program, stdout }) => [program, stdout])).toEqual([
      ['pw.x', 'scf.out'],
      ['ph.x', 'ph.out'],
      ['q2r.x', 'q2r.out'],
      ['matdyn.x', 'matdyn.out'],
    ])
    expect(keep).toEqual(expect.arrayContaining(['crystalmath.dyn*', 'crystalmath.fc', 'crystalmath.freq*']))
  })

  it('merges the keywords of a step with those of the job', () => {
    const text = input(task({ steps: phonons, electrons: { mixing_beta: 0.5 } }), 'scf.in')
    expect(text).toContain('conv_thr = 1.0d-12\n  mixing_beta = 0.5')
  })

  it('renders the programs that follow pw.x', () => {
    const one = task({ steps: phonons })
    expect(input(one, 'ph.in')).toBe(
      "phonons\n&INPUTPH\n  prefix = 'crystalmath'\n  outdir = './out'\n  fildyn = 'crystalmath.dyn'\n  tr2_ph = 1.0d-14\n  max_seconds = 3240.0\n  ldisp = .true.\n  nq1 = 2\n  nq2 = 2\n  nq3 = 2\n  alpha_mix = 0.5\n/\n",
    )
    expect(input(one, 'q2r.in')).toBe("&INPUT\n  fildyn = 'crystalmath.dyn'\n  flfrc = 'crystalmath.fc'\n  zasr = 'crystal'\n/\n")
    expect(input(one, 'matdyn.in')).toContain('q_in_cryst_coord = .true.\n/\n2\n')
  })

  it.each<[string, readonly unknown[], string, string]>([
    [
      'a program that nobody knows',
      [{ program: 'pw' }, { program: 'phx' }],
      'parameters.steps[1].program',
      'program must be one of "pw", "ph"',
    ],
    ['a density of states before any density', [{ program: 'dos' }], 'parameters.steps[0]', 'dos reads what a run of pw writes'],
    [
      'an unknown keyword of ph.x',
      [{ program: 'pw' }, { program: 'ph', inputph: { tr2: 1e-14 } }],
      'parameters.steps[1].inputph.tr2',
      'there is no keyword "tr2"',
    ],
    [
      'a wrong value of dos.x',
      [{ program: 'pw' }, { program: 'dos', dos: { DeltaE: 0 } }],
      'parameters.steps[1].dos.DeltaE',
      'must be a number above 0',
    ],
    [
      'overlaps without the setup of Wannier90',
      [{ program: 'pw' }, { program: 'pw2wannier90' }],
      'parameters.steps[1]',
      'pw2wannier90.x reads wannier90.nnkp, which is not there',
    ],
    [
      'a misspelt member',
      [{ program: 'pw' }, { program: 'ph', qmesh: [2, 2, 2] }],
      'parameters.steps[1].qmesh',
      'there is no parameter "qmesh"',
    ],
    [
      'matdyn without q points',
      [{ program: 'pw' }, { program: 'ph', qMesh: [1, 1, 1] }, { program: 'q2r' }, { program: 'matdyn' }],
      'parameters.steps[3]',
      'matdyn needs q points',
    ],
    [
      'a problem inside a step',
      [{ program: 'pw', system: { nbnd: 2 } }],
      'parameters.steps[0].system.nbnd',
      '2 bands cannot hold 8 electrons',
    ],
  ])('with %s is refused', (_, steps, path, message) => {
    expect(firstProblem(task({ steps }))).toMatchObject({ path, message: expect.stringContaining(message) })
  })
})
