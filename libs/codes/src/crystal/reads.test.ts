import { readFileSync } from 'node:fs'
import { ANGSTROM_PER_BOHR, EV_PER_HARTREE } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { prefixesAgree, readFiles, sameHoweverCut, survivesAnything } from '../reading/testing.ts'
import { crystalReads } from './reads.ts'

const fixture = (name: string): string => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'latin1')
const read = (name: string, full = false) => readFiles(crystalReads, { [name]: fixture(name) }, { full })
const kinds = (name: string) => read(name).diagnoses.map(({ kind }) => kind)

describe('a CRYSTAL output', () => {
  it('of an SCF gives energy, gap, forces, stress and method', () => {
    const result = read('scf.out')
    expect(result).toMatchObject({
      code: 'crystal',
      codeVersion: '17 1.0.2',
      termination: 'normal',
      electronicConverged: true,
      ionicConverged: null,
      energyKind: 'total',
      scfStepCounts: [8],
      formula: 'Mg O',
      atomCount: 2,
      volumeAngstrom3: 27,
      bandGapDirect: false,
      mpiRankCount: 4,
      coreCount: 4,
      wallSeconds: 102.52,
      diagnoses: [],
      method: { functional: 'PBE0', electronCount: 20, kMesh: [8, 8, 8], kPointCount: 29, spinPolarized: false },
    })
    expect(result.energyEv).toBeCloseTo(-271.21814374988 * EV_PER_HARTREE, 8)
    expect(result.bandGapEv).toBeCloseTo((0.31898375 + 0.14743374) * EV_PER_HARTREE, 6)
    expect(result.maxForceEvPerAngstrom).toBeCloseTo((Math.sqrt(5e-6) * EV_PER_HARTREE) / ANGSTROM_PER_BOHR, 8)
    expect(result.stressGpa?.[0][0]).toBeCloseTo(75.39, 2)
    expect(result.pressureGpa).toBeCloseTo(-75.39, 2)
    expect(result.structure?.positionsAngstrom[1]).toEqual([-1.5, -1.5, -1.5])
  })

  it('is a metal by its SCF, never by the net of a density of states', () => {
    const said = (kind: string) => {
      const scf = fixture('scf.out').replace(/^ *(?:INSULATING STATE|TOP OF VALENCE|BOTTOM OF VIRTUAL).*\n/gm, '')
      const text = scf.replace(
        /^.*== SCF ENDED/m,
        ' POSSIBLY CONDUCTING STATE - EFERMI(AU)  2.5000000E-01 (RES. CHARGE  5.91E-12;IT. 14)\n$&',
      )
      return readFiles(
        crystalReads,
        { 'a.out': kind === 'scf' ? text : text.replace(/^ *(?:CRYSTAL - SCF - )?TYPE OF/m, ' CRYSTAL - PROPERTIES - TYPE OF') },
        { full: false },
      )
    }
    expect(said('scf')).toMatchObject({ bandGapEv: 0, fermiEnergyEv: EV_PER_HARTREE / 4 })
    expect(said('properties')).toMatchObject({ bandGapEv: null, fermiEnergyEv: EV_PER_HARTREE / 4 })
  })

  it('keeps the SCF that properties in the same file rests on', () => {
    const banner = (fixture('scf.out').match(/^ \* {20,}CRYSTAL\d\d +\*$/m) ?? [''])[0]
    const properties = `${banner}\n EEEEEEEEEE STARTING  DATE 02 08 2016 TIME 18:07:32.0\n`
    const well = ` CRYSTAL - PROPERTIES - TYPE OF CALCULATION :  RESTRICTED CLOSED SHELL\n TTTTTTTTTTTTTTTTTTTTTTTTTTTTTT END         TELAPSE        1.16 TCPU        0.14\n EEEEEEEEEE TERMINATION  DATE 02 08 2016 TIME 18:07:33.6\n`
    const lost = ' ERROR **** init_properties_io **** Wavefunction file can not be found\n'
    const alone = read('scf.out')
    const { energyEv, wallSeconds, ionicStepCount, coreCount, structure, bandGapEv } = alone
    const kept = { energyEv, wallSeconds, ionicStepCount, coreCount, structure, bandGapEv }
    const joined = (text: string) => readFiles(crystalReads, { 'a.out': fixture('scf.out') + properties + text }, { full: false })
    expect(banner).not.toBe('')
    expect(joined(well)).toMatchObject({ ...kept, termination: 'normal', diagnoses: [] })
    expect(joined(lost)).toMatchObject({ ...kept, termination: 'error', diagnoses: [{ kind: 'WAVEFUNCTION_NOT_FOUND' }] })
    expect(joined('')).toMatchObject({ energyEv: null, termination: 'truncated' })
  })

  it('whose SCF did not converge has no energy', () => {
    const result = read('too-many-cycles.out')
    expect(result).toMatchObject({ termination: 'normal', electronicConverged: false, energyEv: null, bandGapEv: null })
    expect(result.unconvergedEnergyEv).toBeCloseTo(-271.21814374988 * EV_PER_HARTREE, 8)
    expect(kinds('too-many-cycles.out')).toEqual(['UNCONVERGED_SCF'])
  })

  it('adds the dispersion that the forces include, and waits for it', () => {
    const result = read('dispersion.out')
    expect(result.energyEv).toBeCloseTo(-271.6951553337 * EV_PER_HARTREE, 8)
    expect(result.scfEnergyEv).toBeCloseTo(-271.21814374988 * EV_PER_HARTREE, 8)
    expect(result.dispersionEnergyEv).toBeCloseTo(-0.47701158382283 * EV_PER_HARTREE, 8)
    const early = fixture('dispersion.out').split(' D3 DISPERSION')[0] ?? ''
    expect(readFiles(crystalReads, { 'x.out': early }).energyEv).toBeNull()
  })

  it('of an optimisation tells the last point, and its gap rather than that of the first', () => {
    const result = read('opt.out', true)
    expect(result).toMatchObject({
      ionicConverged: true,
      electronicConverged: true,
      scfStepCounts: [8, 6],
      ionicStepCount: 2,
      bandGapEv: 11.5,
    })
    expect(result.energyEv).toBeCloseTo(-271.25359848987 * EV_PER_HARTREE, 6)
    expect(result).toMatchObject({
      volumeAngstrom3: 24.389,
      vbmEv: null,
      forcesEvPerAngstrom: null,
      stressGpa: null,
      continuationStructure: null,
    })
    expect(result.properties.trajectory).toHaveLength(2)
  })

  it('takes forces from SCFOUT.LOG where that has the SCF of the same energy', () => {
    const result = readFiles(crystalReads, { 'opt.out': fixture('opt.out'), 'SCFOUT.LOG': fixture('scfout.log') })
    expect(result.forcesEvPerAngstrom).toHaveLength(2)
    const other = fixture('scfout.log').replaceAll('-2.7125359848987E+02', '-2.7125300000000E+02')
    expect(readFiles(crystalReads, { 'opt.out': fixture('opt.out'), 'SCFOUT.LOG': other }).forcesEvPerAngstrom).toBeNull()
  })

  it('of an optimisation that stopped keeps the last finished point and where to go on', () => {
    const result = read('opt-stopped.out')
    expect(result).toMatchObject({
      termination: 'error',
      electronicConverged: false,
      ionicConverged: false,
      volumeAngstrom3: 24.389,
      wallSeconds: 916.29,
    })
    expect(result.energyEv).toBeCloseTo(-271.25359848987 * EV_PER_HARTREE, 6)
    expect(result.continuationStructure?.latticeAngstrom?.[0][0]).toBeCloseTo(2.8, 8)
    expect(kinds('opt-stopped.out')).toEqual(['UNCONVERGED_SCF'])
  })

  it('takes the gap over both spins', () => {
    const result = read('spin.out')
    expect(result.bandGapEv).toBeCloseTo(0.2 * EV_PER_HARTREE, 8)
    expect(result).toMatchObject({
      bandGapDirect: false,
      totalMagnetizationBohr: 2,
      sites: { mulliken: { charges: [0.75, -0.75], spins: [0.5, 1.5] } },
    })
  })

  it('has no gap where CRYSTAL prints plus and minus one for levels that it did not compute', () => {
    const text = fixture('spin.out')
      .replace(/EIG -[12]\.0+E-01/g, 'EIG -1.0000000E+00')
      .replace(/EIG {2}[12]\.0+E-01/g, 'EIG  1.0000000E+00')
    expect(readFiles(crystalReads, { 'spin.out': text })).toMatchObject({ bandGapEv: null, vbmEv: null, cbmEv: null })
  })

  it('has no gap where the level shifter has moved the levels', () => {
    const shifted = fixture('scf.out').replace(
      ' TOP OF VALENCE',
      ' LOCKING - FERMI ENERGY ALTERED BY LEVEL SHIFTER\n TOP OF VALENCE',
    )
    const result = readFiles(crystalReads, { 'x.out': shifted })
    expect(result.energyEv).not.toBeNull()
    expect(result.bandGapEv).toBeNull()
    expect(result.warnings.join()).toContain('level shifter')
  })

  it('gives each mode its share of the intensity of a degenerate row', () => {
    const { properties } = read('frequencies.out')
    expect(properties.vibrationalFrequenciesPerCm).toEqual([0, 0, 0, 485.0276, 485.0276, 485.0276])
    expect(properties.infraredIntensitiesKmPerMol?.[5]).toBeCloseTo(348.36, 2)
    expect(properties.zeroPointEnergyEv).toBeCloseTo(0.0902036, 6)
    expect(properties.thermochemistry?.[0]).toMatchObject({ temperatureK: 298.15, pressurePa: 101_325 })
    expect(properties.thermochemistry?.[0]?.gibbsEnergyEv).toBeCloseTo(-271.215115122435 * EV_PER_HARTREE, 6)
  })

  it('says where it was torn', () => {
    const { termination, diagnoses, energyEv } = read('truncated.out')
    expect({ termination, energyEv }).toEqual({ termination: 'truncated', energyEv: null })
    expect(diagnoses).toMatchObject([
      { kind: 'OUTPUT_INCOMPLETE', evidence: { file: 'truncated.out', text: expect.stringContaining('PDIG') } },
    ])
  })

  it('makes a diagnosis of stars, not a number', () => {
    const result = read('stars.out')
    expect(result).toMatchObject({ energyEv: null, forcesEvPerAngstrom: null })
    expect(kinds('stars.out')).toContain('OUTPUT_UNREADABLE')
  })

  it('names an error of the input with its line', () => {
    const [diagnosis] = read('input-error.out').diagnoses
    expect(diagnosis).toMatchObject({ kind: 'INPUT_ERROR', message: 'CRYSTAL stopped in INP12B: inconsistent itol size' })
  })

  it('takes nothing of an earlier run in the same file for the last one', () => {
    const parallel = fixture('opt-stopped.out').replace(/^ PROCESS .*WORKING\n/gm, '')
    const first = ` PROCESS            0  OF           32  WORKING\n${parallel}`
    const killed = '=>> PBS: job killed: walltime 3600 exceeded limit 3600\n'
    const serial = fixture('scf.out').replace(/^ PROCESS .*WORKING\n/gm, '')
    const result = readFiles(crystalReads, { 'two.out': first + killed + serial })
    const { coreCount, mpiRankCount, energyEv, diagnoses } = readFiles(crystalReads, { 'one.out': serial })
    expect(result).toMatchObject({ coreCount, mpiRankCount, energyEv, diagnoses })
    expect(coreCount).toBeNull()
    expect(diagnoses).toEqual([])
    const other = readFiles(crystalReads, { 'two.out': first + fixture('input-error.out') })
    expect(other).toMatchObject({ energyEv: null, coreCount: 4, diagnoses: [{ kind: 'INPUT_ERROR' }] })
  })

  it('lets the last of two runs decide', () => {
    const two = fixture('too-many-cycles.out') + fixture('scf.out')
    const result = readFiles(crystalReads, { 'two.out': two })
    expect(result).toMatchObject({ electronicConverged: true, diagnoses: [], scfStepCounts: [8] })
    expect(result.warnings).toEqual([expect.stringContaining('another run begins here')])
  })

  it('reads the bands of fort.25', () => {
    const { properties } = readFiles(crystalReads, { 'fort.25': fixture('band.f25') }, { full: true })
    expect(properties['bandPlot']).toMatchObject({ distancesPerBohr: [0, 0.03, 0.06], fermiEnergyEv: -0.4 * EV_PER_HARTREE })
  })

  it('reads the structure of fort.34 and the density of states of DOSS.DAT', () => {
    const gui =
      '3 1 1\n  4.000000000E+00   0.000000000E+00   0.000000000E+00\n  0.000000000E+00   4.000000000E+00   0.000000000E+00\n  0.000000000E+00   0.000000000E+00   4.000000000E+00\n1\n' +
      '  1.0E+00 0.0E+00 0.0E+00\n  0.0E+00 1.0E+00 0.0E+00\n  0.0E+00 0.0E+00 1.0E+00\n  0.0E+00 0.0E+00 0.0E+00\n2\n  212  0.0E+00 0.0E+00 0.0E+00\n    8  2.0E+00 2.0E+00 2.0E+00\n'
    expect(readFiles(crystalReads, { 'fort.34': gui })).toMatchObject({ formula: 'Mg O', volumeAngstrom3: 64 })
    expect(readFiles(crystalReads, { 'fort.34': gui.slice(0, -30) }).structure).toBeNull()
    const doss =
      '# NEPTS     2 NPROJ     2 NSPIN     2\n@ YAXIS LABEL "DENSITY OF STATES (STATES/HARTREE/CELL)"\n -0.1 1.0 3.0\n 0.1 0.0 0.5\n&\n -0.1 -1.0 -2.0\n 0.1 0.0 -0.4\n'
    const { dos } = readFiles(crystalReads, { 'DOSS.DAT': doss }, { full: true }).properties
    expect(dos?.energiesEv[0]).toBeCloseTo(-0.1 * EV_PER_HARTREE, 9)
    expect(dos?.densities.map((spin) => spin.map((density) => density * EV_PER_HARTREE))).toEqual(
      [
        [3, 0.5],
        [2, 0.4],
      ].map((spin) => spin.map((x) => expect.closeTo(x, 9))),
    )
  })

  it.each(['scf.out', 'opt.out', 'spin.out', 'frequencies.out', 'dispersion.out'])(
    'of %s does not depend on how blocks are cut',
    (name) => {
      sameHoweverCut(crystalReads, name, fixture(name))
    },
  )

  it.each(['scf.out', 'spin.out', 'dispersion.out', 'frequencies.out'])(
    'of %s never says early what it takes back later',
    (name) => {
      prefixesAgree(crystalReads, name, fixture(name), [
        'energyEv',
        'scfEnergyEv',
        'formula',
        'atomCount',
        'volumeAngstrom3',
        'bandGapEv',
        'forcesEvPerAngstrom',
        'stressGpa',
        'totalMagnetizationBohr',
        'wallSeconds',
      ])
    },
  )

  it('survives any damage', () => {
    survivesAnything(crystalReads, 'opt.out', fixture('opt.out'))
    survivesAnything(crystalReads, 'spin.out', fixture('spin.out'))
  })

  it('is the same with CRLF', () => {
    const crlf = readFiles(crystalReads, { 'scf.out': fixture('scf.out').replaceAll('\n', '\r\n') })
    expect(crlf).toEqual(read('scf.out'))
  })
})
