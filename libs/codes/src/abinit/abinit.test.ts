import { ANGSTROM_PER_BOHR, EV_PER_HARTREE, GPA_PER_HARTREE_PER_BOHR3 } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts, readText } from '../reading/read-text.ts'
import { abinitReads } from './reads.ts'

const HEAD = `.Version 9.8.2 of ABINIT
 -outvars: echo values of preprocessed input variables --------
            acell      2.0000000000E+00  2.0000000000E+00  2.0000000000E+00 Bohr
             ecut      1.00000000E+01 Hartree
            natom           2
           occopt           3
            typat      1  2
            znucl       14.00000    6.00000
================================================================================
== DATASET  1 ==================================================================
-   mpi_nproc: 2, omp_nthreads: 3 (-1 if OMP is not activated)
  GGA: Perdew-Burke-Ernzerhof functional - ixc=11
`
const SCF = (
  energy: string,
  said = ' At SCF step    2, forces are sufficiently converged :',
) => ` ETOT  1  -8.3000000000000    -8.385E+00 4.557E-04 3.559E-01
 ETOT  2  ${energy}    -3.291E-04 6.546E-09 8.290E-03
${said}
 Cartesian components of stress tensor (hartree/bohr^3)
  sigma(1 1)=  1.00000000E-04  sigma(3 2)=  4.00000000E-05
  sigma(2 2)=  2.00000000E-04  sigma(3 1)=  5.00000000E-05
  sigma(3 3)=  3.00000000E-04  sigma(2 1)=  6.00000000E-05

`
const FORCES = ` cartesian forces (hartree/bohr) at end:
    1      0.00300000000000     0.00000000000000     0.00400000000000
    2     -0.00300000000000    -0.00000000000000    -0.00400000000000
 frms,max,avg= 6.8752395E-28 1.1908264E-27   0.000E+00  0.000E+00  0.000E+00 h/b
`
const TAIL = ` -outvars: echo values of variables after computation  --------
            acell      2.0000000000E+00  2.0000000000E+00  2.0000000000E+00 Bohr
            natom           2
           occopt           3
            typat      1  2
            xcart      0.0000000000E+00  0.0000000000E+00  0.0000000000E+00
                       1.0000000000E+00  1.0000000000E+00  1.0000000000E+00
            znucl       14.00000    6.00000
================================================================================
 Calculation completed.
+Overall time at end (sec) : cpu=          2.5  wall=          1.9
`
const RUN = `${HEAD}${SCF('-8.4000000000000')}${FORCES}${TAIL}`
const read = (text: string, cuts: readonly number[] = []) => readText(abinitReads, text, 'run.abo', cuts)

