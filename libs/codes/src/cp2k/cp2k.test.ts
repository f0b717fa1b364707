import { EV_PER_HARTREE } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts, readText } from '../reading/read-text.ts'
import { cp2kReads } from './reads.ts'

const head = (runType: string) => `  **** **** ******  **  PROGRAM STARTED AT               2022-09-26 13:50:56.238
 CP2K| version string:                                       CP2K version 2022.1
 GLOBAL| Run type                                                        ${runType}
 GLOBAL| Total number of message passing processes                             4
 GLOBAL| Number of threads for this process                                    2

 CELL| Volume [angstrom^3]:                                             8.000000
 CELL| Vector a [angstrom]:       2.000     0.000     0.000   |a| =     2.000000
 CELL| Vector b [angstrom]:       0.000     2.000     0.000   |b| =     2.000000
 CELL| Vector c [angstrom]:       0.000     0.000     2.000   |c| =     2.000000

 DFT| Spin restricted (closed-shell) Kohn-Sham calculation                   RKS
 DFT| Multiplicity                                                             1
 DFT| Charge                                                                   0

 FUNCTIONAL| PBE:
 QS| Density cutoff [a.u.]:                                                150.0

 MODULE QUICKSTEP:  ATOMIC COORDINATES IN angstrom

 Atom  Kind  Element       X           Y           Z          Z(eff)       Mass
    1   1 Si  14       0.000000    0.000000    0.000000       4.0000     28.0855
    2   1 Si  14       1.000000    1.000000    1.000000       4.0000     28.0855

`
const SCF = (steps: number, energy: string) => ` SCF WAVEFUNCTION OPTIMIZATION

  *** SCF run converged in     ${steps} steps ***

 ENERGY| Total FORCE_EVAL ( QS ) energy [a.u.]:               ${energy}
`
const FORCES = ` ATOMIC FORCES in [a.u.]

 # Atom   Kind   Element          X              Y              Z
      1      1      Si          0.00300000     0.00000000     0.00400000
      2      1      Si         -0.00300000    -0.00000000    -0.00400000
 SUM OF ATOMIC FORCES           0.00000000     0.00000000     0.00000000

 STRESS| Analytical stress tensor [GPa]
 STRESS|                        x                   y                   z
 STRESS|      x          1.0                 0.1                 0.2
 STRESS|      y          0.1                 2.0                 0.3
 STRESS|      z          0.2                 0.3                 3.0
 STRESS| 1/3 Trace                                              2.0
`
const TAIL = ` CP2K                                 1  1.0    0.009    0.009   26.146   26.146
  **** **** ******  **  PROGRAM ENDED AT                 2022-09-26 13:51:22.790
`
const read = (text: string, cuts: readonly number[] = []) => readText(cp2kReads, text, 'cp2k.out', cuts)
const ENERGY = `${head('ENERGY_FORCE')}${SCF(7, '-7.100000000000')}${FORCES}${TAIL}`

