import { readFileSync } from 'node:fs'
import { ANGSTROM_PER_BOHR, DEBYE_PER_E_BOHR, EV_PER_HARTREE } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts, readText } from '../../reading/read-text.ts'
import { orcaReads } from '../reads.ts'

const OPT = readFileSync(new URL('__fixtures__/opt.out', import.meta.url), 'latin1')
const read = (text: string, cuts: readonly number[] = []) => readText(orcaReads, text, 'hf.out', cuts)
const ev = (hartree: number) => hartree * EV_PER_HARTREE
const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR
const HEAD = '                                 * O   R   C   A *\n                         Program Version 5.0.4 -  RELEASE  -\n'
const DONE = '                             ****ORCA TERMINATED NORMALLY****\n'
const ATOMS =
  'CARTESIAN COORDINATES (ANGSTROEM)\n---------------------------------\n  H      0.000000    0.000000    0.000000\n  F      0.000000    0.000000    0.950000\n\n'
const CONVERGED = '               *           SCF CONVERGED AFTER   9 CYCLES          *\n'
const kinds = (text: string) => read(text).diagnoses.map(({ kind }) => kind)

describe('the output of an optimisation', () => {
  const result = read(OPT)

  it('gives the energy of the final evaluation, and the largest force of the last cycle, saying so', () => {
    expect(result.energyEv).toBeCloseTo(ev(-99.160117), 9)
    expect(result.maxForceEvPerAngstrom).toBeCloseTo(0.0002 * FORCE, 9)
    expect(result.forcesEvPerAngstrom).toBeNull()
    expect(result.warnings).toEqual([
      'the largest force is of the last optimisation cycle: ORCA computes none in the final energy evaluation',
    ])
    expect(result.structure?.positionsAngstrom).toEqual([
      [0, 0, 0],
      [0, 0, 0.981],
    ])
  })

  it('counts the SCF cycles of each geometry', () => {
    expect(result.scfStepCounts).toEqual([9, 6, 3])
    expect(result.ionicStepCount).toBe(3)
  })

  it('knows how it ended, how long it took and on how many ranks', () => {
    expect(result).toMatchObject({
      termination: 'normal',
      electronicConverged: true,
      ionicConverged: true,
      codeVersion: '5.0.4',
      wallSeconds: 3723.5,
      coreCount: 2,
      maxMemoryMebibytes: 40.5,
      diagnoses: [],
    })
    expect(result.coreHours).toBeCloseTo((3723.5 * 2) / 3600, 9)
  })

  it('takes levels, charges and moments from the geometry of the energy', () => {
    expect(result).toMatchObject({
      homoEv: [-13.8778, -677.5635],
      lumoEv: [2.9933, -10.6124],
      spinSquared: 0.752,
      spinSquaredIdeal: 0.75,
      sites: { mulliken: { charges: [0.51, 0.49], spins: [0.11, 0.89] } },
    })
    expect(result.dispersionEnergyEv).toBeCloseTo(ev(-0.000112), 9)
    expect(result.properties.dipoleDebye?.[2]).toBeCloseTo(0.5 * DEBYE_PER_E_BOHR, 9)
  })

  it('says what was run', () => {
    expect(result.energyMethod).toBe('B3LYP')
    expect(result.method).toMatchObject({
      functional: 'B3LYP',
      charge: 1,
      multiplicity: 2,
      electronCount: 9,
      basisFunctionCount: 19,
      basis: 'def2-SVP',
      spinPolarized: true,
    })
  })

  it('keeps every geometry where all was asked for', () => {
    const steps = result.properties.trajectory ?? []
    expect(steps.map(({ energyEv }) => energyEv)).toEqual([ev(-99.1501), ev(-99.16011), ev(-99.160117)])
    expect(steps.map(({ maxForceEvPerAngstrom }) => maxForceEvPerAngstrom?.toFixed(6))).toEqual([
      (0.03 * FORCE).toFixed(6),
      (0.0002 * FORCE).toFixed(6),
      undefined,
    ])
  })

  it('is the same however the blocks are cut, and with CRLF', () => {
    fc.assert(
      fc.property(fc.subarray(lineStarts(OPT)), (cuts) => {
        expect(read(OPT, cuts)).toEqual(result)
      }),
      { numRuns: 25 },
    )
    expect(read(OPT.replaceAll('\n', '\r\n'))).toEqual(result)
  })

  it('never says of a part what the whole denies', () => {
    const energies = (result.properties.trajectory ?? []).map(({ energyEv }) => energyEv)
    const start = OPT.indexOf('Program Version')
    fc.assert(
      fc.property(fc.integer({ min: start, max: OPT.length - 80 }), (length) => {
        const part = read(OPT.slice(0, length))
        expect(part.termination).toBe('truncated')
        expect([null, ...energies]).toContain(part.energyEv)
        expect([null, 2]).toContain(part.atomCount)
        expect([null, null, ...[0.03, 0.0002].map((force) => (force * FORCE).toFixed(9))]).toContain(
          part.maxForceEvPerAngstrom?.toFixed(9) ?? null,
        )
      }),
      { numRuns: 100 },
    )
  })
})

