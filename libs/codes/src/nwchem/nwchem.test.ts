import { EV_PER_HARTREE } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts, readText } from '../reading/read-text.ts'
import { nwchemReads } from './reads.ts'

const HEAD = `             Northwest Computational Chemistry Package (NWChem) 7.0.0
    nproc           =        4
 Output coordinates in angstroms (scale by  1.889725989 to convert to a.u.)

  No.       Tag          Charge          X              Y              Z
 ---- ---------------- ---------- -------------- -------------- --------------
    1 H1                   1.0000     0.00000000     0.00000000     0.00000000
    2 F                    9.0000     0.00000000     0.00000000     0.95000000

          Charge           :     1
          Spin multiplicity:     2
          No. of electrons :     9
                         B3LYP Method XC Potential
`
const SCF = (energy: string) => `   convergence    iter        energy       DeltaE   RMS-Dens  Diis-err    time
 ---------------- ----- ----------------- --------- --------- ---------  ------
 d= 0,ls=0.0,diis     1    -99.1000000000 -8.28D+02  1.42D-02  3.78D-01     0.7
 d= 0,ls=0.0,diis     2    -99.1500000000 -4.73D-02  6.99D-03  3.82D-02     0.9

         Total DFT energy =      ${energy}
`
const GRADIENT = (force: string) => `                         DFT ENERGY GRADIENTS

    atom               coordinates                        gradient
                 x          y          z           x          y          z
   1 H       0.000000   0.000000   0.000000    0.000000   0.000000  -${force}
   2 F       0.000000   0.000000   1.795240    0.000000   0.000000   ${force}

`
const OPT = `${HEAD}                           NWChem Geometry Optimization
${SCF('-99.150000000000')}${GRADIENT('0.010000')}@ Step       Energy      Delta E   Gmax     Grms     Xrms     Xmax   Walltime
@    0    -99.15000000  0.0D+00  0.01000  0.00500  0.00000  0.00000      3.0
${SCF('-99.150500000000')}${SCF('-99.151000000000')}${GRADIENT('0.000100')}@    1    -99.15100000 -1.0D-03  0.00010  0.00005  0.00465  0.01494      6.1
      Optimization converged
@    1    -99.15100000 -1.0D-03  0.00010  0.00005  0.00465  0.01494      6.1
 Total times  cpu:       11.5s     wall:       12.1s
`
const read = (text: string, cuts: readonly number[] = []) => readText(nwchemReads, text, 'job.nwout', cuts)
const FORCE = 51.422067476

describe('the output of NWChem', () => {
  const result = read(OPT)

  it.each([
    [
      'coupled clusters of the TCE',
      `${SCF('-99.1')} CCSD total energy / hartree       =       -99.200000000000000\n CCSD(T) total energy / hartree =  -99.300000000000000\n`,
      -99.3,
      'CCSD(T)',
    ],
    [
      'its excited states, which are not the ground state',
      `${SCF('-99.1')} CCSD total energy / hartree = -99.2\n CR-EOMCCSD(T)  total energy / hartree       =       -98.9\n`,
      -99.2,
      'CCSD',
    ],
    ['spin-orbit DFT', `${SCF('-99.1')}      Total SO-DFT energy =      -99.123\n`, -99.123, 'B3LYP'],
    ['several configurations', '     Total MCSCF energy =        -98.500000000000\n', -98.5, 'MCSCF'],
    [
      'plane waves',
      '      exchange-correlation = PBE96 (White and Bird) parameterization\n  *** tolerance ok. iteration terminated\n total     energy    :  -0.3101877670E+02 (   -0.31019E+02/ion)\n',
      -31.0187767,
      'PBE96',
    ],
    [
      'an energy on top of an optimised geometry',
      OPT.replace(' Total times', ' Total MP2 energy           -99.400000000000\n Total times'),
      -99.4,
      'MP2',
    ],
  ])('gives the energy of %s', (_, text, hartree, method) => {
    const { energyEv, energyMethod, electronicConverged } = read(text.startsWith(HEAD) ? text : HEAD + text)
    expect(energyEv).toBeCloseTo(hartree * EV_PER_HARTREE, 8)
    expect({ energyMethod, electronicConverged }).toEqual({ energyMethod: method, electronicConverged: true })
  })

  it('gives the last accepted geometry of an optimisation', () => {
    expect(result).toMatchObject({
      termination: 'normal',
      ionicConverged: true,
      energyEv: -99.151 * EV_PER_HARTREE,
      scfStepCounts: [2, 4],
      ionicStepCount: 2,
      formula: 'F H',
      coreCount: 4,
      wallSeconds: 12.1,
      cpuSeconds: 11.5,
      method: { functional: 'B3LYP', charge: 1, multiplicity: 2, electronCount: 9 },
      diagnoses: [],
    })
    expect(result.maxForceEvPerAngstrom).toBeCloseTo(0.0001 * FORCE, 6)
  })

  it('is the same however the blocks are cut', () => {
    fc.assert(
      fc.property(fc.subarray(lineStarts(OPT)), (cuts) => {
        expect(read(OPT, cuts)).toEqual(result)
      }),
      { numRuns: 20 },
    )
  })

  it('takes no step of a line search for the answer', () => {
    expect(read(OPT.slice(0, OPT.indexOf('-99.151000000000')))).toMatchObject({
      energyEv: -99.15 * EV_PER_HARTREE,
      termination: 'truncated',
      ionicConverged: false,
    })
  })

  it.each([
    ['  Calculation failed to converge', 'ELECTRONIC_NOT_CONVERGED'],
    [' !! There are insufficient internal variables: expected     2 got     3', 'AUTOZ_ERROR'],
    ['  Failed to converge in maximum number of steps or available time', 'IONIC_NOT_CONVERGED'],
    [' For more information see the NWChem manual', 'UNKNOWN_FAILURE'],
  ])('knows "%s"', (line, kind) => {
    expect(read(`${HEAD}${line}\n`)).toMatchObject({ termination: 'error', diagnoses: [{ kind }] })
  })

  it('gives no energy of an SCF that failed', () => {
    const failed = SCF('-99.150000000000').replace('         Total', '          Calculation failed to converge\n\n         Total')
    expect(read(HEAD + failed)).toMatchObject({
      energyEv: null,
      unconvergedEnergyEv: -99.15 * EV_PER_HARTREE,
      electronicConverged: false,
    })
  })
})
