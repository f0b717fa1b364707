import { readFileSync } from 'node:fs'
import { ANGSTROM_PER_BOHR, PER_CM_PER_THZ } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { prefixesAgree, readFiles, sameHoweverCut, survivesAnything } from '../reading/testing.ts'
import { phonopyReads } from './reads.ts'

const fixture = (name: string): string => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'latin1')
const read = (name: string, text = fixture(name)) => readFiles(phonopyReads, { [name]: text }, { full: true })

describe('the files of phonopy', () => {
  it('tell the cell in their own unit of length, and the displacements', () => {
    const result = read('phonopy_disp.yaml')
    expect(result).toMatchObject({
      code: 'phonopy',
      codeVersion: '2.20.0',
      termination: 'normal',
      formula: 'Cl Cs',
      diagnoses: [],
      warnings: [],
    })
    expect(result.volumeAngstrom3).toBeCloseTo((8 * ANGSTROM_PER_BOHR) ** 3, 8)
    expect(result.properties).toMatchObject({
      displacementCount: 2,
      supercellMatrix: [
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
      ],
    })
  })

  it('give phonons along a path, those at the zone centre in inverse centimetres, and the range', () => {
    const { properties, termination } = read('band.yaml')
    expect(termination).toBe('normal')
    expect(properties.vibrationalFrequenciesPerCm?.slice(0, 2)).toEqual([-0.5 * PER_CM_PER_THZ, PER_CM_PER_THZ])
    expect(properties).toMatchObject({ lowestFrequencyThz: -0.5, highestFrequencyThz: 6 })
    expect(properties['phononBands']).toMatchObject({
      qPoints: [
        [0, 0, 0],
        [0.5, 0, 0],
      ],
      distances: [0, 0.1212],
      labels: { 0: 'G' },
    })
  })

  it('give thermal properties in eV', () => {
    const { properties } = read('thermal_properties.yaml')
    expect(properties.zeroPointEnergyEv).toBeCloseTo(0.1036427, 7)
    expect(properties.thermochemistry?.[1]).toMatchObject({ temperatureK: 300 })
    expect(properties.thermochemistry?.[1]?.entropyTimesTemperatureEv).toBeCloseTo(0.155464, 6)
    expect(properties.thermochemistry?.[1]?.thermalCorrectionEv).toBeCloseTo((4 + 15 - 10) * 0.01036427, 6)
  })

  it('that lack q points are incomplete and tell no range', () => {
    const half = fixture('band.yaml').split('- q-position: [    0.5')[0] ?? ''
    const { termination, properties, diagnoses } = read('band.yaml', half)
    expect(termination).toBe('truncated')
    expect(properties['lowestFrequencyThz']).toBeUndefined()
    expect(diagnoses.map(({ kind }) => kind)).toEqual(['OUTPUT_INCOMPLETE'])
  })

  it('with stars for a frequency say so', () => {
    const { properties, diagnoses } = read('band.yaml', fixture('band.yaml').replace(' -0.5000000000', '**************'))
    expect(diagnoses.map(({ kind }) => kind)).toEqual(['OUTPUT_UNREADABLE'])
    expect(properties.vibrationalFrequenciesPerCm).toBeUndefined()
    expect(properties['lowestFrequencyThz']).toBeUndefined()
  })

  it('of two calculations in one folder disagree', () => {
    const other = fixture('phonopy_disp.yaml').replaceAll('8.000000000000000', '8.100000000000000')
    const { diagnoses } = readFiles(phonopyReads, { 'phonopy.yaml': fixture('phonopy_disp.yaml'), 'phonopy_disp.yaml': other })
    expect(diagnoses.map(({ kind }) => kind)).toEqual(['SOURCES_DISAGREE'])
  })

  it('do not depend on how blocks are cut, nor break', () => {
    for (const name of ['phonopy_disp.yaml', 'band.yaml', 'thermal_properties.yaml']) {
      sameHoweverCut(phonopyReads, name, fixture(name))
      survivesAnything(phonopyReads, name, fixture(name))
    }
    prefixesAgree(phonopyReads, 'band.yaml', fixture('band.yaml'), ['codeVersion'])
  })
})
