import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fed, fixture } from './__fixtures__/fed.ts'
import { vasprun } from './vasprun.ts'

const TEXT = fixture('relax/vasprun.xml')
const read = (text: string, cuts?: readonly number[], full = false) => fed(vasprun('vasprun.xml', { full }), text, cuts)
const WHOLE = read(TEXT)

describe('vasprun.xml', () => {
  it('tells the energies of the last step, with the dispersion that the electronic steps leave out', () => {
    expect(WHOLE.last).toMatchObject({
      freeEnergyEv: -21.910002,
      sigmaZeroEnergyEv: -21.908002,
      scfEnergyEv: -21.598002,
      entropyTermEv: -0.004,
      electronicConverged: true,
    })
  })

  it('tells forces, stress, cell and cartesian positions', () => {
    expect(WHOLE.last?.forcesEvPerAngstrom).toEqual([
      [0.006, 0.008, 0],
      [-0.006, -0.008, 0],
    ])
    expect(WHOLE.last?.stressKilobar?.[0]).toEqual([3, 0.5, 0])
    expect(WHOLE.last?.positionsAngstrom?.[1]).toEqual([1.9, 1.9, 1.9])
    expect(WHOLE.species).toEqual(['Si', 'Si'])
  })

  it('tells no atoms of a list that was torn or lacks a line, for it would be another system', () => {
    const rows = [...TEXT.matchAll(/<rc><c>Si *<\/c>.*<\/rc>\n/g)]
    expect(rows).toHaveLength(2)
    const [, second] = rows
    expect(read(TEXT.slice(0, second?.index)).species).toBeNull()
    expect(read(TEXT.replace(second?.[0] ?? '?', '')).species).toBeNull()
  })

  it('tells steps, k points, version, potentials and tags; the first entry of a tag counts', () => {
    expect(WHOLE).toMatchObject({
      stepCount: 2,
      scfStepCounts: [3, 3],
      kPointCount: 2,
      kMesh: [2, 2, 2],
      version: '5.4.4.18Apr17',
      complete: true,
    })
    expect(WHOLE.potentials).toEqual([{ element: 'Si', title: 'PAW_PBE Si 05Jan2001', hash: null, valence: 4, atomCount: 2 }])
    expect(WHOLE.settings.get('NELM')).toBe('60')
    expect(WHOLE.settings.get('IVDW')).toBe('12')
  })

  it('tells band edges and the Fermi energy', () => {
    expect(WHOLE.last?.bandEdges).toMatchObject({ gapEv: 0.6, vbmEv: 5.6, cbmEv: 6.2, direct: false })
    expect(WHOLE.last?.fermiEnergyEv).toBe(5.9)
  })

  it('keeps eigenvalues and densities of states only where the full content is asked for', () => {
    expect([WHOLE.bands, WHOLE.dos]).toEqual([null, null])
    const { bands, dos } = read(TEXT, [], true)
    expect(bands).toMatchObject({
      kWeights: [0.25, 0.75],
      eigenvaluesEv: [
        [
          [-6.2, 5.6, 8.1, 8.2],
          [-4, 3, 6.2, 9],
        ],
      ],
    })
    expect(dos).toMatchObject({ energiesEv: [-7, 0, 7], densities: [[0, 1.5, 0.5]], integrated: [[0, 4, 8]], fermiEnergyEv: 5.9 })
    expect(dos?.projected).toEqual([
      { site: 0, orbital: 's', spin: 0, densities: [0, 0.7, 0.1] },
      { site: 0, orbital: 'p', spin: 0, densities: [0, 0.1, 0.2] },
    ])
  })

  it('takes a loop that used up NELM without reaching EDIFF for unconverged, and quotes its last energy', () => {
    const { last, diagnoses } = read(
      TEXT.replace('"NELM">    60<', '"NELM">     3<').replace('"EDIFF">      0.00010000<', '"EDIFF">      0.00000001<'),
    )
    expect(last?.electronicConverged).toBe(false)
    expect(diagnoses).toMatchObject([
      { kind: 'ELECTRONIC_NOT_CONVERGED', evidence: { file: 'vasprun.xml', text: '<i name="e_0_energy">    -21.59800200 </i>' } },
    ])
    expect(TEXT.split('\n')[(diagnoses[0]?.evidence.line ?? 0) - 1]).toContain('</scstep>')
  })

  it('leaves the electronic steps of a response out', () => {
    const response =
      '  <scstep>\n   <energy>\n    <i name="e_0_energy">    -1.0 </i>\n   </energy>\n  </scstep>\n  <energy>\n   <i name="e_fr_energy">  -1.0 </i>\n  </energy>\n'
    const { last, scfStepCounts } = read(TEXT.replaceAll('  <time name="totalsc">', `${response}  <time name="totalsc">`))
    expect(scfStepCounts).toEqual([3, 3])
    expect(last?.sigmaZeroEnergyEv).toBe(-21.908002)
  })

  it('reads response tensors, Born charges, vibrations, spectra and excitations', () => {
    const matrix = (n: number) => [0, 1, 2].map((i) => `<v> ${[0, 1, 2].map((j) => (i === j ? n : 0)).join(' ')} </v>\n`).join('')
    const spectrum = (part: string, n: number) =>
      `<${part}><array><field>energy</field><set>\n<r> 0.0 ${n} ${n} ${n} 0 0 0 </r>\n<r> 1.0 1 2 3 0 0 0 </r>\n</set></array></${part}>\n`
    const response = `<varray name="epsilon" >\n${matrix(12)}</varray>\n<varray name="epsilon_ion" >\n${matrix(3)}</varray>\n<array name="born_charges" >\n<set>\n${matrix(1)}</set>\n<set>\n${matrix(-1)}</set>\n</array>\n<dynmat>\n<v name="eigenvalues"> -0.92 0.01 </v>\n</dynmat>\n<dielectricfunction>\n${spectrum('imag', 4)}${spectrum('real', 5)}</dielectricfunction>\n<varray name="opticaltransitions" >\n<v> 2.9 120.0 </v>\n<v> 3.1 0.5 </v>\n<v> 3.3 10.0 </v>\n</varray>\n`
    const withResponse = (text: string) => read(TEXT.replaceAll('  <time name="totalsc">', `${text}  <time name="totalsc">`))
    const { properties } = withResponse(response)
    expect(properties.dielectricTensor?.[0]).toEqual([12, 0, 0])
    expect(properties.dielectricTensorIonic?.[1]).toEqual([0, 3, 0])
    expect(properties.bornCharges?.map(([[xx]]) => xx)).toEqual([1, -1])
    expect(properties.vibrationalFrequenciesPerCm?.map(Math.round)).toEqual([-52, 500])
    expect(properties.spectrum).toEqual({ energiesEv: [0, 1], epsilonImaginary: [4, 2], epsilonReal: [5, 2] })
    expect(properties.excitations?.map(({ energyEv }) => energyEv)).toEqual([2.9, 3.1, 3.3])
    expect(withResponse(response.replace('<r> 1.0 1 2', '<r> 1.0 * 2')).properties.spectrum).toEqual({
      energiesEv: [0, 1],
      epsilonReal: [5, 2],
    })
  })

  it('takes stars in the forces of the last step for a diagnosis with its line', () => {
    const at = TEXT.lastIndexOf('      0.00600000')
    const { last, diagnoses } = read(`${TEXT.slice(0, at)}****************${TEXT.slice(at + 16)}`)
    expect(last?.forcesEvPerAngstrom).toBeNull()
    expect(diagnoses).toMatchObject([{ kind: 'OUTPUT_UNREADABLE', message: 'the forces are not all numbers, ionic step 2' }])
    expect(diagnoses[0]?.evidence.line).toBeGreaterThan(100)
  })

  it('takes a star in an energy for null and a diagnosis', () => {
    const at = TEXT.lastIndexOf('<i name="e_fr_energy">')
    const { last, diagnoses } = read(`${TEXT.slice(0, at)}<i name="e_fr_energy">****************${TEXT.slice(at + 38)}`)
    expect([last?.freeEnergyEv, last?.sigmaZeroEnergyEv]).toEqual([null, null])
    expect(diagnoses[0]?.kind).toBe('OUTPUT_UNREADABLE')
  })

  it('tells the steps that were closed before a tear, and the last line as evidence', () => {
    const torn = read(TEXT.slice(0, TEXT.lastIndexOf('<varray name="forces"') + 60))
    expect(torn).toMatchObject({ complete: false, stepCount: 1, stepsStarted: 2 })
    expect(torn.last?.freeEnergyEv).toBe(-21.80001)
    expect(torn.lastLine?.text).toContain('<v>')
  })

  it('tells the last of two runs in one file', () => {
    const twice = read(TEXT.replaceAll('-21.', '-31.') + TEXT)
    expect(twice.stepCount).toBe(2)
    expect(twice.last?.freeEnergyEv).toBe(-21.910002)
    expect(twice.warnings).toEqual(['vasprun.xml: holds more than one run; the last one is told'])
  })

  it('heals tags that were never closed', () => {
    const broken = TEXT.replaceAll('</separator>', '').replaceAll('</eigenvalues>', '').replace('</incar>', '')
    expect(read(broken).last).toMatchObject({ freeEnergyEv: -21.910002, fermiEnergyEv: 5.9 })
  })

  it('does not mind CRLF, NUL and entities', () => {
    expect(read(TEXT.replaceAll('\n', '\r\n')).last).toEqual(WHOLE.last)
    expect(read(TEXT.replace('(build', '\u0000&lt;&xxe;(build')).last).toEqual(WHOLE.last)
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
        const { steps } = read(TEXT.slice(0, length))
        expect(steps).toEqual(WHOLE.steps.slice(0, steps.length))
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
