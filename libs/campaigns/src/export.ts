import type { CalculationResult, CampaignWord, JobId } from '@crystalmath/contract'
import { formatExtxyz } from '@crystalmath/structures'

/** What one row of an export is made of. */
export type Exported = {
  readonly row: number
  readonly jobId: JobId
  readonly name: string
  readonly word: CampaignWord
  readonly attempts: number
  /** Whether recovery, or a user's retry, changed what is computed. */
  readonly altered: boolean
  readonly diagnosis: string | null
  readonly verdict: string | null
  /** Columns of the table that the campaign was made of. */
  readonly cells: Readonly<Record<string, unknown>>
  /** Of a completed job. */
  readonly result: CalculationResult | null
}

export type ExportOptions = {
  /** Columns of the campaign's table, in their order. */
  readonly columns: readonly string[]
  /** Kinds of energy that its results hold; energies of two kinds never share a column. */
  readonly energyKinds: readonly string[]
  /** Whether altered results, and those whose sources disagree, are given as the others are. */
  readonly all: boolean
}

type Cell = string | number | boolean | null
/** One row by column name, in the order of the columns. */
export type ExportRow = Readonly<Record<string, Cell>>

const FIRST = ['row', 'job_id', 'name', 'status'] as const

/** Columns of results: snake case with units, as data frames name them. */
const RESULT: Readonly<Record<string, (result: CalculationResult) => Cell>> = {
  energy_kind: ({ energyKind }) => energyKind,
  energy_method: ({ energyMethod }) => energyMethod,
  free_energy_ev: ({ freeEnergyEv }) => freeEnergyEv,
  max_force_ev_per_angstrom: ({ maxForceEvPerAngstrom }) => maxForceEvPerAngstrom,
  pressure_gpa: ({ pressureGpa }) => pressureGpa,
  band_gap_ev: ({ bandGapEv }) => bandGapEv,
  total_magnetization_bohr: ({ totalMagnetizationBohr }) => totalMagnetizationBohr,
  spin_squared: ({ spinSquared }) => spinSquared,
  formula: ({ formula }) => formula,
  atom_count: ({ atomCount }) => atomCount,
  volume_angstrom3: ({ volumeAngstrom3 }) => volumeAngstrom3,
  electronic_converged: ({ electronicConverged }) => electronicConverged,
  ionic_converged: ({ ionicConverged }) => ionicConverged,
  ionic_steps: ({ ionicStepCount }) => ionicStepCount,
  scf_steps: ({ scfStepCounts }) => (scfStepCounts.length === 0 ? null : scfStepCounts.reduce((sum, count) => sum + count, 0)),
  wall_seconds: ({ wallSeconds }) => wallSeconds,
  cores: ({ coreCount }) => coreCount,
  core_hours: ({ coreHours }) => coreHours,
  code: ({ code }) => code,
  code_version: ({ codeVersion }) => codeVersion,
}
const LAST = ['attempts', 'altered', 'left_out', 'diagnosis', 'verdict'] as const

/** `energy_ev`, or one column per kind where a campaign holds several. */
const energyColumns = ({ energyKinds }: ExportOptions): readonly { readonly column: string; readonly kind: string | null }[] =>
  energyKinds.length <= 1
    ? [{ column: 'energy_ev', kind: null }]
    : energyKinds.map((kind) => ({ column: `energy_${kind}_ev`, kind }))

const OWN = new Set<string>([
  ...FIRST,
  ...LAST,
  ...Object.keys(RESULT),
  'energy_ev',
  'energy_sigma0_ev',
  'energy_free_ev',
  'energy_total_ev',
])

/** A column of the user's that is called as one of ours gets a prefix. */
const nameOf = (column: string): string => (OWN.has(column) ? `input_${column}` : column)

/** All columns of an export, in their order. */
export const exportColumns = (options: ExportOptions): readonly string[] => [
  ...FIRST,
  ...options.columns.map(nameOf),
  ...energyColumns(options).map(({ column }) => column),
  ...Object.keys(RESULT),
  ...LAST,
]

/** Why the numbers of a result are left out by default; null: they are not. */
export function leftOut({ altered, result }: Pick<Exported, 'altered' | 'result'>): string | null {
  if (result === null) return null
  if (altered) return 'altered: not what was posted was computed'
  return result.diagnoses.some(({ kind }) => kind === 'SOURCES_DISAGREE') ? 'SOURCES_DISAGREE' : null
}

/** One row; numbers that are left out are null, and `left_out` says why. */
export function exportRow(one: Exported, options: ExportOptions): ExportRow {
  const why = leftOut(one)
  const result = why === null || options.all ? one.result : null
  const energies = energyColumns(options).map(({ column, kind }) => [
    column,
    result !== null && (kind === null || result.energyKind === kind) ? result.energyEv : null,
  ])
  return Object.fromEntries([
    ['row', one.row],
    ['job_id', one.jobId],
    ['name', one.name],
    ['status', one.word],
    ...options.columns.map((column) => [nameOf(column), cellOf(one.cells[column])]),
    ...energies,
    ...Object.entries(RESULT).map(([column, read]) => [column, result === null ? null : read(result)]),
    ['attempts', one.attempts],
    ['altered', one.altered],
    ['left_out', options.all ? null : why],
    ['diagnosis', one.diagnosis],
    ['verdict', one.verdict],
  ]) as ExportRow
}

const cellOf = (value: unknown): Cell =>
  value === undefined || value === null
    ? null
    : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : JSON.stringify(value)

/** One line of RFC 4180 CSV, its end included; null is the empty cell. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(value: Cell): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Columns that are no facts about a frame. */
const NOT_IN_FRAMES = new Set(['left_out', 'diagnosis', 'verdict'])

/** One frame of extended XYZ with the row's facts in its comment and the forces (eV/Å) beside the atoms; null where there is no result to give. */
export function exportFrame(one: Exported, options: ExportOptions): string | null {
  const result = leftOut(one) === null || options.all ? one.result : null
  const structure = result?.structure ?? null
  if (result === null || structure === null) return null
  const [count = '', head = '', ...atoms] = formatExtxyz(structure).trimEnd().split('\n')
  const forces = result.forcesEvPerAngstrom
  const hasForces = forces !== null && forces.length === atoms.length
  const facts = Object.entries(exportRow(one, options))
    .filter(([name, value]) => value !== null && !NOT_IN_FRAMES.has(name))
    .map(([name, value]) => `${name.replace(/[^A-Za-z0-9_-]/g, '_')}=${quoted(value)}`)
  const comment = `${hasForces ? head.replace(/(Properties=\S+)/, '$1:forces:R:3') : head} ${facts.join(' ')}`
  const rows = atoms.map((atom, i) => (hasForces ? `${atom} ${(forces[i] ?? []).join(' ')}` : atom))
  return `${[count, comment, ...rows].join('\n')}\n`
}

function quoted(value: Cell): string {
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  const text = String(value).replace(/[\r\n]+/g, ' ')
  return typeof value === 'number' || /^[A-Za-z0-9_.:/+-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}
