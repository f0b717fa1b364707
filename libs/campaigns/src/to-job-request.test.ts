import { CampaignId } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { campaignIdFrom, rowJobId } from './ids.ts'
import { type RowRules, toJobRequest } from './to-job-request.ts'

const RULES: RowRules = {
  geometryColumn: 'aligned_csd_core',
  geometryFormat: 'xyz',
  chargeColumn: 'charge',
  spinColumn: 'uhf',
  multiplicityColumn: 'multiplicity',
  nameColumn: null,
  required: [],
}
const TEMPLATE = { project: 'p', cluster: 'c', code: 'orca', parameters: { functional: 'PBE' }, labels: { series: 'a' } }
const HYDROGEN = 'H 0 0 0\nH 0 0 0.74'
const row = (cells: Record<string, unknown>) => toJobRequest(TEMPLATE, RULES, { row: 4, line: 6, cells })
const problemsOf = (cells: Record<string, unknown>) => {
  const outcome = row(cells)
  return outcome.ok ? [] : outcome.problems
}

describe('a row of an architector table', () => {
  it('becomes a job with charge and multiplicity; unpaired electrons are one less than the multiplicity', () => {
    const cells = {
      orig_index: '17',
      aligned_csd_core: HYDROGEN,
      charge: '-1',
      uhf: '1.0',
      elements: 'H;H',
      natoms: '2',
      note: 'x',
    }
    expect(row(cells)).toEqual({
      ok: true,
      request: {
        ...TEMPLATE,
        structure: { format: 'extxyz', text: `2\n\n${HYDROGEN}\n` },
        parameters: { functional: 'PBE', charge: -1, multiplicity: 2 },
        labels: { series: 'a', orig_index: '17' },
      },
      columns: { orig_index: '17', charge: '-1', uhf: '1.0', elements: 'H;H', natoms: '2', note: 'x' },
    })
  })

  it('takes a whole XYZ text as it is', () => {
    const text = `2\ncomment\n${HYDROGEN}\n`
    expect(row({ aligned_csd_core: text, charge: 0, uhf: 0 })).toMatchObject({
      request: { structure: { text }, parameters: { multiplicity: 1 } },
    })
  })

  it('leaves charge and spin to the template where the table has no such columns', () => {
    expect(row({ aligned_csd_core: HYDROGEN })).toMatchObject({ request: { parameters: { functional: 'PBE' } } })
  })

  it.each([
    [{ charge: '' }, { row: 4, path: 'charge', message: 'is no whole charge' }],
    [{ charge: 'nan' }, { row: 4, path: 'charge', value: 'nan' }],
    [{ charge: '0.5' }, { row: 4, path: 'charge', value: '0.5' }],
    [{ uhf: '-1' }, { row: 4, path: 'uhf', message: 'is no number of unpaired electrons' }],
    [{ multiplicity: 0 }, { row: 4, path: 'multiplicity', message: 'is no multiplicity' }],
    [{ aligned_csd_core: ' ' }, { row: 4, path: 'aligned_csd_core', message: 'holds no geometry' }],
  ])('is refused with its number rather than guessed at (%#)', (cells, problem) => {
    expect(problemsOf({ aligned_csd_core: HYDROGEN, charge: '0', uhf: '0', ...cells })).toMatchObject([problem])
  })

  it('says which columns there are where the geometry is missing', () => {
    expect(problemsOf({ xyz: HYDROGEN })).toMatchObject([
      { path: 'aligned_csd_core', mend: expect.stringContaining('columns: xyz') },
    ])
    const outcome = toJobRequest(
      TEMPLATE,
      { ...RULES, required: ['q'] },
      { row: 0, line: 1, cells: { aligned_csd_core: HYDROGEN } },
    )
    expect(outcome).toMatchObject({ ok: false, problems: [{ path: 'q', message: 'there is no such column' }] })
  })
})

describe('a row of JSON', () => {
  it('may lay settings of its own over the template', () => {
    const structure = { latticeAngstrom: null, species: ['He'], positionsAngstrom: [[0, 0, 0]] }
    const cells = { structure, name: 'he', parameters: { functional: 'PBE0' }, resources: { ranks: 2 }, tag: 7 }
    expect(row(cells)).toMatchObject({
      request: { name: 'he', structure, parameters: { functional: 'PBE0' }, resources: { ranks: 2 } },
      columns: { name: 'he', tag: 7 },
    })
  })
})

describe('ids of rows', () => {
  it('are the same for the same campaign and row for ever', () => {
    const campaign = CampaignId.parse('01890a5d-ac96-774b-bcce-b302099a8057')
    expect(rowJobId(campaign, 0)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(rowJobId(campaign, 0)).toBe(rowJobId(campaign, 0))
    expect(new Set([rowJobId(campaign, 1), rowJobId(campaign, 2), campaignIdFrom('a')]).size).toBe(3)
  })
})
