import { EV_PER_HARTREE } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { quantumEspressoReads } from '../reads.ts'
import { suiteOutput } from './suite-output.ts'
import { dosTable } from './tables/dos.ts'
import { energiesOfDynamics } from './tables/dynamics.ts'
import { hubbardParameters } from './tables/hubbard-parameters.ts'
import { bandsTable, frequencyTable } from './tables/plot.ts'
import { projectedDos } from './tables/projected-dos.ts'
import { readIn, sampleOf } from './testing.ts'

const FULL = { full: true }
const banner = (program: string) =>
  `\n     Program ${program} v.6.8 starts on  1Jan2024 at 10: 0: 0\n\n     Parallel version (MPI), running on     4 processors\n\n`
const end = (program: string) => `\n     ${program.padEnd(12)} :     1m 2.50s CPU   1h 3m WALL\n\n   JOB DONE.\n`
const read = (program: string, body: string, tail = end(program)) =>
  readIn(suiteOutput('a.out', FULL), banner(program) + body + tail)

describe('the text output of a program of the suite', () => {
  it('tells version, processes, clock and end', () => {
    expect(read('Q2R', '')).toMatchObject({
      codeVersion: '6.8',
      mpiRankCount: 4,
      coreCount: 4,
      cpuSeconds: 62.5,
      wallSeconds: 3_780,
      termination: 'normal',
      diagnoses: [],
    })
    expect(read('Q2R', '', '')).toMatchObject({ termination: 'truncated', diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }] })
  })

  it.each([
    [
      'cp.x of 4',
      '\n     CP: variable-cell Car-Parrinello molecular dynamics\n     Version: 4.1 - Tue Jul 14 2009\n   JOB DONE.\n',
      '4.1',
    ],
    [
      'epw.x, which ends with its clock',
      '\n     Program EPW v.5.2.0 starts on  1Jan2024\n     EPW          :   4.16s CPU   7.02s WALL\n\n Please consider citing:\n',
      '5.2.0',
    ],
    [
      'ld1.x',
      '\n     Program LD1       v.4.0    starts ...\n     ---------------- End of All-electron run ----------------\n',
      '4.0',
    ],
    ['a program that nobody listed', '\n     Program initstate v.6.0 starts on  8Feb2017\n   JOB DONE.\n', '6.0'],
  ])('is known, and so is its end: %s', (_, text, codeVersion) => {
    expect(quantumEspressoReads.recognise(sampleOf('a.out', text))).toBe('suite-output')
    expect(readIn(suiteOutput('a.out', FULL), text)).toMatchObject({ codeVersion, termination: 'normal', diagnoses: [] })
  })

  it('of ph.x has frequencies, dielectric tensor and Born charges', () => {
    const body = `
          Dielectric constant in cartesian axis

          (      21.916070931      -0.000000000      -0.000000000 )
          (      -0.000000000      22.916070931       0.000000000 )
          (      -0.000000000       0.000000000      23.916070931 )

          Effective charges (d Force / dE) in cartesian axis

           atom      1   Si
      Ex  (       -1.07154        0.00000        0.10000 )
      Ey  (        0.00000       -1.07154       -0.00000 )
      Ez  (        0.00000       -0.00000       -1.07154 )

     Diagonalizing the dynamical matrix

     q = (    0.000000000   0.000000000   0.000000000 )

     freq (    1) =      -0.638653 [THz] =     -21.303176 [cm-1]
     freq (    2) =      17.555455 [THz] =     585.586945 [cm-1]
`
    expect(read('PHONON', body)).toMatchObject({
      diagnoses: [],
      properties: {
        vibrationalFrequenciesPerCm: [-21.303176, 585.586945],
        dielectricTensor: [
          [21.916070931, 0, 0],
          [0, 22.916070931, 0],
          [0, 0, 23.916070931],
        ].map((row) => row.map((x) => expect.closeTo(x, 9))),
        bornCharges: [[[-1.07154, 0, 0.1], expect.anything(), expect.anything()]],
      },
    })
    expect(read('PHONON', '     No convergence has been achieved\n').diagnoses).toMatchObject([
      { kind: 'CONVERGENCE_NOT_REACHED', evidence: { line: 6 } },
    ])
  })

  it('of neb.x has the images of the last iteration, and says when its steps are used up', () => {
    const body = `
     ------------------------------ iteration  13 ------------------------------

     activation energy (->) =   0.396607 eV
     activation energy (<-) =   0.400000 eV

     image        energy (eV)        error (eV/A)        frozen

         1        -44.6242679            2.176428            T
         2        -44.2276605            4.438232            F

     neb: reached the maximum number of steps
`
    const result = read('NEB', body)
    expect(result).toMatchObject({
      ionicConverged: false,
      diagnoses: [{ kind: 'NEB_CYCLE_EXCEEDED_NSTEP' }],
      properties: {
        activationEnergyForwardEv: 0.396607,
        activationEnergyBackwardEv: 0.4,
        pathIterationCount: 13,
        images: [{ energyEv: -44.6242679 }, { energyEv: -44.2276605 }],
      },
    })
    expect(read('NEB', body.slice(0, body.indexOf('     neb:')), '').diagnoses.map(({ kind }) => kind)).toContain(
      'NEB_INTERRUPTED_PARTIAL_TRAJECTORY',
    )
  })

  it('of cp.x has the last energy, in hartree, and positions in bohr', () => {
    const body = `
  nfi     ekinc              temph  tempp     etot                 enthal               econs                econt
     31    0.000192136113548    0.0  157.04     -17.171998741366     -17.171998741366     -17.169760866746     -17.16956

   * Physical Quantities at step:    32

                total energy =      -17.17463062055 Hartree a.u.

   CELL_PARAMETERS
   10.00000000    0.00000000    0.00000000
    0.00000000   10.00000000    0.00000000
    0.00000000    0.00000000   10.00000000

   ATOMIC_POSITIONS
   H       0.10000000000000E+01    0.94823974259138E+00     0.11444339524483E+01

     32    0.000178746855276    0.0  342.20     -17.174630620553     -17.174630620553     -17.169754017403     -17.16957

`
    const result = read('CP', body)
    expect(result.energyEv).toBeCloseTo(-17.17463062055 * EV_PER_HARTREE, 9)
    expect(result.structure?.positionsAngstrom[0]?.[0]).toBeCloseTo(0.529177210903, 9)
    expect(result).toMatchObject({ temperatureK: 342.2, ionicStepCount: 2 })
  })
})

