import { CalculationResult } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { emptyResult } from './result.ts'
import { soundResult } from './sound.ts'

const withProperties = (properties: CalculationResult['properties']) => ({ ...emptyResult('vasp'), properties })
const bands = { kPoints: [[0, 0, 0] as [number, number, number]], eigenvaluesEv: [[[-1, 2]]], occupations: [[[1, 0]]] }
const dos = { energiesEv: [0, 1], densities: [[1, 2]], projected: [{ site: 0, orbital: 's', spin: 0, densities: [1, 2] }] }

describe('a sound result', () => {
  it('is left as it is', () => {
    const result = withProperties({ bands, dos })
    expect(soundResult(result)).toBe(result)
  })

  it('has null for an eigenvalue that could not be read, and says so', () => {
    const { properties, warnings } = soundResult(
      withProperties({ bands: { ...bands, eigenvaluesEv: [[[-1, Number.NaN]]] }, dos }),
    )
    expect(properties).toEqual({ bands: { ...bands, eigenvaluesEv: [[[-1, null]]] }, dos })
    expect(warnings).toEqual(['eigenvalues that are not numbers are null'])
  })

  it('has null for counts that are none, and says which', () => {
    const broken = {
      atomCount: 1e20,
      coreCount: 24.5,
      scfStepCounts: [3, Number.NaN],
      method: { multiplicity: 1.5, charge: 0.5 },
    }
    const result = soundResult({ ...emptyResult('vasp'), ...broken })
    expect(result).toMatchObject({
      atomCount: null,
      coreCount: null,
      scfStepCounts: [],
      method: { multiplicity: null, charge: 0.5 },
    })
    expect(result.warnings).toEqual([
      'not read, for no number or count is like that: atomCount, coreCount, multiplicity, scfStepCounts',
    ])
    expect(CalculationResult.parse(result)).toEqual(result)
  })

  it('lacks any other property in which a number is none', () => {
    const spectrum = { energiesEv: [0, Number.NaN], epsilonReal: [1, 2], epsilonImaginary: [0, 0] }
    const { properties, warnings } = soundResult(withProperties({ spectrum, electronCounts: [1, 2] }))
    expect(properties).toEqual({ electronCounts: [1, 2] })
    expect(warnings).toEqual(['spectrum: not all of it are numbers: left out'])
  })

  it('lacks steps and quasiparticles with counts that are none', () => {
    const step = { energyEv: -1, scfStepCount: 1e20 }
    const quasiparticle = { kPointIndex: 0, band: 1e20, bareEv: 1, correctionEv: 1, quasiparticleEv: 2 }
    const result = soundResult(withProperties({ trajectory: [step], quasiparticles: [quasiparticle] }))
    expect(result.properties).toEqual({})
    expect(CalculationResult.parse(result)).toEqual(result)
  })

  it('has no geometry and no forces of which a number is none', () => {
    const structure = {
      latticeAngstrom: null,
      species: ['H'],
      positionsAngstrom: [[0, Number.NaN, 0] as [number, number, number]],
    }
    const result = soundResult({ ...withProperties({}), structure, forcesEvPerAngstrom: [[Number.NaN, 0, 0]] })
    expect(result).toMatchObject({ structure: null, forcesEvPerAngstrom: null })
    expect(CalculationResult.parse(result)).toEqual(result)
  })

  it('lacks the columns that lack a number, and bands with holes', () => {
    const broken = { ...dos, projected: [{ site: 0, orbital: 's', spin: 0, densities: [1, Number.NaN] }] }
    const { properties } = soundResult(withProperties({ bands: { ...bands, occupations: [[[1, Number.NaN]]] }, dos: broken }))
    expect(properties.bands).toEqual({ kPoints: bands.kPoints, eigenvaluesEv: bands.eigenvaluesEv })
    expect(properties.dos).toEqual({ energiesEv: dos.energiesEv, densities: dos.densities })
    const spins: number[][][] = []
    spins[1] = [[1]]
    const result = soundResult(withProperties({ bands: { ...bands, eigenvaluesEv: spins } }))
    expect(result.properties).toEqual({})
    expect(CalculationResult.parse(result)).toEqual(result)
  })
})