describe('an output that tells of trouble', () => {
  it('has no energy where the SCF did not converge, but tells the number', () => {
    const text = `${HEAD}${ATOMS}               *        SCF NOT CONVERGED AFTER 125 CYCLES         *\nTotal Energy       :          -99.10000000 Eh           -2696.6 eV\nFINAL SINGLE POINT ENERGY       -99.100000000000   (SCF not fully converged!)\n`
    expect(read(text)).toMatchObject({
      energyEv: null,
      electronicConverged: false,
      unconvergedEnergyEv: ev(-99.1),
      diagnoses: [{ kind: 'ELECTRONIC_NOT_CONVERGED', evidence: { line: 8 } }],
    })
  })

  it('has no energy where coupled cluster did not converge on a converged SCF', () => {
    const text = `${HEAD}${ATOMS}${CONVERGED}               --- The CCSD iterations have NOT converged ---\nFINAL SINGLE POINT ENERGY       -99.200000000000   (Wavefunction not fully converged!)\n     This wavefunction IS NOT FULLY CONVERGED! \n     Aborting the run ...\n`
    expect(read(text)).toMatchObject({ energyEv: null, termination: 'error', unconvergedEnergyEv: ev(-99.2), scfStepCounts: [9] })
    expect(kinds(text)).toEqual(['ELECTRONIC_NOT_CONVERGED'])
  })

  it('forgives an SCF that a later geometry left behind', () => {
    const text = `${HEAD}${ATOMS}               *        SCF NOT CONVERGED AFTER 125 CYCLES         *\nFINAL SINGLE POINT ENERGY       -99.100000000000   (SCF not fully converged!)\n${ATOMS}${CONVERGED}FINAL SINGLE POINT ENERGY       -99.200000000000\n${DONE}`
    expect(read(text)).toMatchObject({
      energyEv: ev(-99.2),
      electronicConverged: true,
      diagnoses: [],
      warnings: ['geometry 1: the SCF did not converge in 125 cycles'],
    })
  })

  it.each([
    ['Error : multiplicity (2) is even and number of electrons (152) is even -> impossible', 'INPUT_ERROR'],
    ['Error  (ORCA_SCF): Not enough memory available!', 'OUT_OF_MEMORY'],
    ['                    Please increase MaxCore to more than: 289 MB', 'OUT_OF_MEMORY'],
    ['Process  9: Error (ORCA_MDCI): not enough memory to treat a single 4ext-batch', 'OUT_OF_MEMORY'],
    ['Error (ORCA_MDCI): Number of processes (16) in parallel calculation exceeds number of pairs (10)', 'TOO_MANY_CORES'],
    [' ** There are no CABS   basis functions on atom number   2 (Br) **', 'BASIS_MISSING'],
    ['ORCA finished by error termination in MDCI', 'MDCI'],
    ['ORCA finished by error termination in SCF gradient', 'SCF_GRADIENT'],
    ['ORCA finished by error termination in ORCA_GTOInt', 'GTOINT'],
    ['slurmstepd: error: *** JOB 7 ON n1 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME LIMIT ***', 'OUT_OF_WALLTIME'],
    ['mpirun noticed that process rank 3 with PID 0 on node n1 exited on signal 11 (Segmentation fault).', 'SEGMENTATION_FAULT'],
    ['fwrite: No space left on device', 'DISK_FULL'],
    ['There are not enough slots available in the system to satisfy the 64', 'MPI_START_FAILED'],
    ['orca_scf: error while loading shared libraries: libmpi.so.40', 'MISSING_LIBRARY'],
  ])('knows "%s"', (line, kind) => {
    expect(kinds(`${HEAD}${ATOMS}${line}\n`)).toEqual([kind])
  })

  it('quotes the input that ORCA refuses', () => {
    const text = `${HEAD}            !!!!!!!!!!!!!!!!!!!!!!!!!!!!\n                                 INPUT ERROR\n            UNRECOGNIZED OR DUPLICATED KEYWORD(S) IN SIMPLE INPUT LINE\n             XTB1   \n            !!!!!!!!!!!!!!!!!!!!!!!!!!!!\n`
    expect(read(text)).toMatchObject({
      termination: 'error',
      diagnoses: [
        {
          kind: 'INPUT_ERROR',
          message: 'input error: UNRECOGNIZED OR DUPLICATED KEYWORD(S) IN SIMPLE INPUT LINE XTB1',
          evidence: { line: 4 },
        },
      ],
    })
  })

  it('puts the first cause first', () => {
    expect(
      kinds(`${HEAD}${ATOMS}Error  (ORCA_SCF): Not enough memory available!\nORCA finished by error termination in SCF\n`),
    ).toEqual(['OUT_OF_MEMORY', 'SCF'])
  })

  it('says that an energy below that of the atoms is a diverged SCF', () => {
    expect(kinds(`${HEAD}${ATOMS}${CONVERGED}FINAL SINGLE POINT ENERGY     -2000.000000000000\n${DONE}`)).toEqual([
      'SCF_DIVERGED',
    ])
  })

  it('says of stars where they are', () => {
    const result = read(`${HEAD}${ATOMS}${CONVERGED}FINAL SINGLE POINT ENERGY     ***************\n${DONE}`)
    expect(result.energyEv).toBeNull()
    expect(result.diagnoses).toEqual([
      {
        kind: 'OUTPUT_UNREADABLE',
        message: 'final single point energy is not a number: "***************"',
        evidence: { file: 'hf.out', line: 9, text: 'FINAL SINGLE POINT ENERGY     ***************' },
      },
    ])
  })

  it('says which row of a gradient is broken, and gives no forces', () => {
    const result = read(
      OPT.slice(0, OPT.lastIndexOf('***        THE OPT')).replace(
        '1   H   :    0.000000000    0.000000000   -0.000200000',
        '1   H   :    0.000000000    0.000000000 ***********',
      ),
    )
    expect(result.maxForceEvPerAngstrom).toBeNull()
    expect(result.diagnoses[0]).toMatchObject({
      kind: 'OUTPUT_UNREADABLE',
      evidence: { line: OPT.split('\n').findIndex((row) => row.includes('-0.000200000')) + 1 },
    })
  })

  it('calls a file without an end truncated, and an SCF in which it ends not converged', () => {
    expect(kinds(`${HEAD}${ATOMS}SCF ITERATIONS\n`)).toEqual(['OUTPUT_INCOMPLETE', 'ELECTRONIC_NOT_CONVERGED'])
    expect(read(`${HEAD}${ATOMS}`)).toMatchObject({ termination: 'truncated', ionicConverged: null, energyEv: null })
  })

  it('takes an SCF after a final energy for another geometry, of unknown places', () => {
    const text = `${HEAD}${ATOMS}${CONVERGED}FINAL SINGLE POINT ENERGY       -99.100000000000\n${CONVERGED}FINAL SINGLE POINT ENERGY       -99.200000000000\n${DONE}`
    expect(read(text)).toMatchObject({
      energyEv: ev(-99.2),
      scfStepCounts: [9, 9],
      ionicStepCount: 2,
      atomCount: 2,
      structure: null,
    })
  })

  it('takes no displaced geometry for the answer', () => {
    const text = `${HEAD}${ATOMS}${CONVERGED}FINAL SINGLE POINT ENERGY       -99.100000000000\n                           ORCA NUMERICAL FREQUENCIES\n${ATOMS}${CONVERGED}FINAL SINGLE POINT ENERGY       -99.090000000000\nVIBRATIONAL FREQUENCIES\n-----------------------\n\n   5:      4000.00 cm**-1\n\n${DONE}`
    expect(read(text)).toMatchObject({
      energyEv: ev(-99.1),
      scfStepCounts: [9],
      properties: { vibrationalFrequenciesPerCm: [4000] },
    })
  })

  it('reads the last of two runs', () => {
    const run = (energy: string) => `${HEAD}${ATOMS}${CONVERGED}FINAL SINGLE POINT ENERGY     ${energy}\n${DONE}`
    expect(read(`${run('-99.100000000000')}${run('-99.200000000000')}`)).toMatchObject({
      energyEv: ev(-99.2),
      scfStepCounts: [9],
      warnings: ['the file holds more than one run: the last one is read'],
    })
  })
})