describe('tables of the suite', () => {
  it('give densities of states with their Fermi energy', () => {
    const text =
      '#  E (eV)   dosup(E)     dosdw(E)   Int dos(E) EFermi =   20.187 eV\n -78.957  0.9669E-82  0.9735E-82  0.2000E+01\n -73.957  0.5  0.25  0.2000E+01\n'
    expect(readIn(dosTable('ni.dos', FULL), text)).toMatchObject({
      fermiEnergyEv: 20.187,
      properties: {
        dos: {
          energiesEv: [-78.957, -73.957],
          densities: [
            [0.9669e-82, 0.5],
            [0.9735e-82, 0.25],
          ],
        },
      },
    })
    const projected = '# E (eV)   ldos(E)   pdos(E)    pdos(E)    pdos(E)\n  -5.799  0.3  0.1  0.1  0.1\n'
    expect(readIn(projectedDos('x/si.pdos_atm#2(Si)_wfc#2(p)', FULL), projected).properties.dos?.projected).toEqual([
      { site: 1, orbital: 'p', spin: 0, densities: [0.3] },
    ])
  })

  it('give bands and frequencies, and say which number is none', () => {
    const plot =
      ' &plot nbnd=   3, nks=   2 /\n            0.000000  0.000000  0.000000\n  -21.3032  -21.3032\n  585.5869\n            0.500000  0.000000  0.000000\n  1.0  2.0\n  3.0\n'
    expect(readIn(frequencyTable('si.freq'), plot).properties.vibrationalFrequenciesPerCm).toEqual([-21.3032, -21.3032, 585.5869])
    expect(readIn(bandsTable('si.bands', FULL), plot).properties['bandsAlongPath']).toMatchObject({
      energiesEv: [
        [-21.3032, -21.3032, 585.5869],
        [1, 2, 3],
      ],
    })
    expect(readIn(frequencyTable('si.freq'), plot.replace('585.5869', '********'))).toMatchObject({
      properties: {},
      diagnoses: [{ kind: 'OUTPUT_UNREADABLE', evidence: { line: 4 } }],
    })
  })

  it('give the Hubbard parameters of hp.x', () => {
    const text = `
  =-------------------------------------------------------------------=

                           Hubbard U parameters:

       site n.  type  label  spin  new_type  new_label  Hubbard U (eV)
         1        1    Ni      1      1         Ni         7.6342

  =-------------------------------------------------------------------=

          chi0 matrix :
   -0.644902    0.069439
`
    expect(quantumEspressoReads.recognise(sampleOf('ni.Hubbard_parameters.dat', text))).toBe('hubbard-parameters')
    expect(readIn(hubbardParameters('a'), text).properties['hubbardParameters']).toEqual([
      { site: 0, label: 'Ni', hubbardUEv: 7.6342 },
    ])
  })

  it('give both layouts of an energy table of cp.x', () => {
    const row =
      '     60  7.571108E-03  1.787469E-04  0.000000E+00  3.422021E+02  -17.17463062  -17.17463062  -17.16975402  -17.16957527  1.000000E+03  -0.00000\n'
    const old =
      '     60  1.787469E-04  0.0  342.2  -17.17463062  -17.17463062  -17.16975402  -17.16957527  1000.0  -0.00000  0.00757\n'
    for (const text of [row, old])
      expect(readIn(energiesOfDynamics('a.evp', FULL), text).energyEv).toBeCloseTo(-17.17463062 * EV_PER_HARTREE, 9)
  })
})

describe('files of Quantum ESPRESSO', () => {
  it.each([
    ['a.out', '\n     Program PWSCF v.5.4.0 (svn rev. 1) starts on', 'pw-output'],
    ['a.out', '\n     Program PHONON v.6.1 starts', 'suite-output'],
    ['x.xml', '<?xml version="1.0" encoding="UTF-8"?>\n<qes:espresso xmlns', 'data-file-schema'],
    ['CRASH', ' %%%%%%%%%\n     Error in routine', 'crash'],
    ['si.freq', ' &plot nbnd=   6, nks=   1 /\n', 'frequencies'],
    ['si.bands.dat', ' &plot nbnd=   6, nks=   1 /\n', 'bands'],
    ['something', ' &plot nbnd=   6, nks=   1 /\n', null],
    ['POSCAR', 'Si\n1.0\n  0.0000000000  2.7000000000  2.7000000000\n', null],
    ['OUTCAR', ' vasp.6.3.0', null],
    ['wannier90.wout', 'WANNIER90', null],
  ])('are told by content and name: %s', (name, head, kind) => {
    expect(quantumEspressoReads.recognise(sampleOf(name, head))).toBe(kind)
  })
})
