import type { Diagnosis, Matrix3, Vector3 } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { type Hit, lineScanner, notesOf, type Rule, type Section } from '../../reading/sections.ts'

/** A cell as the file has it: in its own unit of length. */
export type Cell = { readonly lattice: Vector3[]; readonly symbols: string[]; readonly coordinates: Vector3[] }

/** Phonons at one q point, in the file's unit of frequency. */
export type Mode = {
  readonly q: Vector3
  readonly weight: number | null
  readonly label: string | null
  readonly distance: number | null
  readonly frequencies: number[]
}

/** Per mole of the cell that the calculation used. */
export type ThermalRow = {
  readonly temperature: number
  readonly free: number | null
  readonly entropy: number | null
  readonly heatCapacity: number | null
}

export type PhononReading = {
  version: string | null
  calculator: string | null
  /** `angstrom` or `au`, null where not said. */
  lengthUnit: string | null
  conversionFactor: number | null
  /** By name: `primitive_cell`, `unit_cell`, `supercell`; `''` for the one cell of band, mesh and qpoints files. */
  readonly cells: Map<string, Cell>
  readonly matrices: Map<string, Vector3[]>
  readonly born: Matrix3[]
  displacementCount: number
  forceSets: number
  mesh: Vector3 | null
  /** How many q points and atoms the file says that it has. */
  pointCount: number | null
  atomCount: number | null
  /** All q points if `full`, else those at Γ. */
  readonly modes: Mode[]
  seenPoints: number
  lowest: number | null
  highest: number | null
  /** Frequencies of the q point at hand were broken, somewhere. */
  broken: boolean
  readonly labels: string[][]
  zeroPoint: number | null
  readonly thermal: ThermalRow[]
  readonly units: Map<string, string>
  /** The last line of the file has an end. */
  whole: boolean
  readonly diagnoses: readonly Diagnosis[]
}

const MAX_ROWS = 200_000
const LIST = /^[ -]*\[(.*)\]/

/** Reads the YAML files of phonopy 1 to 2: phonopy, phonopy_disp, phonopy_params, band, mesh, qpoints, thermal_properties. */
export function document(file: string, { full }: ReadOptions) {
  const notes = notesOf(file)
  const reading: PhononReading = {
    version: null,
    calculator: null,
    lengthUnit: null,
    conversionFactor: null,
    cells: new Map(),
    matrices: new Map(),
    born: [],
    displacementCount: 0,
    forceSets: 0,
    mesh: null,
    pointCount: null,
    atomCount: null,
    modes: [],
    seenPoints: 0,
    lowest: null,
    highest: null,
    broken: false,
    labels: [],
    zeroPoint: null,
    thermal: [],
    units: new Map(),
    whole: true,
    diagnoses: notes.diagnoses,
  }
  const context: Context = { reading, notes, full, cell: '', mode: null, modeCount: 0, row: null, inPhonopy: false }
  const scan = lineScanner([...head(context), ...cells(context), ...phonons(context), ...thermal(context)])
  let line = 1
  return {
    feed(block: string, firstLine: number) {
      line = firstLine
      scan.feed(block, firstLine)
    },
    end(): PhononReading {
      closeMode(context)
      closeRow(context)
      reading.whole = scan.tail().trim() === ''
      if (!reading.whole) forgetOpen(context)
      if (incomplete(reading)) {
        notes.diagnose('OUTPUT_INCOMPLETE', 'the file ends before its list does', { line, text: scan.tail() || file })
      }
      return reading
    },
  }
}

/** What was being read where the file was torn: its count or its atoms are not all there. */
function forgetOpen({ reading, cell }: Context): void {
  reading.cells.delete(cell)
  reading.displacementCount = 0
  reading.forceSets = 0
  reading.born.length = 0
}

/** A list of q points, or a last line, that is cut off. */
export const incomplete = ({ whole, pointCount, seenPoints }: PhononReading): boolean =>
  !whole || (pointCount !== null && seenPoints !== pointCount)

type Context = {
  readonly reading: PhononReading
  readonly notes: ReturnType<typeof notesOf>
  readonly full: boolean
  cell: string
  mode: {
    q: Vector3
    weight: number | null
    label: string | null
    distance: number | null
    frequencies: (number | null)[]
  } | null
  modeCount: number
  row: { temperature: number; free: number | null; entropy: number | null; heatCapacity: number | null } | null
  inPhonopy: boolean
}