describe('the output of ABINIT', () => {
  const result = read(RUN)

  it('gives energy, forces, stress, cell and resources', () => {
    expect(result).toMatchObject({
      termination: 'normal',
      electronicConverged: true,
      ionicConverged: null,
      energyEv: -8.4 * EV_PER_HARTREE,
      energyKind: 'free',
      formula: 'C Si',
      scfStepCounts: [2],
      coreCount: 6,
      wallSeconds: 1.9,
      method: { functional: 'PBE', cutoffEv: 10 * EV_PER_HARTREE },
      diagnoses: [],
    })
    expect(result.maxForceEvPerAngstrom).toBeCloseTo((0.005 * EV_PER_HARTREE) / ANGSTROM_PER_BOHR, 9)
    expect(result.stressGpa?.[1]?.[2]).toBeCloseTo(4e-5 * GPA_PER_HARTREE_PER_BOHR3, 9)
    expect(result.pressureGpa).toBeCloseTo(-2e-4 * GPA_PER_HARTREE_PER_BOHR3, 9)
    expect(result.structure?.positionsAngstrom[1]?.[0]).toBeCloseTo(ANGSTROM_PER_BOHR, 9)
    expect(result.volumeAngstrom3).toBeCloseTo(8 * ANGSTROM_PER_BOHR ** 3, 9)
  })

  it('is the same however the blocks are cut', () => {
    fc.assert(
      fc.property(fc.subarray(lineStarts(RUN)), (cuts) => {
        expect(read(RUN, cuts)).toEqual(result)
      }),
      { numRuns: 20 },
    )
  })

  it('has no energy before the SCF is said to have converged', () => {
    expect(read(`${HEAD} ETOT  1  -8.3000000000000    -8.385E+00 4.557E-04\n`)).toMatchObject({
      energyEv: null,
      electronicConverged: null,
      termination: 'truncated',
      scfStepCounts: [],
    })
    const failed = SCF('-8.4000000000000', ' scprqt:  WARNING -\n  nstep=    2 was not enough SCF cycles to converge;')
    expect(read(HEAD + failed + TAIL)).toMatchObject({
      energyEv: null,
      unconvergedEnergyEv: -8.4 * EV_PER_HARTREE,
      electronicConverged: false,
      diagnoses: [{ kind: 'ELECTRONIC_NOT_CONVERGED' }],
    })
  })

  it('counts the steps of a relaxation and says that it did not converge', () => {
    const text = `${HEAD}=== [ionmov= 3] Broyden\n${SCF('-8.4000000000000')}${SCF('-8.5000000000000')}  ntime=    2 was not enough Broyd/MD steps to converge gradients:\n${TAIL}`
    expect(read(text)).toMatchObject({
      energyEv: -8.5 * EV_PER_HARTREE,
      scfStepCounts: [2, 2],
      ionicConverged: false,
      diagnoses: [{ kind: 'IONIC_NOT_CONVERGED' }],
    })
  })

  it('takes no second derivative of the energy for the energy', () => {
    const response = `== DATASET  2 ==================================================================
     iter   2DEtotal(Ha)        deltaE(Ha) residm    vres2
-ETOT  1   18.269609806630     -2.320E+02 9.272E-01 1.808E+04
 ETOT  2   9.3602488661972     -8.909E+00 3.285E-02 2.864E+02
 At SCF step    2       vres2   =  2.70E-12 < tolvrs=  1.00E-10 =>converged.
`
    expect(read(`${HEAD}     iter   Etot(hartree)\n${SCF('-8.4000000000000')}${response}${TAIL}`)).toMatchObject({
      energyEv: -8.4 * EV_PER_HARTREE,
      scfStepCounts: [2],
      electronicConverged: true,
    })
  })

  it('keeps the ground state that a dataset without one rests on, and begins anew with the next', () => {
    const bands =
      '== DATASET  2 ==================================================================\n Fermi (or HOMO) energy (hartree) =   9.9\n'
    expect(read(`${HEAD}${SCF('-8.4000000000000')} Fermi (or HOMO) energy (hartree) =   0.1\n${bands}${TAIL}`)).toMatchObject({
      energyEv: -8.4 * EV_PER_HARTREE,
      fermiEnergyEv: 0.1 * EV_PER_HARTREE,
      warnings: [expect.stringContaining('datasets')],
    })
    expect(read(`${HEAD}${SCF('-8.4000000000000')}${bands}${SCF('-8.6000000000000')}${TAIL}`)).toMatchObject({
      energyEv: -8.6 * EV_PER_HARTREE,
      scfStepCounts: [2],
    })
  })

  it('gives the magnetisation of the cell', () => {
    const said = ' Total magnetization (exact up - dn):                       1.000000\n'
    expect(read(`${HEAD}${SCF('-8.4000000000000')}${said}${TAIL}`).totalMagnetizationBohr).toBe(1)
  })

  it('reads an error block', () => {
    expect(
      read(`${HEAD}--- !ERROR\nsrc_file: m_ingeo.F90\nmessage: |\n    The input variable natom must be positive\n...\n`),
    ).toMatchObject({
      termination: 'error',
      diagnoses: [{ kind: 'INPUT_ERROR', message: 'ABINIT stopped: The input variable natom must be positive' }],
    })
  })
})
