import type { Structure } from '@crystalmath/contract'
import { ANGSTROM_PER_BOHR } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALUMINIUM, NICKEL, pseudopotentialsOf, SILICON, THREE_ATOMS, TRICLINIC } from '../src/physics/crystals.ts'
import { doubledAlongC, farthest, moved } from '../src/physics/geometry.ts'
import {
  type Experiment,
  hasPython,
  type Laboratory,
  missing,
  openLaboratory,
  python,
  type Run,
} from '../src/physics/laboratory.ts'

const absent = missing('pw.x')
const hasAse = hasPython('ase')

let laboratory: Laboratory
beforeAll(async () => {
  laboratory = await openLaboratory()
})
afterAll(() => laboratory.close())

const READ_BACK = `
import json, sys
import ase.io
folder, output = json.load(sys.stdin)
with open(folder + '/pw.in') as f:
    atoms = ase.io.read(f, format='espresso-in')
run = ase.io.read(folder + '/' + output, format='espresso-out', index=-1)
def has(name):
    try: return getattr(run, name)()
    except Exception: return None
forces, stress = run.calc.results.get('forces'), has('get_stress')
print(json.dumps({
    'cell': atoms.cell.tolist(), 'positions': atoms.positions.tolist(), 'species': atoms.get_chemical_symbols(),
    'moments': atoms.get_initial_magnetic_moments().tolist(),
    'energy': run.get_potential_energy(), 'forces': None if forces is None else forces.tolist(),
    'stress': None if stress is None else stress.tolist(),
}))
`

type ReadBack = {
  readonly cell: number[][]
  readonly positions: number[][]
  readonly species: string[]
  readonly moments: number[]
  readonly energy: number
  readonly forces: number[][] | null
  /** Voigt xx yy zz yz xz xy, eV/Å³. */
  readonly stress: number[] | null
}

const readBack = ({ folder }: Run): ReadBack => python(READ_BACK, [folder, 'pw.out']) as ReadBack

const antiferromagnet: Structure = {
  latticeAngstrom: [
    [2.7, 0, 0],
    [0, 2.7, 0],
    [0, 0, 2.7],
  ],
  species: ['Ni', 'Ni'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.35, 1.35, 1.35],
  ],
  initialMomentsBohr: [1.2, -1.2],
}
const slab: Structure = {
  ...doubledAlongC(ALUMINIUM),
  fixed: [
    [true, true, true],
    [false, false, false],
    [true, true, false],
    [false, false, false],
  ],
}
const smearing = { kind: 'gaussian', widthEv: 0.4 }
const nickel = { cutoffRydberg: 20, densityCutoffRydberg: 160, smearing, electrons: { conv_thr: 1e-6 } }
const held = { calculation: 'relax', cutoffRydberg: 10, kMesh: [1, 1, 1], smearing, control: { forc_conv_thr: 4e-3 } }
const outOfPlace = moved(SILICON, 0, 1, 0.05)

const INPUTS: Readonly<Record<string, Experiment>> = {
  'of a crystal without symmetry': { structure: TRICLINIC, parameters: { cutoffRydberg: 14, kMesh: [2, 2, 1], smearing: null } },
  'of three elements': {
    structure: THREE_ATOMS,
    parameters: { cutoffRydberg: 12, kMesh: [1, 1, 1], kShift: [1, 1, 1], smearing },
  },
  'of an antiferromagnet': { structure: antiferromagnet, parameters: { ...nickel, kMesh: [2, 2, 2] } },
  'of a ferromagnet': { structure: NICKEL, parameters: { ...nickel, kMesh: [2, 2, 2] } },
  'with atoms that are held': {
    structure: slab,
    parameters: held,
  },
  'with listed k points': {
    structure: outOfPlace,
    parameters: {
      cutoffRydberg: 12,
      smearing: null,
      kPoints: [
        [0.25, 0.25, 0.25, 1],
        [0.25, 0.25, 0.75, 3],
      ],
    },
  },
  'of the cell and its atoms in motion': {
    structure: outOfPlace,
    parameters: {
      calculation: 'vc-md',
      cutoffRydberg: 12,
      kMesh: [1, 1, 1],
      smearing: null,
      control: { nstep: 2 },
      cell: { press: 10 },
    },
  },
}

/** pw.x is told of a moment as a part of the valence charge. ASE multiplies that by the 18 electrons that nickel has in another library. */
const momentsOf = ({ initialMomentsBohr = [] }: Structure): readonly number[] =>
  initialMomentsBohr.map((moment) => (moment / 10) * 18)

