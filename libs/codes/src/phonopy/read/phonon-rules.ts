import { toNumber } from '../../reading/numbers.ts'
import type { Hit, Rule } from '../../reading/sections.ts'
import { type Context, MAX_ROWS, set, unquoted, vectorOf } from './context.ts'

/** Frequencies at q points. */
export const phononRules = (context: Context): readonly Rule[] => [
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
export function closeMode(context: Context): void {
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

/** Thermal properties by temperature. */
export const thermalRules = (context: Context): readonly Rule[] => [
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
export function closeRow(context: Context): void {
  const { row, reading } = context
  context.row = null
  if (row !== null && row.heatCapacity !== null && reading.thermal.length < MAX_ROWS) reading.thermal.push(row)
}
