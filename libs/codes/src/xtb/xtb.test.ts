import { EV_PER_HARTREE } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts, readText, readTexts } from '../reading/read-text.ts'
import { xtbReads } from './reads.ts'

const HEAD = `   * xtb version 6.6.1 (8d0f1dd) compiled by 'conda' on 2023-08-01
          omp threads                :                     4

   ID    Z sym.   atoms
    1    8 O      1
    2    1 H      2, 3

          :  # electrons                         8          :
          :  Hamiltonian                  GFN2-xTB          :

 iter      E             dE          RMSdq      gap      omega  full diag
   1     -5.1000000 -0.510000E+01  0.514E+00   14.00       0.0  T
   2     -5.1100000 -0.100000E-01  0.850E-05   14.00       0.0  T

   *** convergence criteria satisfied after 2 iterations ***

         #    Occupation            Energy/Eh            Energy/eV
      -------------------------------------------------------------
         4        2.0000           -0.4490000             -12.2180 (HOMO)
         5                          0.0560000               1.5238 (LUMO)
      -------------------------------------------------------------
         :: total charge               0.000000000000 e     ::
`
const CYCLE = (number: number, energy: string) => `........................................................................
.............................. CYCLE    ${number} ..............................
........................................................................

 iter      E             dE          RMSdq      gap      omega  full diag
   1     -5.1100000 -0.510000E+01  0.514E+00   14.00       0.0  T
   2     -5.1200000 -0.100000E-01  0.850E-05   14.00       0.0  T
   3     -5.1300000 -0.100000E-01  0.850E-05   14.00       0.0  T
     SCC iter.                  ...        0 min,  0.043 sec
 * total energy  :    ${energy} Eh     change       -0.6016592E-09 Eh
`
const STRUCTURE = `
================
 final structure:
================
3
 xtb: 6.6.1 (8d0f1dd)
O            0.00000000000000        0.00000000000000       -0.38000000000000
H            0.77000000000000        0.00000000000000        0.19000000000000
H           -0.77000000000000        0.00000000000000        0.19000000000000

molecular dipole:
                 x           y           z       tot (Debye)
 q only:       -0.000       0.000       0.600
   full:       -0.000       0.000       0.870       2.211
`
const TAIL = `           -------------------------------------------------
          | TOTAL ENERGY               -5.070544000000 Eh   |
          | GRADIENT NORM               0.000100000000 Eh/α |
           -------------------------------------------------
------------------------------------------------------------------------
 * finished run on 2023/12/11 at 14:11:35.816
------------------------------------------------------------------------
 total:
 * wall-time:     0 d,  0 h,  1 min,  1.500 sec
 *  cpu-time:     0 d,  0 h,  4 min,  0.000 sec
 SCF:
 * wall-time:     0 d,  0 h,  0 min,  0.706 sec
`
const OPT = `${HEAD}${CYCLE(1, '-5.0600000')}${CYCLE(2, '-5.0705440')}   *** GEOMETRY OPTIMIZATION CONVERGED AFTER 2 ITERATIONS ***\n${STRUCTURE}${TAIL}`
const read = (text: string, cuts: readonly number[] = []) => readText(xtbReads, text, 'xtb.out', cuts)
const GRADIENT = (energy: string) =>
  `$grad\n  cycle =      1    SCF energy =    ${energy}   |dE/dxyz| =  0.000100\n    0.0   0.0  -0.7      O\n    1.4   0.0   0.3      H\n   -1.4   0.0   0.3      H\n  0.0E+00   0.0E+00   1.0E-03\n  0.0E+00   0.0E+00   0.0E+00\n  0.0E+00   0.0E+00   0.0E+00\n$end\n`

describe('the output of xtb', () => {
  const result = read(OPT)

  it('gives energy, geometry, levels and resources', () => {
    expect(result).toMatchObject({
      codeVersion: '6.6.1',
      termination: 'normal',
      electronicConverged: true,
      ionicConverged: true,
      energyEv: -5.070544 * EV_PER_HARTREE,
      formula: 'H2 O',
      homoEv: [-12.218],
      lumoEv: [1.5238],
      coreCount: 4,
      wallSeconds: 61.5,
      cpuSeconds: 240,
      diagnoses: [],
      method: { charge: 0, electronCount: 8, functional: 'GFN2-xTB' },
    })
    expect(Math.hypot(...(result.properties.dipoleDebye ?? []))).toBeCloseTo(2.211, 2)
  })

  it('counts the iterations of each geometry, single points before the first with it', () => {
    expect(result.scfStepCounts).toEqual([5, 3])
    expect(result.ionicStepCount).toBe(2)
  })

  it('knows the atoms before any geometry is printed', () => {
    expect(read(HEAD)).toMatchObject({ formula: 'H2 O', termination: 'truncated', diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }] })
  })

  it('is the same however the blocks are cut', () => {
    fc.assert(
      fc.property(fc.subarray(lineStarts(OPT)), (cuts) => {
        expect(read(OPT, cuts)).toEqual(result)
      }),
      { numRuns: 20 },
    )
  })

  it('says of no part what the whole denies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: OPT.length }), (length) => {
        const part = read(OPT.slice(0, length))
        expect([null, result.energyEv]).toContain(part.energyEv)
        expect([null, 3]).toContain(part.atomCount)
        expect([null, 61.5]).toContain(part.wallSeconds)
      }),
      { numRuns: 60 },
    )
  })

  it('tells what the innermost routine said', () => {
    const failed = `${HEAD}[ERROR] Program stopped due to fatal error\n-2- xtb_calculator_singlepoint: Electronic structure method terminated\n-1- scf: Self consistent charge iterator did not converge\n####\nabnormal termination of xtb\n`
    expect(read(failed)).toMatchObject({
      termination: 'error',
      electronicConverged: false,
      energyEv: null,
      diagnoses: [{ kind: 'ELECTRONIC_NOT_CONVERGED' }],
    })
    expect(read(failed).diagnoses).toHaveLength(1)
  })
})

describe('a gradient file', () => {
  it('adds forces to an output of the same energy', () => {
    const both = (energy: string) =>
      readTexts(xtbReads, [
        { name: 'xtb.out', text: OPT },
        { name: 'gradient', text: GRADIENT(energy) },
      ])
    expect(both('-5.070544000000').maxForceEvPerAngstrom).toBeCloseTo(0.0514220675, 8)
    expect(both('-5.080000000000')).toMatchObject({ maxForceEvPerAngstrom: null, diagnoses: [{ kind: 'SOURCES_DISAGREE' }] })
  })

  it('is torn without its end', () => {
    expect(readText(xtbReads, GRADIENT('-5.0').replace('$end\n', ''), 'gradient')).toMatchObject({
      termination: 'truncated',
      energyEv: null,
    })
  })
})