describe.skipIf(absent.length > 0 || !hasAse)('an input that pw.x accepts', () => {
  it.each(Object.entries(INPUTS))(
    '%s is read by ASE to the same physics, and so is its output',
    async (_, { structure, parameters }) => {
      const run = await laboratory.run({
        structure,
        parameters: { pseudopotentials: pseudopotentialsOf(structure), ...parameters },
      })
      const theirs = readBack(run)
      expect(theirs.species).toEqual(structure.species)
      expect(farthest(theirs.cell, structure.latticeAngstrom ?? [])).toBeLessThan(1e-9)
      expect(farthest(theirs.positions, structure.positionsAngstrom)).toBeLessThan(1e-9)
      // ASE takes all kinds of an element for one, and an antiferromagnet has two
      if (new Set(structure.initialMomentsBohr).size === 1)
        expect(farthest([theirs.moments], [momentsOf(structure)])).toBeLessThan(1e-6)

      const ours = await run.parsed('pw.out')
      expect(ours.termination).toBe('normal')
      if (parameters['calculation'] === 'vc-md') return
      // ASE counts in the rydberg of CODATA 2006
      expect(Math.abs((ours.energyEv ?? Number.NaN) / theirs.energy - 1)).toBeLessThan(2e-7)
      expect(farthest(ours.forcesEvPerAngstrom ?? [], theirs.forces ?? [])).toBeLessThan(1e-5)
      const [xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0] = theirs.stress ?? []
      const tensor = [
        [xx, xy, xz],
        [xy, yy, yz],
        [xz, yz, zz],
      ].map((row) => row.map((value) => value * 160.2176634))
      expect(farthest(ours.stressGpa ?? [], tensor)).toBeLessThan(1e-2)
    },
  )
})

describe.skipIf(absent.length > 0)('what pw.x says it was given', () => {
  it('has moments up and down in an antiferromagnet, which are no moment in all', async () => {
    const parameters = { ...nickel, pseudopotentials: pseudopotentialsOf(antiferromagnet), kMesh: [2, 2, 2] }
    const run = await laboratory.run({ structure: antiferromagnet, parameters })
    expect(run.output).toMatch(/Starting magnetic structure[\s\S]*?Ni1 +0\.120[\s\S]*?Ni2 +-0\.120/)
    const { totalMagnetizationBohr, structure } = await run.parsed()
    expect(Math.abs(totalMagnetizationBohr ?? Number.NaN)).toBeLessThan(0.01)
    expect(structure?.species).toEqual(['Ni', 'Ni'])
  })

  it('holds the atoms that may not move, in the directions in which they may not', async () => {
    const run = await laboratory.run({ structure: slab, parameters: { ...held, pseudopotentials: pseudopotentialsOf(slab) } })
    const { structure, properties } = await run.parsed()
    expect(structure?.fixed).toEqual(slab.fixed)
    expect(properties.trajectory?.length).toBeGreaterThan(1)
    const shifts = slab.positionsAngstrom.map((from, atom) =>
      from.map((x, axis) => Math.abs(x - (structure?.positionsAngstrom[atom]?.[axis] ?? Number.NaN)) > 1e-6),
    )
    for (const [atom, flags] of (slab.fixed ?? []).entries())
      for (const [axis, isFixed] of flags.entries()) if (isFixed) expect(shifts[atom]?.[axis]).toBe(false)
    expect(shifts.flat()).toContain(true)
  })

  it('is what the task asked for', async () => {
    const run = await laboratory.run({
      structure: ALUMINIUM,
      parameters: {
        pseudopotentials: pseudopotentialsOf(ALUMINIUM),
        cutoffRydberg: 14,
        densityCutoffRydberg: 60,
        kMesh: [3, 2, 1],
        smearing: { kind: 'methfessel-paxton', widthEv: 0.5 },
        system: { nbnd: 9 },
      },
    })
    const { method, structure } = await run.parsed()
    expect(method).toMatchObject({ smearing: 'methfessel-paxton', bandCount: 9, electronCount: 6, kMesh: [3, 2, 1] })
    expect(method?.cutoffEv).toBeCloseTo(14 * 13.605693, 2)
    expect(method?.densityCutoffEv).toBeCloseTo(60 * 13.605693, 2)
    expect(method?.smearingWidthEv).toBeCloseTo(0.5, 4)
    expect(farthest(structure?.positionsAngstrom ?? [], ALUMINIUM.positionsAngstrom)).toBeLessThan(1e-7)
    // pw.x counts lengths in its own bohr radius; ours is CODATA 2018
    expect(Number(/lattice parameter \(alat\) += +(\S+) /.exec(run.output)?.[1]) * ANGSTROM_PER_BOHR).toBeCloseTo(2.86, 3)
  })
})
