import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, type QeReading } from './combine.ts'
import { crash } from './crash.ts'
import { dataFileSchema } from './data-file-schema.ts'
import { pwOutput } from './pw-output.ts'
import { readIn, sampleOf } from './testing.ts'

const fixture = (name: string): string => readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url), 'latin1')
const read = (text: string, cuts: readonly number[] = [], full = false) => readIn(dataFileSchema('a.xml', { full }), text, cuts)
const text = (name: string) => readIn(pwOutput('a.out', { full: false }), fixture(name))

const reading = (kind: string, file: string, result: QeReading['value']['result']): QeReading => ({
  kind,
  file,
  sample: sampleOf(file, ''),
  modifiedMs: 1,
  value: { program: 'PWSCF', result },
})

describe('the XML of pw.x', () => {
  it.each(['metal', 'spin-polarised', 'relax-out-of-steps'] as const)('agrees with the text of its run: %s', (name) => {
    const ofText = text(`${name}.out`)
    const ofXml = read(fixture(`${name}.xml`))
    for (const key of [
      'energyEv',
      'entropyTermEv',
      'pressureGpa',
      'volumeAngstrom3',
      'bandGapEv',
      'fermiEnergyEv',
      'totalMagnetizationBohr',
      'maxForceEvPerAngstrom',
    ] as const)
      if (ofText[key] === null) expect(ofXml[key], key).toBeNull()
      else expect(ofXml[key], key).toBeCloseTo(ofText[key], 3)
    for (const key of [
      'energyKind',
      'electronicConverged',
      'ionicConverged',
      'ionicStepCount',
      'scfStepCounts',
      'formula',
      'coreCount',
      'bandGapSource',
    ] as const)
      expect(ofXml[key], key).toEqual(ofText[key])
    for (const [i, position] of (ofText.structure?.positionsAngstrom ?? []).entries())
      for (const [axis, x] of position.entries()) expect(ofXml.structure?.positionsAngstrom[i]?.[axis]).toBeCloseTo(x, 5)
  })

  it('has no energy where the cycle did not converge', () => {
    expect(read(fixture('not-converged.xml'))).toMatchObject({
      energyEv: null,
      electronicConverged: false,
      diagnoses: [{ kind: 'ELECTRONIC_NOT_CONVERGED' }],
    })
  })

  it('does not take the enthalpy of an unfinished cell relaxation for its energy', () => {
    const result = read(fixture('vc-relax-out-of-steps.xml'))
    expect(result.energyEv).toBeCloseTo(-7.897482540799055 * 27.211386, 4)
    expect(result).toMatchObject({ ionicConverged: false, ionicStepCount: 2 })
  })

  it('ends the trajectory of a relaxed cell with the final SCF, which its energy is of', () => {
    const arrived = fixture('vc-relax-out-of-steps.xml').replace(
      /(<opt_conv>\s*<convergence_achieved>)false/,
      (_, before: string) => `${before}true`,
    )
    const { energyEv, ionicStepCount, properties } = read(arrived)
    expect(energyEv).toBeCloseTo(-7.893052160139218 * 27.211386, 4)
    expect([ionicStepCount, properties.trajectory?.length]).toEqual([3, 3])
    expect(properties.trajectory?.at(-1)?.energyEv).toBe(energyEv)
  })

  it('takes what stands before a tear, and says that it is torn', () => {
    const whole = fixture('metal.xml')
    const torn = read(whole.slice(0, whole.indexOf('<band_structure>') + 400))
    expect(torn).toMatchObject({ termination: 'truncated', diagnoses: [{ kind: 'OUTPUT_INCOMPLETE' }] })
    expect(torn.energyEv).toBe(read(whole).energyEv)
  })

  it('is a diagnosis with its line where it is no XML', () => {
    const result = read(fixture('metal.xml').replace('</total_energy>', '</total_energie>'))
    expect(result.diagnoses).toMatchObject([{ kind: 'OUTPUT_UNREADABLE', evidence: { file: 'a.xml', line: expect.any(Number) } }])
  })

  it('reads the same however the blocks are cut', () => {
    const xml = fixture('spin-polarised.xml')
    const whole = read(xml, [], true)
    const lines = xml.split('\n').length
    expect(
      read(
        xml,
        Array.from({ length: lines }, (_, i) => i),
        true,
      ),
    ).toEqual(whole)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: lines }), { maxLength: 6 }), (cuts) => {
        expect(read(xml, cuts, true)).toEqual(whole)
      }),
      { numRuns: 10 },
    )
  })
})