describe('an energy with a word in front of it', () => {
  const final = (label: string, energy: string) => `FINAL SINGLE POINT ENERGY${label}      ${energy}\n`

  it('is the whole where that is QM/MM, and left alone where it is one layer', () => {
    const layers = `${HEAD}${ATOMS}${final(' (MM)', '0.019670168498')}${CONVERGED}${final('', '-99.2')}${final(' (QM/MM)', '-99.3')}${DONE}`
    expect(read(layers)).toMatchObject({ ionicStepCount: 1, scfStepCounts: [9] })
    expect(read(layers).energyEv).toBeCloseTo(ev(-99.3), 9)
  })

  it.each([' (SCF not converged)', ' (Wavefunction not fully converged!)'])('is not converged with%s', (label) => {
    expect(read(`${HEAD}${ATOMS}${CONVERGED}${final(label, '-99.2')}${DONE}`)).toMatchObject({
      energyEv: null,
      electronicConverged: false,
      diagnoses: [{ kind: 'ELECTRONIC_NOT_CONVERGED' }],
    })
  })

  it('comes never where ORCA gave the SCF up', () => {
    const text = `${HEAD}${ATOMS}SCF ITERATIONS\n         *            HUGE, UNRELIABLE STEP WAS ABOUT TO BE TAKEN   *\n         *                         ABORTING THE RUN                 *\n`
    expect(read(text)).toMatchObject({ termination: 'error', energyEv: null, diagnoses: [{ kind: 'ELECTRONIC_NOT_CONVERGED' }] })
  })
})