describe('the output of CP2K', () => {
  const result = read(ENERGY)

  it('gives energy, forces, stress (tension positive) and resources', () => {
    expect(result).toMatchObject({
      termination: 'normal',
      electronicConverged: true,
      energyEv: -7.1 * EV_PER_HARTREE,
      formula: 'Si2',
      scfStepCounts: [7],
      stressGpa: [
        [-1, -0.1, -0.2],
        [-0.1, -2, -0.3],
        [-0.2, -0.3, -3],
      ],
      pressureGpa: 2,
      volumeAngstrom3: 8,
      coreCount: 8,
      wallSeconds: 26.146,
      method: { functional: 'PBE', spinPolarized: false, charge: 0, multiplicity: 1 },
      diagnoses: [],
    })
    expect(result.maxForceEvPerAngstrom).toBeCloseTo(0.005 * 51.422067, 6)
    expect(result.structure?.latticeAngstrom?.[1]).toEqual([0, 2, 0])
  })

  it('is the same however the blocks are cut', () => {
    fc.assert(
      fc.property(fc.subarray(lineStarts(ENERGY)), (cuts) => {
        expect(read(ENERGY, cuts)).toEqual(result)
      }),
      { numRuns: 20 },
    )
  })

  it('keeps the forces of no other step', () => {
    const text = `${head('GEO_OPT')}${SCF(7, '-7.100000000000')}${FORCES}${SCF(3, '-7.200000000000')}${TAIL}`
    expect(read(text)).toMatchObject({
      energyEv: -7.2 * EV_PER_HARTREE,
      maxForceEvPerAngstrom: null,
      stressGpa: null,
      ionicConverged: false,
      scfStepCounts: [7, 3],
      structure: null,
    })
  })

  it('has no energy where the SCF did not converge', () => {
    const text = `${head('ENERGY')} SCF WAVEFUNCTION OPTIMIZATION\n  Leaving inner SCF loop after reaching    50 steps.\n *** WARNING in qs_scf.F:542 :: SCF run NOT converged ***\n ENERGY| Total FORCE_EVAL ( QS ) energy (a.u.):               -7.096336535944440\n${TAIL}`
    expect(read(text)).toMatchObject({
      energyEv: null,
      unconvergedEnergyEv: -7.09633653594444 * EV_PER_HARTREE,
      electronicConverged: false,
      scfStepCounts: [50],
      diagnoses: [{ kind: 'ELECTRONIC_NOT_CONVERGED' }],
    })
  })

  it('tells an SCF that stands still from one that runs away', () => {
    const table = (values: readonly number[]) =>
      `${head('ENERGY')} SCF WAVEFUNCTION OPTIMIZATION\n${values.map((value, i) => `     ${i + 1} OT DIIS     0.15E+00    4.0     ${value.toFixed(8)}        -7.2386683039 -1.55E-04\n`).join('')}`
    expect(read(table([0.5, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).diagnoses[0]?.kind).toBe('INSUFFICIENT_PRECISION')
    expect(read(table([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).diagnoses[0]?.kind).toBe('DIVERGING_SCF')
    expect(read(table([0.5, 0.2, 0.1])).diagnoses.map(({ kind }) => kind)).toEqual(['OUTPUT_INCOMPLETE'])
  })

  it.each([
    ['Cholesky decomposition failed. Matrix ill conditioned ?', 'ABORT_CHOLESKY'],
    ['The specified OLD file <BASIS> cannot be opened. It does not', 'FILE_MISSING'],
    ['something that nobody foresaw', 'ABORT'],
  ])('reads the box of an abort: %s', (words, kind) => {
    const box = ` *******************************************************************************\n *   ___                                                                       *\n *  /   \\                                                                      *\n * [ABORT] ${words.padEnd(67)} *\n *  \\___/                       exist.                                         *\n * / \\                                                   common/cp_files.F:395 *\n *******************************************************************************\n`
    expect(read(head('ENERGY') + box)).toMatchObject({
      termination: 'error',
      diagnoses: [{ kind, message: `CP2K aborted: ${words} exist. common/cp_files.F:395` }],
    })
  })

  it('gives the volume of the energy where the cell moves, and none where it is not said', () => {
    const cell = (volume: string) => ` CELL| Volume [angstrom^3]:                                             ${volume}\n`
    const relaxed = `${head('CELL_OPT')}${SCF(7, '-7.1')}${cell('8.100123')}${SCF(5, '-7.2')}`
    expect(read(relaxed + TAIL).volumeAngstrom3).toBe(8.100123)
    expect(read(`${relaxed}${cell('8.2')}`).volumeAngstrom3).toBe(8.100123)
    expect(read(`${relaxed}${SCF(5, '-7.3')}${TAIL}`).volumeAngstrom3).toBeNull()
    const ensemble = ' MD_PAR| Ensemble type                                                     NPT_I\n'
    const dynamics = `${head('MD')}${ensemble}${SCF(7, '-7.1')}${SCF(5, '-7.2')}`
    expect(read(dynamics).volumeAngstrom3).toBeNull()
    expect(read(`${dynamics} MD| Cell volume [ang^3]                   8.5E+00   8.2E+00\n`).volumeAngstrom3).toBe(8.5)
  })
})
