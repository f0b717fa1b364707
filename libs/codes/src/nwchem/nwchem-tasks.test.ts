import { EV_PER_HARTREE } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts, readText } from '../reading/read-text.ts'
import { nwchemReads } from './reads.ts'

const geometry = (apart: string) => `                             Geometry "geometry" -> ""
 Output coordinates in angstroms (scale by  1.889725989 to convert to a.u.)

  No.       Tag          Charge          X              Y              Z
 ---- ---------------- ---------- -------------- -------------- --------------
    1 H                    1.0000     0.00000000     0.00000000     0.00000000
    2 F                    9.0000     0.00000000     0.00000000     ${apart}

`
const TASK = '                                NWChem Input Module\n                                -------------------\n'
const HEAD = `             Northwest Computational Chemistry Package (NWChem) 7.0.0\n${TASK}${geometry('0.95000000')}`
const SCF = (energy: string) => `   convergence    iter        energy       DeltaE   RMS-Dens  Diis-err    time
 d= 0,ls=0.0,diis     1    -99.1000000000 -8.28D+02  1.42D-02  3.78D-01     0.7

         Total DFT energy =      ${energy}
`
const GRADIENT = (apart: string) => `                         DFT ENERGY GRADIENTS

    atom               coordinates                        gradient
                 x          y          z           x          y          z
   1 H       0.000000   0.000000   0.000000    0.000000   0.000000  -0.010000
   2 F       0.000000   0.000000   ${apart}    0.000000   0.000000   0.010000

`
const OPT = `                           NWChem Geometry Optimization
${SCF('-99.150000000000')}${GRADIENT('1.795240')}@    0    -99.15000000  0.0D+00  0.01000  0.00500  0.00000  0.00000      3.0
      Optimization converged
@    0    -99.15000000  0.0D+00  0.01000  0.00500  0.00000  0.00000      3.0
${geometry('0.95000000')}`
const FREQUENCIES = (wave: string) => `             (Projected Frequencies expressed in cm-1)
 P.Frequency        0.00        0.00        0.00        0.00        0.00     ${wave}
`
const END = ' Total times  cpu:       11.5s     wall:       12.1s\n'
const read = (text: string, cuts: readonly number[] = []) => readText(nwchemReads, text, 'job.nwout', cuts)
const hartree = (energy: number) => energy * EV_PER_HARTREE

