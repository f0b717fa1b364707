import { readFileSync } from 'node:fs'
import { ANGSTROM_PER_BOHR, EV_PER_HARTREE } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { readText, readTexts } from '../../reading/read-text.ts'
import { orcaReads } from '../reads.ts'

const fixture = (name: string) => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'latin1')
const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR
const engrad = (energy: string) =>
  `#\n# Number of atoms\n#\n 2\n#\n# The current total energy in Eh\n#\n   ${energy}\n#\n# The current gradient in Eh/bohr\n#\n       0.0\n       0.0\n      -0.01\n       0.0\n       0.0\n       0.01\n#\n# The atomic numbers and current coordinates in Bohr\n#\n   1     0.0000000    0.0000000    0.0000000\n   9     0.0000000    0.0000000    1.8897261\n`

describe('an .engrad', () => {
  it('gives energy, forces and geometry', () => {
    const result = readText(orcaReads, engrad('-100.0'), 'hf.engrad')
    expect(result).toMatchObject({ termination: 'normal', energyEv: -100 * EV_PER_HARTREE, formula: 'F H' })
    expect(result.forcesEvPerAngstrom?.[0]?.[2]).toBeCloseTo(0.01 * FORCE, 9)
  })

  it('gives nothing where it is torn', () => {
    const torn = readText(orcaReads, engrad('-100.0').slice(0, -3), 'hf.engrad')
    expect(torn).toMatchObject({ termination: 'truncated', energyEv: null, diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }] })
  })
})

describe('an output beside an .engrad', () => {
  const single = `                                 * O   R   C   A *\nProgram Version 5.0.4\nNAME = hf.inp\nCARTESIAN COORDINATES (ANGSTROEM)\n---------------------------------\n  H      0.000000    0.000000    0.000000\n  F      0.000000    0.000000    1.000000\n\n               *           SCF CONVERGED AFTER   9 CYCLES          *\nFINAL SINGLE POINT ENERGY      -100.000000000000\n                             ****ORCA TERMINATED NORMALLY****\n`
  const both = (energy: string) =>
    readTexts(orcaReads, [
      { name: 'hf.out', text: single },
      { name: 'hf.engrad', text: engrad(energy) },
    ])

  it('takes its forces where it prints none', () => {
    expect(both('-100.000000000000').maxForceEvPerAngstrom).toBeCloseTo(0.01 * FORCE, 9)
    expect(both('-100.000000000000').diagnoses).toEqual([])
  })

  it('leaves alone one of another job', () => {
    const result = readTexts(orcaReads, [
      { name: 'hf.out', text: single },
      { name: 'hf_D0001.engrad', text: engrad('-101.0') },
    ])
    expect(result).toMatchObject({
      maxForceEvPerAngstrom: null,
      diagnoses: [],
      warnings: ['hf_D0001.engrad is of another job than hf: not used'],
    })
  })

  it('says so where that is of another energy', () => {
    expect(both('-101.000000000000')).toMatchObject({
      maxForceEvPerAngstrom: null,
      diagnoses: [{ kind: 'SOURCES_DISAGREE', evidence: { file: 'hf.engrad' } }],
    })
  })
})