describe('excited states', () => {
  const text = `${HEAD}${ATOMS}${CONVERGED}STATE  1:  E=   0.200000 au      5.442 eV    43894.9 cm**-1 <S**2> =   0.000000\n    E(SCF)  =    -99.200000000 Eh\n    DE(CIS) =      0.200000000 Eh (Root  1)\n    E(tot)  =    -99.000000000 Eh\nFINAL SINGLE POINT ENERGY       -99.000000000000\n${DONE}`

  it('add up the parts of an excitation energy', () => {
    const parts = text
      .replace(
        '    E(tot)  =    -99.000000000 Eh',
        '    DE(D)   =     -0.050000000 Eh (Root  1)\n    E(tot)  =    -99.050000000 Eh',
      )
      .replace('ENERGY       -99.0', 'ENERGY       -99.05')
    expect(read(parts).energyEv).toBeCloseTo(ev(-99.2), 6)
  })

  it('may be mixed by spin-orbit coupling', () => {
    const mixed = text.replace('DE(CIS) =      0.200000000 Eh (Root  1)', 'E(SOC CIS)    =      0.200000000 Eh (SOC Root  1)')
    expect(read(mixed).energyEv).toBeCloseTo(ev(-99.2), 9)
    expect(read(mixed).excitedStateEnergyEv).toBeCloseTo(ev(-99), 9)
  })

  it('leave the ground state its energy, and tell that of the root apart', () => {
    expect(read(text).energyEv).toBeCloseTo(ev(-99.2), 9)
    expect(read(text).excitedStateEnergyEv).toBeCloseTo(ev(-99), 9)
    expect(read(text).properties.excitations).toMatchObject([{ multiplicity: '1' }])
  })
})