const unquoted = (text: string | undefined): string => detached((text ?? '').trim().replace(/^["']|["']$/g, ''))

/** `[ 0.5, 0.5, 0.0 ]`, also behind dashes and blanks; null if it is not three numbers. */
export function vectorOf(text: string): Vector3 | null {
  const words = LIST.exec(text)?.[1]?.split(',').map(toNumber)
  return words?.length === 3 && words.every((word) => word !== null) ? (words as Vector3) : null
}

const head = (context: Context): readonly Rule[] => {
  const { reading } = context
  return [
    {
      pattern: /(?<=^ {2})version: +(?<value>[^ \n]+)/,
      read: ({ groups }) => set(() => (reading.version ??= unquoted(groups['value']))),
    },
    {
      pattern: /(?<=^ {0,2})calculator: +(?<value>[^ \n]+)/,
      read: ({ groups }) => set(() => (reading.calculator ??= unquoted(groups['value']))),
    },
    {
      pattern: /(?<=^ {0,2})length(?:_unit)?: +(?<value>[^ \n]+)/,
      read: ({ groups }) => set(() => (reading.lengthUnit ??= unquoted(groups['value']))),
    },
    {
      pattern: /(?<=^ {2})frequency_unit_conversion_factor: +(?<value>[^ \n]+)/,
      read: ({ groups }) => set(() => (reading.conversionFactor = toNumber(groups['value']))),
    },
    { pattern: /(?<=^)nqpoint: +(?<value>\d+)/, read: ({ groups }) => set(() => (reading.pointCount = Number(groups['value']))) },
    { pattern: /(?<=^)natom: +(?<value>\d+)/, read: ({ groups }) => set(() => (reading.atomCount = Number(groups['value']))) },
    { pattern: /(?<=^)mesh: +\[/, read: ({ text }) => set(() => (reading.mesh = vectorOf(text.slice(5)))) },
    { pattern: /(?<=^)labels: *$/, read: () => labelRows(reading) },
    {
      pattern: /(?<=^)(?<name>supercell_matrix|primitive_matrix|dielectric_constant): *$/,
      read: ({ groups }) => matrix(reading, groups['name'] ?? ''),
    },
    { pattern: /(?<=^)born_effective_charge: *$/, read: () => born(reading) },
    { pattern: /(?<=^)displacements: *$/, read: () => set(() => (context.cell = 'none')) },
    { pattern: /(?<=^- +)atom: +\d+/, numeric: true, read: () => set(() => (reading.displacementCount += 1)) },
    { pattern: /(?<=^ {2})forces: *$/, read: () => set(() => (reading.forceSets += 1)) },
  ]
}

/** A rule that only notes something opens no section. */
function set(note: () => unknown): undefined {
  note()
}

function labelRows(reading: PhononReading): Section {
  return (text) => {
    const row = LIST.exec(text)?.[1]
    if (row === undefined || !text.trim().startsWith('-') || reading.labels.length > 1_000) return false
    reading.labels.push(row.split(',').map(unquoted))
    return true
  }
}

function matrix(reading: PhononReading, name: string): Section {
  const rows: Vector3[] = []
  return (text) => {
    const row = vectorOf(text)
    if (row === null || rows.length >= 3) return false
    rows.push(row)
    if (rows.length === 3) reading.matrices.set(name, rows)
    return true
  }
}

/** Three rows per atom, the first behind a further dash, or below `- # 1`. */
function born(reading: PhononReading): Section {
  let rows: Vector3[] = []
  return (text) => {
    if (/^ *- *#/.test(text)) return true
    const row = vectorOf(text)
    if (row === null) return false
    rows.push(row)
    if (rows.length === 3) {
      if (reading.born.length < MAX_ROWS) reading.born.push(rows as Matrix3)
      rows = []
    }
    return true
  }
}

const cells = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^)(?<name>primitive_cell|unit_cell|supercell): *$/,
    read: ({ groups }) => set(() => (context.cell = groups['name'] ?? '')),
  },
  { pattern: /(?<=^ {0,2})lattice: *$/, read: () => latticeRows(context) },
  {
    pattern: /(?<=^ *- )symbol: +(?<symbol>[A-Z][a-z]?)/,
    numeric: true,
    read: ({ groups }) => set(() => cellOf(context)?.symbols.push(detached(groups['symbol'] ?? ''))),
  },
  { pattern: /(?<=^ *)(?:coordinates|position): +\[/, read: (hit) => coordinates(context, hit) },
]

/** The cell that is being read; forces and displacements below the cells belong to none. */
function cellOf({ reading, cell }: Context): Cell | undefined {
  if (cell === 'none') return undefined
  const known = reading.cells.get(cell) ?? { lattice: [], symbols: [], coordinates: [] }
  reading.cells.set(cell, known)
  return known.symbols.length < 1_000_000 ? known : undefined
}

function latticeRows(context: Context): Section {
  const cell = cellOf(context)
  return (text) => {
    const row = vectorOf(text)
    if (row === null || cell === undefined || cell.lattice.length >= 3) return false
    cell.lattice.push(row)
    return true
  }
}

function coordinates(context: Context, { text, line }: Hit): undefined {
  const row = vectorOf(text.slice(text.indexOf(':') + 1))
  if (row === null) context.notes.diagnose('OUTPUT_UNREADABLE', `coordinates are not numbers: "${text.trim()}"`, { line, text })
  else cellOf(context)?.coordinates.push(row)
}

const phonons = (context: Context): readonly Rule[] => [
  { pattern: /(?<=^ *- )q-position: +\[/, numeric: true, read: (hit) => startMode(context, hit) },
  {
    pattern: /(?<=^ {2})weight: +(?<value>[^ \n]+)/,
    read: ({ groups }) => ofMode(context, (mode) => (mode.weight = toNumber(groups['value']))),
  },
  {
    pattern: /(?<=^ {2})distance: +(?<value>[^ \n]+)/,
    read: ({ groups }) => ofMode(context, (mode) => (mode.distance = toNumber(groups['value']))),
  },
  {
    pattern: /(?<=^ {2})label: +(?<value>[^\n]+)/,
    read: ({ groups }) => ofMode(context, (mode) => (mode.label = unquoted(groups['value']))),
  },
  { pattern: /(?<=^ {4})frequency: +(?<value>[^ \n]+)/, read: (hit) => frequency(context, hit) },
]

function ofMode({ mode }: Context, apply: (mode: NonNullable<Context['mode']>) => unknown): undefined {
  if (mode !== null) apply(mode)
}

function startMode(context: Context, { text, line }: Hit): undefined {
  closeMode(context)
  const q = vectorOf(text.slice(text.indexOf(':') + 1))
  if (q === null) context.notes.diagnose('OUTPUT_UNREADABLE', `a q point is not three numbers: "${text.trim()}"`, { line, text })
  else context.mode = { q, weight: null, label: null, distance: null, frequencies: [] }
}

function frequency({ mode, notes, reading }: Context, { groups, text, line }: Hit): undefined {
  if (mode === null) return
  const value = toNumber(groups['value'])
  if (value === null) {
    reading.broken = true
    notes.diagnose('OUTPUT_UNREADABLE', `a frequency is not a number: "${text.trim()}"`, { line, text })
  }
  mode.frequencies.push(value)
}

/** A q point counts once all its modes were listed. */
function closeMode(context: Context): void {
  const { reading, mode, full } = context
  context.mode = null
  if (mode === null) return
  const expected = reading.atomCount === null ? context.modeCount : 3 * reading.atomCount
  if (expected > 0 && mode.frequencies.length !== expected) return
  context.modeCount = mode.frequencies.length
  reading.seenPoints += 1
  const frequencies = mode.frequencies.filter((value) => value !== null)
  if (frequencies.length < mode.frequencies.length) return
  for (const value of frequencies) {
    reading.lowest = Math.min(reading.lowest ?? value, value)
    reading.highest = Math.max(reading.highest ?? value, value)
  }
  const gamma = mode.q.every((x) => Math.abs(x - Math.round(x)) < 1e-8)
  if (full ? reading.modes.length < MAX_ROWS : gamma && reading.modes.length === 0) reading.modes.push({ ...mode, frequencies })
}

const thermal = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^)zero_point_energy: +(?<value>[^ \n]+)/,
    read: ({ groups }) => set(() => (context.reading.zeroPoint = toNumber(groups['value']))),
  },
  {
    pattern: /(?<=^ {2})(?<name>temperature|free_energy|entropy|heat_capacity): +(?<unit>[A-Za-z][^ \n]*)/,
    read: ({ groups }) => set(() => context.reading.units.set(groups['name'] ?? '', unquoted(groups['unit']))),
  },
  {
    pattern: /(?<=^- +)temperature: +(?<value>[^ \n]+)/,
    numeric: true,
    read: ({ groups }) => startRow(context, toNumber(groups['value'])),
  },
  {
    pattern: /(?<=^ {2})(?<name>free_energy|entropy|heat_capacity): +(?<value>[-+.\d*][^ \n]*)/,
    read: (hit) => thermalValue(context, hit),
  },
]

function startRow(context: Context, temperature: number | null): undefined {
  closeRow(context)
  if (temperature !== null) context.row = { temperature, free: null, entropy: null, heatCapacity: null }
}

const ROW_FIELDS = { free_energy: 'free', entropy: 'entropy', heat_capacity: 'heatCapacity' } as const

function thermalValue({ row, notes }: Context, { groups, text, line }: Hit): undefined {
  const value = toNumber(groups['value'])
  if (value === null) notes.diagnose('OUTPUT_UNREADABLE', `${groups['name']} is not a number: "${text.trim()}"`, { line, text })
  if (row !== null) row[ROW_FIELDS[groups['name'] as keyof typeof ROW_FIELDS]] = value
}

/** A temperature counts once its free energy, entropy and heat capacity were there. */
function closeRow(context: Context): void {
  const { row, reading } = context
  context.row = null
  if (row !== null && row.heatCapacity !== null && reading.thermal.length < MAX_ROWS) reading.thermal.push(row)
}
