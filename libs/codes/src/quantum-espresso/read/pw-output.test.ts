import { readFileSync } from 'node:fs'
import { EV_PER_RYDBERG } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pwOutput } from './pw-output.ts'
import { readIn } from './testing.ts'
import { EV_PER_ANGSTROM_PER_RY_PER_BOHR, GPA_PER_RY_PER_BOHR3 } from './units.ts'

const fixture = (name: string): string => readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url), 'latin1')
const read = (text: string, cuts: readonly number[] = [], full = false) => readIn(pwOutput('pw.out', { full }), text, cuts)
const kinds = (text: string) => read(text).diagnoses.map(({ kind }) => kind)
const NAMES = [
  'scf.out',
  'metal.out',
  'hybrid.out',
  'spin-polarised.out',
  'relax-out-of-steps.out',
  'vc-relax.out',
  'dynamics.out',
  'not-converged.out',
] as const

describe('the text output of pw.x', () => {
  it('gives energy, forces, stress, levels, geometry and resources of a healthy SCF', () => {
    const result = read(fixture('scf.out'))
    expect(result).toMatchObject({
      code: 'quantum-espresso',
      codeVersion: '6.7MaX',
      termination: 'normal',
      electronicConverged: true,
      ionicConverged: null,
      energyKind: 'total',
      energyMethod: 'PZ',
      formula: 'Si2',
      atomCount: 2,
      ionicStepCount: 1,
      scfStepCounts: [5],
      fermiEnergyEv: null,
      vbmEv: 5.7176,
      cbmEv: 7.665,
      bandGapDirect: false,
      bandGapSource: 'mesh',
      mpiRankCount: 2,
      threadsPerRank: 1,
      coreCount: 2,
      wallSeconds: 0.04,
      maxMemoryMebibytes: 2.21,
      diagnoses: [],
      warnings: [],
    })
    expect(result.energyEv).toBeCloseTo(-15.79296974 * EV_PER_RYDBERG, 8)
    expect(result.forcesEvPerAngstrom?.[0]?.[0]).toBeCloseTo(0.02988252 * EV_PER_ANGSTROM_PER_RY_PER_BOHR, 8)
    expect(result.stressGpa?.[0][0]).toBeCloseTo(0.00020732 * GPA_PER_RY_PER_BOHR3, 8)
    expect(result.pressureGpa).toBeLessThan(0)
    expect(result.method).toMatchObject({
      kPointCount: 6,
      bandCount: 8,
      electronCount: 8,
      smearing: 'fixed',
      pseudopotentials: [{ element: 'Si', title: 'Si.pz-vbc.UPF', hash: 'a974d1b8727157e37210f3f86afb6210' }],
    })
  })

  it('calls the energy of a smeared metal free, with its -TS and its Fermi energy', () => {
    expect(read(fixture('metal.out'))).toMatchObject({
      energyKind: 'free',
      entropyTermEv: -0.11452905117222027,
      fermiEnergyEv: 8.348,
      bandGapEv: 0,
      vbmEv: null,
      method: { smearing: 'fermi', smearingWidthEv: 0.02 * EV_PER_RYDBERG },
    })
  })

  it('takes the `!!` energy of exact exchange and sums the loops', () => {
    const result = read(fixture('hybrid.out'))
    expect(result.energyEv).toBeCloseTo(-15.89101945 * EV_PER_RYDBERG, 5)
    expect(result).toMatchObject({ electronicConverged: true, ionicStepCount: 1, scfStepCounts: [17], energyMethod: 'PBE0' })
  })

  it('has no energy while exact exchange is not converged, though its inner loops are', () => {
    const text = fixture('hybrid.out')
    const result = read(text.slice(0, text.indexOf('\n!!')))
    expect(result).toMatchObject({
      termination: 'truncated',
      energyEv: null,
      unconvergedEnergyEv: null,
      electronicConverged: null,
    })
  })

  it('reads spin-polarised levels, moments and the gap over both spins', () => {
    expect(read(fixture('spin-polarised.out'))).toMatchObject({
      totalMagnetizationBohr: 2,
      vbmEv: -6.8118,
      cbmEv: -4.4236,
      ionicConverged: true,
      ionicStepCount: 3,
      scfStepCounts: [9, 6, 6],
      sites: { 'atomic-sphere': { magneticMomentsBohr: [0.5486, 0.5513] } },
      method: { spinPolarized: true },
    })
  })

  it('keeps the geometry of the energy apart from the one where a restart begins', () => {
    const result = read(fixture('relax-out-of-steps.out'))
    expect(result).toMatchObject({ termination: 'normal', electronicConverged: true, ionicConverged: false, ionicStepCount: 2 })
    expect(result.diagnoses).toMatchObject([
      { kind: 'IONIC_NOT_CONVERGED', evidence: { file: 'pw.out', text: 'The maximum number of steps has been reached.' } },
    ])
    expect(result.continuationStructure?.positionsAngstrom[0]?.[1]).not.toBeCloseTo(
      result.structure?.positionsAngstrom[0]?.[1] ?? 0,
      3,
    )
    expect(result.structure?.fixed).toEqual([
      [false, false, false],
      [false, true, false],
    ])
  })

  it('knows fixed atoms of a relaxation that arrived with its first step', () => {
    const final =
      'Begin final coordinates\n\nATOMIC_POSITIONS (alat)\nSi  0.00  0.00  0.00  0 0 0\nSi  0.26  0.25  0.25  0 1 1\nEnd final coordinates\n\n'
    const text = fixture('scf.out').replace(
      '     Writing output',
      `     bfgs converged in   1 scf cycles and   0 bfgs steps\n${final}     Writing output`,
    )
    expect(read(text)).toMatchObject({
      ionicConverged: true,
      maxForceEvPerAngstrom: 0.7683104799013288,
      maxFreeForceEvPerAngstrom: 0,
    })
  })

  it('counts the final SCF at a relaxed cell as a step of its own, at the relaxed geometry', () => {
    const result = read(fixture('vc-relax.out'))
    expect(result).toMatchObject({ ionicConverged: true, ionicStepCount: 3, diagnoses: [] })
    expect(result.volumeAngstrom3).not.toBeCloseTo(39.3137, 2)
  })

  it('reports a final SCF that breaks the criterion on stress which the relaxation had met', () => {
    const text = fixture('vc-relax.out')
    const at = text.lastIndexOf('total   stress')
    expect(kinds(text.slice(0, at) + text.slice(at).replace('0.00003181', '0.00013181'))).toEqual([
      'IONIC_CONVERGENCE_REACHED_EXCEPT_IN_FINAL_SCF',
    ])
  })

  it('tells the levels of the step that counts, where a later one has no energy', () => {
    const text = fixture('dynamics.out')
    const torn = text.slice(0, text.indexOf('iteration #', text.lastIndexOf('Self-consistent Calculation')))
    const { properties, vbmEv } = read(torn, [], true)
    expect(properties.trajectory).toHaveLength(5)
    expect(properties.bands?.eigenvaluesEv[0]?.[0]).toHaveLength(4)
    expect(vbmEv).not.toBeNull()
    expect(read(torn, [182], true)).toEqual(read(torn, [], true))
  })

  it('reads temperature and kinetic energy of a dynamics, which has no ionic convergence', () => {
    expect(read(fixture('dynamics.out'))).toMatchObject({
      ionicConverged: null,
      ionicStepCount: 6,
      temperatureK: 391.72960126,
      diagnoses: [],
    })
  })

  it('has an unconverged energy only, where the cycle gave up, although the job is done', () => {
    const result = read(fixture('not-converged.out'))
    expect(result).toMatchObject({ termination: 'normal', electronicConverged: false, energyEv: null, scfStepCounts: [2] })
    expect(result.unconvergedEnergyEv).toBeCloseTo(-15.79256452 * EV_PER_RYDBERG, 5)
    expect(result.diagnoses).toMatchObject([
      { kind: 'ELECTRONIC_NOT_CONVERGED', evidence: { text: 'convergence NOT achieved after   2 iterations: stopping' } },
    ])
  })

  it('says so where it is the cycle of an ionic step that gave up', () => {
    const text = fixture('not-converged.out').replace(
      '     mixing beta',
      '     nstep                     =           50\n     mixing beta',
    )
    expect(kinds(text)).toEqual(['ELECTRONIC_NOT_CONVERGED', 'IONIC_CYCLE_ELECTRONIC_CONVERGENCE_NOT_REACHED'])
  })

  it('names file, line and text of a number that is none', () => {
    const text = fixture('scf.out').replace(/^(!\s+total energy\s+=)\s+\S+/m, '$1     **********')
    const line = text.split('\n').findIndex((row) => row.startsWith('!')) + 1
    const result = read(text)
    expect(result.energyEv).toBeNull()
    expect(result.diagnoses).toMatchObject([
      { kind: 'OUTPUT_UNREADABLE', evidence: { file: 'pw.out', line, text: expect.stringContaining('**********') } },
    ])
  })

  it('gives no forces at all where one of them is torn or broken', () => {
    const broken = fixture('scf.out').replace(/force = {4}-0\.02988252/, 'force = **************')
    expect(read(broken)).toMatchObject({
      forcesEvPerAngstrom: null,
      maxForceEvPerAngstrom: null,
      diagnoses: [{ kind: 'OUTPUT_UNREADABLE' }],
    })
  })

  it('lets the last of two runs decide, with a warning', () => {
    const result = read(fixture('not-converged.out') + fixture('scf.out'))
    expect(result).toMatchObject({
      energyMethod: 'PZ',
      scfStepCounts: [5],
      diagnoses: [],
      warnings: [expect.stringContaining('more than one run')],
    })
  })

  it('does not mind CRLF, NUL and Latin-1', () => {
    const plain = read(fixture('scf.out'))
    expect(read(fixture('scf.out').replaceAll('\n', '\r\n'))).toEqual(plain)
    expect(read(fixture('scf.out').replace('     celldm(4)', '     \0\xe9\n     celldm(4)')).energyEv).toBe(plain.energyEv)
  })

  it('tells a damped dynamics, which arrives or does not, from any other', () => {
    const steps = '     Damped Dynamics Calculation\n\n     Entering Dynamics:    iteration =     1\n'
    const text = fixture('scf.out')
    const withMotion = (motion: string) => read(text.replace('     Writing output', `${motion}     Writing output`))
    expect(withMotion(`${steps}\n     Damped Dynamics: convergence achieved in   9 steps\n`)).toMatchObject({
      ionicConverged: true,
      diagnoses: [],
    })
    expect(withMotion(`${steps}\n     The maximum number of steps has been reached.\n`)).toMatchObject({
      ionicConverged: false,
      diagnoses: [{ kind: 'IONIC_NOT_CONVERGED' }],
    })
  })

  it('knows a stop that was asked for, in the middle of a cycle', () => {
    const text = fixture('not-converged.out').replace(
      /\n.*convergence NOT achieved.*\n/,
      '\n     Program stopped by user request\n     Calculation stopped in scf loop at iteration #     2\n',
    )
    const result = read(text)
    expect(result).toMatchObject({
      termination: 'normal',
      energyEv: null,
      electronicConverged: false,
      diagnoses: [{ kind: 'STOPPED_BY_REQUEST' }],
    })
    expect(result.unconvergedEnergyEv).toBeCloseTo(-15.79256452 * EV_PER_RYDBERG, 5)
  })

  it('tells the charge of the cell', () => {
    const text = fixture('scf.out')
    expect(read(text).method?.charge).toBe(0)
    expect(
      read(text.replace(/number of electrons {7}= {9}8\.00/, 'number of electrons       =         7.50')).method?.charge,
    ).toBe(0.5)
  })

  it('tells an empty or foreign text from a calculation', () => {
    expect(read('')).toMatchObject({ termination: 'truncated', energyEv: null, diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }] })
    expect(read('nothing of the kind\n').energyEv).toBeNull()
  })

  it('knows a walltime that the program kept itself', () => {
    const stop = '     Maximum CPU time exceeded\n\n     max_seconds     =       1.00\n'
    expect(kinds(fixture('scf.out').replace('     Writing output', `${stop}     Writing output`))).toEqual(['OUT_OF_WALLTIME'])
  })

  it.each(NAMES)('says the same of %s however the blocks are cut', (name) => {
    const text = fixture(name)
    const whole = read(text, [], true)
    const lines = text.split('\n').length
    expect(
      read(
        text,
        Array.from({ length: lines }, (_, i) => i),
        true,
      ),
    ).toEqual(whole)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: lines }), { maxLength: 6 }), (cuts) => {
        expect(read(text, cuts, true)).toEqual(whole)
      }),
      { numRuns: 8 },
    )
  })

  it.each(['scf.out', 'metal.out', 'hybrid.out'] as const)(
    'says of a beginning of %s nothing that the whole contradicts',
    (name) => {
      const text = fixture(name)
      const whole = read(text)
      const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1)
      fc.assert(
        fc.property(fc.constantFrom(...ends), (end) => {
          const part = read(text.slice(0, end))
          for (const key of [
            'energyEv',
            'unconvergedEnergyEv',
            'forcesEvPerAngstrom',
            'stressGpa',
            'fermiEnergyEv',
            'atomCount',
          ] as const)
            if (part[key] !== null && !(key === 'fermiEnergyEv' && part.energyEv === null)) expect(part[key]).toEqual(whole[key])
        }),
        { numRuns: 40 },
      )
    },
  )

  it('counts each k point once where pw.x 5 lists them for either spin', () => {
    const listed = '        k(    1) = (   0.0000000   0.0000000   0.0000000), wk =   1.0000000\n'
    const doubled = fixture('spin-polarised.out')
      .replace('number of k points=     1', 'number of k points=     2')
      .replace(listed, listed + listed.replace('k(    1)', 'k(    2)'))
    for (const full of [false, true]) expect(read(doubled, [], full).method).toMatchObject({ kPointCount: 1 })
    expect(read(doubled, [], true).properties.bands?.kWeights).toEqual([1])
  })

  it('gives occupations between 0 and 1 where pw.x 4 prints them times the weights', () => {
    let point = 0
    const weights = ['0.2500', '0.5000', '0.2500', '0.5000', '0.2500', '0.2500']
    const printed = fixture('scf.out').replaceAll(/bands \(ev\):\n\n.*\n\n/g, (levels) => {
      const filled = `   ${weights[point++]}`.repeat(4)
      return `${levels}     occupation numbers \n ${filled}${'   0.0000'.repeat(4)}\n\n`
    })
    expect(point).toBe(6)
    expect(read(printed, [], true).properties.bands?.occupations).toEqual([
      Array.from({ length: 6 }, () => [1, 1, 1, 1, 0, 0, 0, 0]),
    ])
  })
})