describe('an output of NWChem with several tasks', () => {
  it('gives the frequencies of the last analysis alone', () => {
    const text = `${HEAD}${SCF('-99.15')}${FREQUENCIES('4140.00')}${FREQUENCIES('3090.22')}${END}`
    expect(read(text).properties.vibrationalFrequenciesPerCm).toEqual([3090.22])
  })

  it.each([
    ['a Hessian', ' atom:   1 xyz: 1(+) wall time:       4.9      date:  Wed May 27 17:29:10 2020\n'],
    ['a gradient', ' Finite difference step  1.00000D-02\n'],
  ])('takes no displaced geometry of %s by finite differences for the answer', (_, marker) => {
    const text = `${HEAD}${SCF('-99.150000000000')}${GRADIENT('1.795240')}${marker}${SCF('-99.140000000000')}${END}`
    expect(read(text)).toMatchObject({ energyEv: hartree(-99.15), scfStepCounts: [1], electronicConverged: true })
    expect(read(text).forcesEvPerAngstrom).toHaveLength(2)
  })

  it('tells the root that an optimisation follows from the ground state', () => {
    const root = `      Ground state energy =    -99.150000000000
        Excitation energy =      0.250000000000
     Excited state energy =    -98.900000000000
`
    const excited = OPT.replace('         DFT ENERGY', `${root}         DFT ENERGY`)
      .replace('DFT ENERGY', 'TDDFT ENERGY')
      .replaceAll('-99.15000000  0.0D+00', '-98.90000000  0.0D+00')
    const result = read(HEAD + excited + END)
    expect(result).toMatchObject({ energyEv: hartree(-99.15), excitedStateEnergyEv: hartree(-98.9), ionicConverged: true })
    expect(result.forcesEvPerAngstrom).toBeNull()
    expect(result.maxForceEvPerAngstrom).toBeGreaterThan(0)
  })

  it('keeps energy and forces of an optimisation through the vibrations behind it', () => {
    const vibrations = `${TASK}                   NWChem Nuclear Hessian and Frequency Analysis\n${SCF('-99.149999000000')}${FREQUENCIES('4140.00')}`
    const result = read(HEAD + OPT + vibrations + END)
    expect(result).toMatchObject({ energyEv: hartree(-99.15), ionicConverged: true, ionicStepCount: 1 })
    expect(result.maxForceEvPerAngstrom).toBeGreaterThan(0.1)
  })

  it('gives the energy of a task behind an optimisation, without the forces of another level', () => {
    const result = read(
      `${HEAD}${OPT}${TASK}${SCF('-99.400000000000')}          Total MP2 energy           -99.700000000000\n${END}`,
    )
    expect(result).toMatchObject({
      energyEv: hartree(-99.7),
      scfEnergyEv: hartree(-99.4),
      energyMethod: 'MP2',
      ionicConverged: true,
      forcesEvPerAngstrom: null,
      formula: 'F H',
      warnings: [expect.stringContaining('behind the optimisation')],
    })
  })

  it('begins anew with another geometry', () => {
    expect(read(`${HEAD}${OPT}${TASK}${geometry('1.20000000')}${SCF('-99.300000000000')}${END}`)).toMatchObject({
      energyEv: hartree(-99.3),
      ionicConverged: null,
      scfStepCounts: [1],
      structure: { positionsAngstrom: [expect.anything(), [0, 0, 1.2]] },
    })
  })

  it('knows of no geometry where a task has another number of atoms', () => {
    expect(read(`${HEAD}${OPT}${TASK}          No. of atoms     :     1\n${SCF('-98.300000000000')}${END}`)).toMatchObject({
      energyEv: hartree(-98.3),
      structure: null,
      atomCount: null,
      ionicConverged: null,
    })
  })

  it('reads the last of two optimisations', () => {
    const second = OPT.replaceAll('-99.15', '-99.25')
    expect(read(`${HEAD}${OPT}${TASK}${second}${END}`)).toMatchObject({ energyEv: hartree(-99.25), ionicStepCount: 1 })
  })

  it('keeps an energy whose geometry is printed behind it', () => {
    const steps = `                           NWChem Geometry Optimization\n${SCF('-99.150000000000')}${GRADIENT('1.889726')}${geometry('1.00000000')}@    0    -99.15000000  0.0D+00  0.01000  0.00500  0.00000  0.00000      3.0\n`
    expect(read(HEAD + steps + END)).toMatchObject({
      energyEv: hartree(-99.15),
      structure: { positionsAngstrom: [expect.anything(), [0, 0, 1]] },
    })
  })

  it('takes the word of the optimiser for an energy of a level that it does not know', () => {
    expect(read(`${HEAD}${OPT.replaceAll('@    0    -99.15000000', '@    0    -99.45000000')}${END}`)).toMatchObject({
      energyEv: hartree(-99.45),
      energyMethod: null,
    })
  })

  it('does not take the scaled energy that is printed beside MP2 for the energy', () => {
    const text = `${HEAD}${SCF('-99.15')}          Total MP2 energy           -99.400000000000\n          Total SCS-MP2 energy      -99.390000000000\n${END}`
    expect(read(text)).toMatchObject({ energyEv: hartree(-99.4), energyMethod: 'MP2' })
  })

  it('gives no Hartree-Fock energy of a torn task: a correlated one may have been to follow', () => {
    const torn = `${HEAD}${SCF('-99.150000000000').replace('DFT', 'SCF')}`
    expect(read(torn)).toMatchObject({ energyEv: null, scfEnergyEv: hartree(-99.15), termination: 'truncated' })
    expect(read(`${torn} Task  times  cpu:        2.8s     wall:        3.0s\n`)).toMatchObject({ energyEv: hartree(-99.15) })
  })

  it('is the same however the blocks are cut', () => {
    const text = `${HEAD}${OPT}${TASK}${SCF('-99.400000000000')}${TASK}${geometry('1.20000000')}${SCF('-99.3')}${END}`
    fc.assert(
      fc.property(fc.subarray(lineStarts(text)), (cuts) => {
        expect(read(text, cuts)).toEqual(read(text))
      }),
      { numRuns: 20 },
    )
  })
})
