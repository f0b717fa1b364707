import type { CalculationResult, Structure } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALUMINIUM, NICKEL, pseudopotentialsOf, SILICON, TRICLINIC } from '../src/physics/crystals.ts'
import { differencesOf } from '../src/physics/differences.ts'
import { moved } from '../src/physics/geometry.ts'
import { type Laboratory, missing, openLaboratory } from '../src/physics/laboratory.ts'

const absent = missing('pw.x')

let laboratory: Laboratory
beforeAll(async () => {
  laboratory = await openLaboratory()
})
afterAll(() => laboratory.close())

const XML = 'out/crystalmath.save/data-file-schema.xml'
const smearing = { kind: 'cold', widthEv: 0.3 }
const nickel = { cutoffRydberg: 20, densityCutoffRydberg: 160, kMesh: [2, 2, 2], smearing }
const outOfPlace = moved(SILICON, 0, 2, 0.1)

type Kind = {
  readonly structure: Structure
  readonly parameters: Readonly<Record<string, unknown>>
  /** The text output that tells of what the XML holds. */
  readonly output: string
  /** Members that both must know, or the comparison proves nothing. */
  readonly both: readonly (keyof CalculationResult)[]
}

const STATIC = [
  'energyEv',
  'forcesEvPerAngstrom',
  'stressGpa',
  'structure',
  'pressureGpa',
  'electronicConverged',
  'scfStepCounts',
] as const

const KINDS: Readonly<Record<string, Kind>> = {
  'an insulator without symmetry': {
    structure: TRICLINIC,
    parameters: { cutoffRydberg: 16, kMesh: [2, 2, 1], smearing: null },
    output: 'pw.out',
    both: [...STATIC, 'vbmEv'],
  },
  'a smeared metal': {
    structure: ALUMINIUM,
    parameters: { cutoffRydberg: 16, kMesh: [3, 3, 2], smearing },
    output: 'pw.out',
    both: [...STATIC, 'freeEnergyEv', 'entropyTermEv', 'fermiEnergyEv'],
  },
  'a collinear magnet with an ultrasoft pseudopotential': {
    structure: NICKEL,
    parameters: nickel,
    output: 'pw.out',
    both: [...STATIC, 'totalMagnetizationBohr', 'fermiEnergyEv'],
  },
  'a noncollinear magnet': {
    structure: NICKEL,
    parameters: { ...nickel, system: { noncolin: true } },
    output: 'pw.out',
    // the XML of 6.x has no vector of the magnetization
    both: [...STATIC, 'fermiEnergyEv'],
  },
  'a relaxation': {
    structure: outOfPlace,
    parameters: { calculation: 'relax', cutoffRydberg: 16, kMesh: [2, 2, 2], smearing: null },
    output: 'pw.out',
    both: [...STATIC, 'ionicConverged', 'ionicStepCount'],
  },
  'a relaxation of the cell': {
    structure: outOfPlace,
    parameters: { calculation: 'vc-relax', cutoffRydberg: 16, kMesh: [2, 2, 2], smearing: null },
    output: 'pw.out',
    both: [...STATIC, 'ionicConverged', 'ionicStepCount', 'volumeAngstrom3'],
  },
  dynamics: {
    structure: outOfPlace,
    parameters: { calculation: 'md', cutoffRydberg: 12, kMesh: [1, 1, 1], smearing: null, control: { nstep: 4, dt: 20 } },
    output: 'pw.out',
    both: ['energyEv', 'forcesEvPerAngstrom', 'structure'],
  },
  'bands beyond the occupied ones': {
    structure: SILICON,
    parameters: { calculation: 'nscf', cutoffRydberg: 16, kMesh: [3, 3, 3], smearing: null, system: { nbnd: 8 } },
    output: 'nscf.out',
    both: ['vbmEv', 'cbmEv', 'bandGapEv', 'structure'],
  },
  'a molecule in a box': {
    structure: {
      latticeAngstrom: null,
      species: ['H', 'H'],
      positionsAngstrom: [
        [0, 0, 0],
        [0.3, 0.2, 0.7],
      ],
    },
    parameters: { cutoffRydberg: 20, vacuumAngstrom: 5 },
    output: 'pw.out',
    both: ['energyEv', 'forcesEvPerAngstrom', 'structure'],
  },
}

describe.skipIf(absent.length > 0)('the text and the XML of one run of pw.x', () => {
  it.each(Object.entries(KINDS))('say the same of %s', async (_, { structure, parameters, output, both }) => {
    const run = await laboratory.run({
      structure,
      parameters: { pseudopotentials: pseudopotentialsOf(structure), ...parameters },
    })
    const [text, xml, folder] = [await run.parsed(output), await run.parsed(XML), await run.parsed()]
    const { differences, compared } = differencesOf(text, xml)
    expect(differences).toEqual([])
    expect(both.filter((name) => !compared.includes(name))).toEqual([])
    expect(folder.diagnoses.filter(({ kind }) => kind === 'SOURCES_DISAGREE')).toEqual([])
  })
})