describe('text, XML and CRASH of one folder', () => {
  it('fill each other where they tell of one step', () => {
    const result = combine([
      reading('pw-output', 'a.out', text('metal.out')),
      reading('data-file-schema', 'a.xml', read(fixture('metal.xml'))),
    ])
    expect(result).toMatchObject({ diagnoses: [], warnings: [], method: { kMesh: [4, 4, 4], charge: 0 } })
    expect(result.method?.pseudopotentials?.[0]?.hash).toBe('69dcd8cd7cc1bedf536afd524f174f6a')
  })

  it('give widths and cut-offs with all the digits of the XML', () => {
    const xml = fixture('metal.xml').replaceAll('degauss="1.000000000000e-2"', 'degauss="1.002000000000e-2"')
    const widthEv = (...readings: readonly QeReading[]) => combine(readings).method?.smearingWidthEv
    const ofText = reading('pw-output', 'a.out', text('metal.out'))
    expect(widthEv(ofText, reading('data-file-schema', 'a.xml', read(xml)))).toBeCloseTo(0.02004 * 13.605693123, 8)
    expect(widthEv(ofText)).toBeCloseTo(0.02 * 13.605693123, 8)
  })

  it('disagree about one geometry', () => {
    const xml = read(fixture('metal.xml'))
    const other = { ...xml, energyEv: (xml.energyEv ?? 0) + 1e-3 }
    const result = combine([reading('pw-output', 'a.out', text('metal.out')), reading('data-file-schema', 'a.xml', other)])
    expect(result.diagnoses).toMatchObject([{ kind: 'SOURCES_DISAGREE', evidence: { file: 'a.xml' } }])
  })

  it('are kept apart where they are of different runs', () => {
    const result = combine([
      reading('pw-output', 'a.out', text('scf.out')),
      reading('data-file-schema', 'a.xml', read(fixture('metal.xml'))),
    ])
    expect(result).toMatchObject({ formula: 'Si2', diagnoses: [], warnings: [expect.stringContaining('another step or run')] })
  })

  it('let the SCF decide, not the band structure after it, and hear of programs that failed later', () => {
    const scf = text('scf.out')
    const bands: QeReading = {
      ...reading('pw-output', 'bands.out', { ...scf, energyEv: null }),
      modifiedMs: 2,
      value: { program: 'PWSCF', result: { ...scf, energyEv: null }, isBands: true },
    }
    const cause = { kind: 'CONVERGENCE_NOT_REACHED', message: '', evidence: { file: 'ph.out', line: 1, text: '' } }
    const phonons: QeReading = {
      ...reading('suite-output', 'ph.out', { ...scf, diagnoses: [cause], termination: 'truncated' }),
      modifiedMs: 3,
    }
    const result = combine([reading('pw-output', 'scf.out', scf), bands, phonons])
    expect(result).toMatchObject({
      energyEv: scf.energyEv,
      termination: 'truncated',
      diagnoses: [{ kind: 'CONVERGENCE_NOT_REACHED' }],
    })
  })

  it('name the cause that CRASH tells of an output that was cut off, and of no other', () => {
    const said = readIn(
      crash('CRASH'),
      ' %%%%%%%%%%%%%%%%\n     task #         3\n     from cdiaghg : error #       288\n     S matrix not positive definite\n %%%%%%%%%%%%%%%%\n',
    )
    const cut = readIn(pwOutput('a.out', { full: false }), fixture('scf.out').slice(0, 2_000))
    const kinds = (main: QeReading['value']['result']) =>
      combine([reading('pw-output', 'a.out', main), reading('crash', 'CRASH', said)]).diagnoses.map(({ kind }) => kind)
    expect(kinds(cut)).toEqual(['S_MATRIX_NOT_POSITIVE_DEFINITE'])
    expect(kinds(text('scf.out'))).toEqual([])
    const withoutText = combine([
      reading('data-file-schema', 'a.xml', read(fixture('metal.xml'))),
      reading('crash', 'CRASH', said),
    ])
    expect(withoutText).toMatchObject({ termination: 'error', diagnoses: [{ kind: 'S_MATRIX_NOT_POSITIVE_DEFINITE' }] })
  })
})
