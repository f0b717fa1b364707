import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fed, fixture } from './__fixtures__/fed.ts'
import { outcar } from './outcar.ts'

const TEXT = fixture('relax/OUTCAR')
const read = (text: string, cuts?: readonly number[], full = false) => fed(outcar('OUTCAR', { full }), text, cuts)
const WHOLE = read(TEXT)
const END = TEXT.indexOf('\n total amount of memory')

describe('OUTCAR', () => {
  it('tells the energies of the last step', () => {
    expect(WHOLE.last).toMatchObject({
      freeEnergyEv: -21.910002,
      sigmaZeroEnergyEv: -21.908002,
      scfEnergyEv: -21.600002 + 0.002,
      entropyTermEv: -0.004,
      dispersionEnergyEv: -0.31,
      electronicConverged: true,
      scfStepCount: 3,
    })
  })

  it('tells forces, stress and geometry of the last step', () => {
    expect(WHOLE.last?.forcesEvPerAngstrom).toEqual([
      [0.006, 0.008, 0],
      [-0.006, -0.008, 0],
    ])
    expect(WHOLE.last?.stressKilobar).toEqual([
      [3, 0.5, 0],
      [0.5, 3, 0],
      [0, 0, 3],
    ])
    expect(WHOLE.last?.positionsAngstrom?.[1]).toEqual([1.9, 1.9, 1.9])
    expect(WHOLE.species).toEqual(['Si', 'Si'])
  })

  it('tells gap, Fermi energy, projected electrons, cost and the end', () => {
    expect(WHOLE.last?.bandEdges).toMatchObject({ gapEv: 0.6, vbmEv: 5.6, cbmEv: 6.2 })
    expect(WHOLE.last?.fermiEnergyEv).toBe(5.9)
    expect(WHOLE).toMatchObject({
      siteElectrons: [2.5, 2.4],
      siteMoments: null,
      mpiRankCount: 4,
      threadsPerRank: null,
      wallSeconds: 9,
      cpuSeconds: 8.5,
      maxMemoryMebibytes: 100,
    })
    expect(WHOLE).toMatchObject({
      complete: true,
      requiredAccuracyReached: true,
      stepCount: 2,
      scfStepCounts: [3, 3],
      kMesh: [2, 2, 2],
      kPointCount: 2,
    })
  })

  it('tells the atoms where the text of the potentials was taken out, by what announces them', () => {
    const announced = ' POTCAR:    PAW_PBE Si 05Jan2001                  \n'
    const without = TEXT.replace(announced, announced.repeat(2))
      .replace(/ {3}VRHFIN.*\n/, '')
      .replace(/ {3}TITEL.*\n/, '')
    expect(read(without).species).toEqual(['Si', 'Si'])
    expect(read(without.replace(announced, '')).species).toBeNull()
  })

  it('reads ranks and threads of all versions', () => {
    const start = (line: string) => read(TEXT.replace(' running on    4 total cores', line))
    expect(start(' running on    8 nodes')).toMatchObject({ mpiRankCount: 8, threadsPerRank: null })
    expect(start(' running   64 mpi-ranks, on    1 nodes')).toMatchObject({ mpiRankCount: 64, threadsPerRank: null })
    expect(start(' running   32 mpi-ranks, with    4 threads/rank, on    2 nodes')).toMatchObject({
      mpiRankCount: 32,
      threadsPerRank: 4,
    })
    expect(start(' serial version')).toMatchObject({ mpiRankCount: 1 })
  })

  it('reads the tags that VASP 6 repeats, apart from those it ran with', () => {
    const { given, settings } = read(TEXT.replace(' INCAR:\n', ' INCAR:\n   IVDW = 12\n   KSPACING = 0.3\n\n'))
    expect([...given]).toEqual([
      ['IVDW', '12'],
      ['KSPACING', '0.3'],
    ])
    expect(settings.get('IVDW')).toBe('12')
    expect(settings.get('IBRION')).toBe('2')
  })

  it('reads no tags from framed advice, and no METAGGA from its flag', () => {
    const text = TEXT.replace(
      ' generate k-points',
      "|     Bloechl's method, ISMEAR=-5, is not variational). Please switch to |\n METAGGA = R2SCA    LMAXTAU =  6\n   METAGGA=      F    non-selfconsistent MetaGGA calc.\n generate k-points",
    )
    const { settings } = read(
      text.replace('ISMEAR =    -1;', 'ISMEAR =     0;').replace('   ZVAL   =   4.00\n', '   ZVAL   =   4.00\n|  ISMEAR=-5, |\n'),
    )
    expect([settings.get('ISMEAR'), settings.get('METAGGA')]).toEqual(['0', 'R2SCA'])
  })

  it('does not believe "EDIFF is reached" at NELM (VASP 5)', () => {
    const { last, diagnoses } = read(
      TEXT.replace('NELM   =     60;', 'NELM   =      3;').replace('EDIFF  = 0.1E-03', 'EDIFF  = 0.1E-07'),
    )
    expect(last?.electronicConverged).toBe(false)
    expect(diagnoses).toMatchObject([
      { kind: 'ELECTRONIC_NOT_CONVERGED', evidence: { text: expect.stringContaining('aborting loop because EDIFF is reached') } },
    ])
  })

  it('believes "EDIFF was not reached" (VASP 6)', () => {
    const { last } = read(
      TEXT.replaceAll('aborting loop because EDIFF is reached', 'aborting loop EDIFF was not reached (unconverged)'),
    )
    expect(last?.electronicConverged).toBe(false)
  })

  it('leaves the iterations of a response out', () => {
    const response =
      '----------------------------------------- Iteration    2(   4)  ---------------------------------------\n  free energy    TOTEN  =         -1.0 eV\n'
    const { last, scfStepCounts } = read(TEXT.slice(0, END) + response + TEXT.slice(END))
    expect(scfStepCounts).toEqual([3, 3])
    expect(last?.freeEnergyEv).toBe(-21.910002)
  })

  it('takes stars and NaN for null and a diagnosis', () => {
    const starred = read(
      TEXT.replaceAll('free  energy   TOTEN  =       -21.91000200', 'free  energy   TOTEN  = ******************').replaceAll(
        'energy(sigma->0) =      -21.90800200',
        'energy(sigma->0) =*****************',
      ),
    )
    expect(starred.last?.sigmaZeroEnergyEv).toBeNull()
    expect(starred.diagnoses.map(({ kind }) => kind)).toEqual(['OUTPUT_UNREADABLE'])
    const forces = read(TEXT.replace('0.006000      0.008000', 'NaN           NaN'))
    expect(forces.last?.forcesEvPerAngstrom).toBeNull()
    expect(forces.diagnoses).toMatchObject([
      { kind: 'OUTPUT_UNREADABLE', message: 'the forces of ionic step 2 are not all numbers' },
    ])
  })

  it('reads site moments, collinear and noncollinear, and the cell moment of a polarised run', () => {
    const table = (axis: string, a: string, b: string) =>
      `\n magnetization (${axis})\n \n# of ion       s       p       d       tot\n------------------------------------------\n    1        0.000   0.000   ${a}   ${a}\n    2        0.000   0.000   ${b}   ${b}\n--------------------------------------------------\ntot          0.000   0.000   0.000   0.000\n`
    const x = table('x', '1.500', '-1.500')
    const polarised = TEXT.replace('ISPIN  =      1', 'ISPIN  =      2').replaceAll(
      '8.0000000 magnetization ',
      '8.0000000 magnetization       0.0200000',
    )
    expect(read(polarised.slice(0, END) + x + polarised.slice(END))).toMatchObject({
      siteMoments: [1.5, -1.5],
      last: { totalMagnetizationBohr: 0.02 },
    })
    const { siteMoments } = read(
      TEXT.slice(0, END) + x + table('y', '0.100', '0.200') + table('z', '0.000', '2.000') + TEXT.slice(END),
    )
    expect(siteMoments).toEqual([
      [1.5, 0.1, 0],
      [-1.5, 0.2, 2],
    ])
  })

  it('reads response tensors, Born charges, frequencies and elasticity', () => {
    const tensor = (n: number) =>
      ` ------------------------------------------------------\n   ${n}.000   0.000   0.000\n   0.000   ${n}.000   0.000\n   0.000   0.000   ${n}.000\n ------------------------------------------------------\n`
    const elastic = ['XX', 'YY', 'ZZ', 'XY', 'YZ', 'ZX']
      .map(
        (label, i) =>
          `${label}   ${[0, 1, 2, 3, 4, 5].map((j) => (i === j ? (i < 3 ? 1600 : 100 * (i + 1)) : i < 3 && j < 3 ? 600 : 0).toFixed(4)).join('  ')}\n`,
      )
      .join('')
    const text = ` MACROSCOPIC STATIC DIELECTRIC TENSOR (including local field effects in DFT)\n${tensor(12)} MACROSCOPIC STATIC DIELECTRIC TENSOR IONIC CONTRIBUTION\n${tensor(3)} BORN EFFECTIVE CHARGES (in e, cummulative output)\n -------------------------------------------------\n ion    1\n    1     1.00000     0.10000     0.00000\n    2     0.00000     1.00000     0.00000\n    3     0.00000     0.00000     1.00000\n ion    2\n    1    -1.00000     0.00000     0.00000\n    2     0.00000    -1.00000     0.00000\n    3     0.00000     0.00000    -1.00000\n\n Eigenvectors and eigenvalues of the dynamical matrix\n ----------------------------------------------------\n   1 f  =   15.529 THz    97.570 2PiTHz  517.980 cm-1    64.221 meV\n   2 f/i=    0.012 THz     0.075 2PiTHz    0.400 cm-1     0.049 meV\n TOTAL ELASTIC MODULI (kBar)\n Direction    XX          YY          ZZ          XY          YZ          ZX\n --------------------------------------------------------------------------------\n${elastic} --------------------------------------------------------------------------------\n`
    const { properties } = read(TEXT.slice(0, END) + text + TEXT.slice(END))
    expect(properties.dielectricTensor?.[1]).toEqual([0, 12, 0])
    expect(properties.dielectricTensorIonic?.[2]).toEqual([0, 0, 3])
    expect(properties.bornCharges?.map(([first]) => first)).toEqual([
      [1, 0.1, 0],
      [-1, 0, 0],
    ])
    expect(properties.vibrationalFrequenciesPerCm).toEqual([-0.4, 517.98])
    expect(properties.elasticTensorIonsRelaxed).toBe(true)
    expect(properties.elasticTensorGpa?.map((row, i) => row[i])).toEqual([160, 160, 160, 50, 60, 40])
    expect(properties.bulkModulusVoigtGpa).toBeCloseTo((160 + 2 * 60) / 3, 10)
    expect(properties.bulkModulusReussGpa).toBeCloseTo((160 + 2 * 60) / 3, 8)
  })

  it('reads quasiparticle energies, and the gap from them', () => {
    const row = (band: number, bare: number, shifted: number, occupation: number) =>
      `      ${band}      ${bare.toFixed(4)}      ${shifted.toFixed(4)}     -10.9766     -10.4570     -17.5189       0.6458       ${occupation.toFixed(4)}       0.1000\n`
    const text = ` QP shifts <psi_nk| G(iteration)W_0 |psi_nk>: iteration 1\n for sc-GW calculations column KS-energies equals QP-energies in previous step\n \n k-point   1 :       0.0000    0.0000    0.0000\n  band No.  KS-energies  QP-energies   sigma(KS)   V_xc(KS)     V^pw_x(r,r')   Z            occupation Imag(sigma)\n\n${row(1, 5.6, 5.1, 2)}${row(2, 8.1, 8.4, 0)}\n`
    const { properties, last, quasiparticle } = read(TEXT.slice(0, END) + text + TEXT.slice(END))
    expect(quasiparticle).toBe(true)
    expect(properties.quasiparticles?.[0]).toMatchObject({
      kPointIndex: 1,
      band: 1,
      bareEv: 5.6,
      quasiparticleEv: 5.1,
      renormalization: 0.6458,
      widthEv: 0.1,
    })
    expect(last?.bandEdges).toMatchObject({ vbmEv: 5.1, cbmEv: 8.4 })
  })

  it('counts a step that a force field predicts, and takes the calculation of the same step instead', () => {
    const predicted = (step: number) =>
      `--------------------------------------- Ionic step ${String(step).padStart(8)}  -------------------------------------------\n  POSITION                                       TOTAL-FORCE (eV/Angst) (ML)\n -----------------------------------------------------------------------------------\n      0.00000      0.00000      0.00000         0.100000      0.000000      0.000000\n      1.90000      1.90000      1.90000        -0.100000      0.000000      0.000000\n -----------------------------------------------------------------------------------\n  ML FREE ENERGIE OF THE ION-ELECTRON SYSTEM (eV)\n  free  energy ML TOTEN  =        -22.00000000 eV\n\n  ML energy  without entropy=      -22.00000000  ML energy(sigma->0) =      -22.00000000\n`
    const alone = read(TEXT.slice(0, END) + predicted(3) + TEXT.slice(END))
    expect(alone).toMatchObject({ stepCount: 3, scfStepCounts: [3, 3, 0] })
    expect(alone.last).toMatchObject({ machineLearned: true, sigmaZeroEnergyEv: -22, electronicConverged: null })
    const second = TEXT.indexOf('--------------------------------------- Iteration      2(   1)')
    const both = read(TEXT.slice(0, second) + predicted(2) + TEXT.slice(second))
    expect(both.steps).toEqual(WHOLE.steps)
    expect(both.last?.machineLearned).toBe(false)
  })

  it('tells the last of two runs in one file', () => {
    const twice = read(TEXT.replaceAll('-21.', '-31.') + TEXT)
    expect(twice.last).toEqual(WHOLE.last)
    expect(twice.warnings).toEqual(['OUTCAR: holds more than one run; the last one is told'])
  })

  it('does not mind CRLF and NUL', () => {
    expect(read(TEXT.replaceAll('\n', '\r\n')).last).toEqual(WHOLE.last)
    expect(read(TEXT.replace('executed', '\u0000executed')).last).toEqual(WHOLE.last)
  })

  it('says the same however the blocks are cut', () => {
    const cuts = fc.array(fc.nat(TEXT.length), { maxLength: 40 })
    for (const full of [false, true]) {
      const whole = read(TEXT, [], full)
      fc.assert(
        fc.property(cuts, (at) => void expect(read(TEXT, at, full)).toEqual(whole)),
        { numRuns: 25 },
      )
    }
  })

  it('says of a prefix nothing that the whole contradicts', () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length), (length) => {
        const { steps, complete, requiredAccuracyReached } = read(TEXT.slice(0, length))
        expect(steps).toEqual(WHOLE.steps.slice(0, steps.length))
        expect([complete && length < END, requiredAccuracyReached && steps.length < 2]).toEqual([false, false])
      }),
      { numRuns: 60 },
    )
  })

  it('never throws on a damaged text', () => {
    const damage = fc.array(fc.tuple(fc.nat(TEXT.length), fc.nat(400), fc.string({ maxLength: 5 })), { maxLength: 6 })
    const damaged = (at: readonly (readonly [number, number, string])[]): string =>
      at.reduce((text, [from, length, instead]) => text.slice(0, from) + instead + text.slice(from + length), TEXT)
    fc.assert(
      fc.property(damage, (at) => void expect(() => read(damaged(at), [], true)).not.toThrow()),
      { numRuns: 60 },
    )
  })
})