describe('a property file', () => {
  it.each(['property-6.txt', 'property-5.txt'])('is read in the layout of %s', (name) => {
    const result = readText(orcaReads, fixture(name), 'hf.property.txt')
    expect(result.energyEv).toBeCloseTo((name === 'property-6.txt' ? -100 : -100.001) * EV_PER_HARTREE, 9)
    expect(result.structure?.species).toEqual(['H', 'F'])
    expect(result.structure?.positionsAngstrom[1]?.[2]).toBeCloseTo(1, 9)
    expect(result.properties.dipoleDebye?.[2]).toBeCloseTo(0.7 * 2.541746473, 6)
    expect(result.method).toMatchObject({ charge: 0, multiplicity: 1, electronCount: 10, basisFunctionCount: 19 })
  })

  it('is read where its keys are capitals, as ORCA 6.0 writes them, with the frequencies of a Hessian', () => {
    const status = (geometry: number) =>
      `*************************************************\n******************* ORCA 6.0.1 ******************\n*************************************************\n$Calculation_Status\n   &GeometryIndex ${geometry}\n   &VERSION [&Type "String"] "6.0.1"\n   &STATUS [&Type "String"] "NORMAL TERMINATION"\n$End\n`
    const rest =
      '$Geometry\n   &GeometryIndex 1\n   &NATOMS [&Type "Integer"] 1\n   &CartesianCoordinates [&Type "Coordinates", &Dim(4,1), &Units "Bohr"] \n              N      0.0    0.0    0.0\n$End\n' +
      '$SCF_Energy\n   &GeometryIndex 1\n   &SCF_ENERGY [&Type "Double"]      -5.6e+01\n$End\n' +
      '$SCF_Nuc_Gradient\n   &GeometryIndex 1\n   &GRAD [&Type "ArrayOfDoubles", &Dim (3,1)] \n                 0\n\n0      0.0e+00\n1      0.0e+00\n2      1.0e-02\n$End\n' +
      '$THERMOCHEMISTRY_Energies\n   &GeometryIndex 1\n   &FREQ [&Type "ArrayOfDoubles", &Dim (2,1)] "In cm^-1"\n                 0\n\n0      0.0e+00\n1      4.0e+03\n   &ZPE [&Type "Double"]       1.0e-02\n$End\n'
    const result = readText(orcaReads, status(1) + rest, 'n.property.txt')
    expect(result).toMatchObject({ termination: 'normal', codeVersion: '6.0.1', energyEv: -56 * EV_PER_HARTREE, formula: 'N' })
    expect(result.properties.vibrationalFrequenciesPerCm).toEqual([4000])
    expect(result.properties.zeroPointEnergyEv).toBeCloseTo(0.01 * EV_PER_HARTREE, 9)
    expect(result.maxForceEvPerAngstrom).toBeCloseTo(0.01 * FORCE, 9)
    expect(readText(orcaReads, status(2) + rest, 'n.property.txt').termination).toBe('truncated')
  })

  it('is read as orca_2json writes it, and its root told from the ground state', () => {
    const result = readText(orcaReads, fixture('property-6.json'), 'hf.property.json')
    expect(result).toMatchObject({
      termination: 'normal',
      codeVersion: '6.1.1-f.0',
      ionicStepCount: 2,
      formula: 'F H',
      method: { charge: 0, multiplicity: 1, electronCount: 10, basisFunctionCount: 19 },
      properties: { vibrationalFrequenciesPerCm: [4100.5] },
    })
    expect(result.energyEv).toBeCloseTo(-100.2 * EV_PER_HARTREE, 9)
    expect(result.excitedStateEnergyEv).toBeCloseTo(-99.9 * EV_PER_HARTREE, 9)
    expect(result.structure?.positionsAngstrom[1]?.[2]).toBeCloseTo(0.952519, 6)
    expect(result.maxForceEvPerAngstrom).toBeCloseTo(0.01 * FORCE, 9)
  })

  it('says nothing of a torn JSON file', () => {
    const whole = fixture('property-6.json')
    expect(readText(orcaReads, whole.slice(0, whole.length / 2), 'hf.property.json')).toMatchObject({
      termination: 'truncated',
      energyEv: null,
      formula: null,
    })
  })

  it('tells a root of its own table of transitions in the text too', () => {
    const text = `${fixture('property-6.txt')}$MDCI_EE_Energies
   &GeometryIndex 1
   &totalEnergy [&Type "ArrayOfDoubles", &Dim (1,1)]
                 0

0      -1.003e+02
$End
$Absorption_Spectrum
   &GeometryIndex 1
   &ExcitationEnergies [&Type "ArrayOfDoubles", &Dim (1,3)]
                 0                    1                   2

0      8.1634157964e+00     6.5842405e+04    1.5187780e+02
$End
`
    const result = readText(orcaReads, text, 'hf.property.txt')
    expect(result.energyEv).toBeCloseTo(-100.3 * EV_PER_HARTREE, 9)
    expect(result.excitedStateEnergyEv).toBeCloseTo(-100 * EV_PER_HARTREE, 9)
  })

  it('gives the gradient of ORCA 6 as forces', () => {
    expect(readText(orcaReads, fixture('property-6.txt'), 'hf.property.txt').maxForceEvPerAngstrom).toBeCloseTo(0.01 * FORCE, 9)
  })
})

describe('a trajectory', () => {
  const frame = (energy: string, z: string) =>
    `2\nCoordinates from ORCA-job hf E ${energy}\n  H   0.0 0.0 0.0\n  F   0.0 0.0 ${z}\n`

  it('gives its last whole frame', () => {
    const text = `${frame('-100.0', '0.9')}${frame('-100.1', '0.95')}`
    expect(readText(orcaReads, text, 'hf_trj.xyz')).toMatchObject({ ionicStepCount: 2, energyEv: -100.1 * EV_PER_HARTREE })
    expect(readText(orcaReads, text.slice(0, -2), 'hf_trj.xyz')).toMatchObject({
      ionicStepCount: 1,
      energyEv: -100 * EV_PER_HARTREE,
    })
  })
})

describe('a Hessian', () => {
  const text =
    '\n$orca_hessian_file\n\n$act_energy\n    -100.0\n\n$vibrational_frequencies\n3\n    0        0.000000\n    1     -120.500000\n    2     4000.250000\n\n$ir_spectrum\n3\n 0.00 0.0 0.0 0.0 0.0 0.0\n -120.50 0.1 1.5 0.0 0.0 0.0\n 4000.25 0.2 2.5 0.0 0.0 0.0\n\n$atoms\n1\n H     1.00800      0.0 0.0 1.0\n\n$end\n'

  it('gives frequencies, intensities and geometry', () => {
    expect(readText(orcaReads, text, 'hf.hess')).toMatchObject({
      termination: 'normal',
      energyEv: -100 * EV_PER_HARTREE,
      properties: { vibrationalFrequenciesPerCm: [-120.5, 4000.25], infraredIntensitiesKmPerMol: [1.5, 2.5] },
    })
  })
})
