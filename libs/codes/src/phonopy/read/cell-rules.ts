import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import type { Hit, Rule, Section } from '../../reading/sections.ts'
import { type Cell, type Context, LIST, MAX_ROWS, type PhononReading, set, unquoted, vectorOf } from './context.ts'

/** Version, units, counts, matrices, displacements. */
export const headRules = (context: Context): readonly Rule[] => {
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

/** Lattices and atoms of the cells. */
export const cellRules = (context: Context): readonly Rule[] => [
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
