import type { InputProblem } from '@crystalmath/contract'
import type { TableRow } from './table.ts'

/** Which columns mean what; null: none does. */
export type RowRules = {
  readonly geometryColumn: string
  readonly geometryFormat: 'xyz' | 'extxyz' | 'cif' | 'poscar'
  readonly chargeColumn: string | null
  /** Unpaired electrons (`uhf`): the multiplicity is one more. */
  readonly spinColumn: string | null
  readonly multiplicityColumn: string | null
  readonly nameColumn: string | null
  /** Columns that a user named must be there; the default ones may be absent. */
  readonly required: readonly string[]
}

/** What a row asks for, not yet checked against a cluster; its further columns go to the export as they are. */
export type RowOutcome =
  | {
      readonly ok: true
      readonly request: Readonly<Record<string, unknown>>
      readonly columns: Readonly<Record<string, unknown>>
    }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

type Cells = TableRow['cells']
type Record_ = Readonly<Record<string, unknown>>

/** Columns that are also kept as labels, to find jobs by. */
const LABELS = ['orig_index'] as const
const isRecord = (value: unknown): value is Record_ => typeof value === 'object' && value !== null && !Array.isArray(value)
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && /^\s*(nan|none|null)?\s*$/i.test(value))

/** One row laid over the template. What only a whole check can tell (elements, electrons, resources) is told by the gateway. */
export function toJobRequest(template: Record_, rules: RowRules, { row, cells, problem }: TableRow): RowOutcome {
  if (problem !== undefined) return { ok: false, problems: [{ row, path: '', message: problem }] }
  const structure = structureOf(cells, rules)
  const charge = chargeOf(cells, rules)
  const multiplicity = multiplicityOf(cells, rules)
  const problems = [...absent(cells, rules), ...[structure, charge, multiplicity].flatMap((one) => one.problems)]
  if (problems.length > 0) return { ok: false, problems: problems.map((one) => ({ row, ...one })) }
  const over = overOf(cells)
  const parameters = {
    ...(isRecord(template['parameters']) ? template['parameters'] : {}),
    ...(charge.value === undefined ? {} : { charge: charge.value }),
    ...(multiplicity.value === undefined ? {} : { multiplicity: multiplicity.value }),
    ...over.parameters,
  }
  const name = rules.nameColumn === null ? cells['name'] : cells[rules.nameColumn]
  const request = {
    ...template,
    ...(isEmpty(name) ? {} : { name: String(name) }),
    ...(structure.value === undefined ? {} : { structure: structure.value }),
    parameters,
    ...(over.resources === undefined
      ? {}
      : { resources: { ...(isRecord(template['resources']) ? template['resources'] : {}), ...over.resources } }),
    labels: { ...(isRecord(template['labels']) ? template['labels'] : {}), ...labelsOf(cells), ...over.labels },
  }
  return { ok: true, request, columns: columnsOf(cells, rules) }
}

/** The geometry as an XYZ body without its two head lines becomes a whole one. */
export function bodyOf(text: string): string {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/^(\s*\n)+/, '')
    .split(/\r\n|\n|\r/)
  if (/^\s*\d+\s*$/.test(lines[0] ?? '')) return lines.join('\n')
  const atoms = lines.filter((line) => line.trim() !== '')
  return [String(atoms.length), '', ...atoms, ''].join('\n')
}

type Read<T> = { readonly value?: T; readonly problems: readonly InputProblem[] }
const nothing = { problems: [] } as const
const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const wrong = (path: string, value: unknown, message: string, mend: string): Read<never> => ({
  problems: [{ path, ...(value === undefined ? {} : { value: wordsOf(value).slice(0, 100) }), message, mend }],
})

function absent(cells: Cells, { required }: RowRules): readonly InputProblem[] {
  const missing = required.filter((name) => !Object.hasOwn(cells, name))
  const there = Object.keys(cells).slice(0, 30).join(', ')
  return missing.map((path) => ({
    path,
    message: 'there is no such column',
    mend: there === '' ? 'the row is empty' : `one of: ${there}`,
  }))
}

function structureOf(cells: Cells, { geometryColumn, geometryFormat }: RowRules): Read<unknown> {
  const given = Object.hasOwn(cells, geometryColumn) ? cells[geometryColumn] : cells['structure']
  if (isRecord(given)) return { value: given, problems: [] }
  if (given === undefined)
    return wrong(
      geometryColumn,
      undefined,
      'there is no such column',
      `columns: ${Object.keys(cells).slice(0, 30).join(', ')}; --geometry-column names it`,
    )
  if (typeof given !== 'string' || isEmpty(given))
    return wrong(geometryColumn, given, 'holds no geometry', 'give the structure as text, or leave the row out')
  const isXyz = geometryFormat === 'xyz' || geometryFormat === 'extxyz'
  return { value: { format: isXyz ? 'extxyz' : geometryFormat, text: isXyz ? bodyOf(given) : given }, problems: [] }
}

/** `-1`, `2`, and `2.0` as data frames write whole numbers; anything else is no whole number. */
function wholeOf(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return /^[+-]?\d{1,6}(\.0*)?$/.test(text) ? Number(text) + 0 : null
}

function chargeOf(cells: Cells, { chargeColumn }: RowRules): Read<number> {
  if (chargeColumn === null || !Object.hasOwn(cells, chargeColumn)) return nothing
  const value = wholeOf(cells[chargeColumn])
  return value === null
    ? wrong(chargeColumn, cells[chargeColumn] ?? '', 'is no whole charge', 'write a whole number of elementary charges')
    : { value, problems: [] }
}

function multiplicityOf(cells: Cells, { spinColumn, multiplicityColumn }: RowRules): Read<number> {
  const column = [multiplicityColumn, spinColumn].find((name) => name !== null && Object.hasOwn(cells, name)) ?? null
  if (column === null) return nothing
  const isSpin = column !== multiplicityColumn
  const value = wholeOf(cells[column])
  const least = isSpin ? 0 : 1
  if (value !== null && value >= least) return { value: isSpin ? value + 1 : value, problems: [] }
  return isSpin
    ? wrong(column, cells[column] ?? '', 'is no number of unpaired electrons', 'write 0, 1, 2, …: the multiplicity is one more')
    : wrong(column, cells[column] ?? '', 'is no multiplicity', 'write 1, 2, 3, …')
}

/** Rows of JSON may lay settings of their own over the template's. */
function overOf(cells: Cells): { readonly parameters: Record_; readonly resources?: Record_; readonly labels: Record_ } {
  const { parameters, resources, labels } = cells
  return {
    parameters: isRecord(parameters) ? parameters : {},
    ...(isRecord(resources) ? { resources } : {}),
    labels: isRecord(labels) ? labels : {},
  }
}

const labelsOf = (cells: Cells): Record<string, string> =>
  Object.fromEntries(LABELS.flatMap((name) => (isEmpty(cells[name]) ? [] : [[name, String(cells[name]).slice(0, 1_000)]])))

const SETTINGS = new Set(['parameters', 'resources', 'labels', 'structure', 'adopted'])

/** Everything but the geometry and the settings. */
export const columnsOf = (cells: Cells, { geometryColumn }: Pick<RowRules, 'geometryColumn'>): Record_ =>
  Object.fromEntries(
    Object.entries(cells).filter(([name, value]) => name !== geometryColumn && !(SETTINGS.has(name) && isRecord(value))),
  )
