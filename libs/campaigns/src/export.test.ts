import { type CalculationResult, JobId, type Structure } from '@crystalmath/contract'
import { parseStructure } from '@crystalmath/structures'
import { describe, expect, it } from 'vitest'
import { csvLine, type Exported, type ExportOptions, exportColumns, exportFrame, exportRow } from './export.ts'
import { statisticsOf } from './statistics.ts'

const structure: Structure = {
  latticeAngstrom: null,
  species: ['H', 'H'],
  positionsAngstrom: [
    [0, 0, 0],
    [0, 0, 0.74],
  ],
}
const RESULT = {
  energyEv: -31.7,
  energyKind: 'total',
  structure,
  forcesEvPerAngstrom: [
    [0, 0, 0.1],
    [0, 0, -0.1],
  ],
  scfStepCounts: [7, 5],
  diagnoses: [],
} as unknown as CalculationResult
const one = (over: Partial<Exported> = {}): Exported => ({
  row: 3,
  jobId: JobId.parse('01890a5d-ac96-774b-bcce-b302099a8057'),
  name: 'H2, relaxed',
  word: 'completed',
  attempts: 1,
  altered: false,
  diagnosis: null,
  verdict: null,
  cells: { orig_index: '17', status: 'ready' },
  result: RESULT,
  ...over,
})
const OPTIONS: ExportOptions = { columns: ['orig_index', 'status'], energyKinds: ['total'], all: false }

describe('an export', () => {
  it("has the user's columns and ours, with units; one of the user's that is called as ours gets a prefix", () => {
    const row = exportRow(one(), OPTIONS)
    expect(Object.keys(row)).toEqual(exportColumns(OPTIONS))
    expect(row).toMatchObject({
      row: 3,
      orig_index: '17',
      input_status: 'ready',
      status: 'completed',
      energy_ev: -31.7,
      scf_steps: 12,
    })
  })

  it('never puts energies of two kinds into one column', () => {
    const options = { ...OPTIONS, energyKinds: ['free', 'total'] }
    expect(exportColumns(options)).not.toContain('energy_ev')
    expect(exportRow(one(), options)).toMatchObject({ energy_total_ev: -31.7, energy_free_ev: null })
  })

  it.each([
    [{ altered: true }, 'altered: not what was posted was computed'],
    [{ result: { ...RESULT, diagnoses: [{ kind: 'SOURCES_DISAGREE' }] } as unknown as CalculationResult }, 'SOURCES_DISAGREE'],
  ])('leaves doubtful numbers out and says so, unless they are asked for (%#)', (over, why) => {
    expect(exportRow(one(over), OPTIONS)).toMatchObject({ energy_ev: null, scf_steps: null, left_out: why })
    expect(exportFrame(one(over), OPTIONS)).toBeNull()
    expect(exportRow(one(over), { ...OPTIONS, all: true })).toMatchObject({ energy_ev: -31.7, left_out: null })
  })

  it('makes frames that are read back, with forces', () => {
    const text = exportFrame(one(), OPTIONS) ?? ''
    expect(text).toContain('Properties=species:S:1:pos:R:3:forces:R:3')
    expect(text).toContain('energy_ev=-31.7 energy_kind=total')
    expect(text).toContain('name="H2, relaxed"')
    expect(parseStructure({ format: 'extxyz', text })).toMatchObject({ ok: true, structure: { species: ['H', 'H'] } })
  })

  it('quotes what CSV needs quoted', () => {
    expect(csvLine(['a', 'b,c', 'd"e', 'f\ng', null, 1.5, true])).toBe('a,"b,c","d""e","f\ng",,1.5,true\r\n')
  })
})

describe('statistics', () => {
  it('are of the numbers that are there', () => {
    expect(statisticsOf([4, null, 1, 3, 2])).toEqual({ count: 4, mean: 2.5, median: 2.5, min: 1, max: 4 })
    expect(statisticsOf([5, 1, 9])).toMatchObject({ median: 5 })
    expect(statisticsOf([null])).toEqual({ count: 0, mean: null, median: null, min: null, max: null })
  })
})
