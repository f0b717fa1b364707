import { EV_PER_HARTREE, type Matrix3, type Thermochemistry, type Vector3 } from '@crystalmath/contract/plain'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import type { Rule, Section } from '../../reading/sections.ts'
import type { Context, Elastic } from './run.ts'

const MODES = /^ *(\d+)- *(\d+) +(\S+) +(\S+) +(\S+) *(?:\( *([^)]*)\))?(?: +[AI] +\( *([^)]*)\))?/
const COMPONENTS = ['XX', 'XY', 'XZ', 'YY', 'YZ', 'ZZ'] as const

/** Vibrations, thermochemistry, dielectric response and elastic constants. */
export const responseRules = (context: Context): readonly Rule[] => [
  { pattern: /(?<=^ *)MODES +EIGV +FREQUENCIES/, read: () => (context.run.frequencies === null ? modes(context) : undefined) },
  {
    pattern: /(?<=^ )EL +: +(?<energy>[^ \n]+)/,
    read: ({ groups }) => {
      context.run.electronic = toNumber(groups['energy'])
    },
  },
  {
    pattern: /(?<=^ )E0 +: +(?<energy>[^ \n]+)/,
    read: ({ groups }) => {
      context.run.zeroPoint = toNumber(groups['energy'])
    },
  },
  {
    pattern: /(?<=^ *)AT \(T = +(?<kelvin>[^ ,\n]+) +K, P = +(?<pressure>[^ \n]+) +MPA\)/,
    read: ({ groups }) => thermochemistry(context, groups['kelvin'], groups['pressure']),
  },
  {
    pattern: /(?<=^ *)STATIC FIELD \(OR H\*NU/,
    read: () => {
      context.run.staticField = true
    },
  },
  {
    pattern: /(?<=^ *)COMPONENT +ALPHA[^\n]*EPSILON +CHI\(1\)/,
    read: () => (context.run.staticField && context.run.dielectric === null ? susceptibility(context) : undefined),
  },
  {
    pattern: /(?<=^ *)SUM TENSOR OF THE VIBRATIONAL CONTRIBUTIONS TO THE STATIC DIELECTRIC/,
    read: () =>
      tensor((rows) => {
        context.run.dielectricIonic = rows
      }),
  },
  { pattern: /(?<=^ *)ATOM +\d+ [A-Z]{1,2} +DYNAMIC CHARGE/, read: () => bornCharge(context) },
  { pattern: /(?<=^ *)SYMMETRIZED ELASTIC CONSTANTS FOR [A-Z ]+CASE, IN GPa/, read: () => elastic(context.run.elastic) },
  { pattern: /(?<=^ *)K_V +G_V +K_R +G_R +K_H +G_H/, read: () => moduli(context.run.elastic) },
  {
    pattern: /(?<=^ )K = +(?<bulk>[^ \n]+) *$/,
    read: ({ groups }) => {
      context.run.elastic.bulk = toNumber(groups['bulk'])
    },
  },
]

/** `4-   6    0.4884E-05    485.0276   14.5408  (Fu )   A (  1045.07)   I`; the intensity is of all modes of the row together. */
function modes(context: Context): Section {
  const found: { value: number; intensity: number | null }[] = []
  let broken = false
  return (text, line) => {
    if (/\(HARTREE\*\*2\)/.test(text)) return true
    const row = MODES.exec(text)
    if (row === null) {
      if (!broken && found.length > 0) context.run.frequencies = found
      return false
    }
    const [, from, to, , perCm, , , intensity] = row
    const degeneracy = Number(to) - Number(from) + 1
    const value = toNumber(perCm)
    if (value === null || degeneracy < 1 || degeneracy > 1_000_000 || Number(from) !== found.length + 1) {
      broken = true
      context.notes.diagnose('OUTPUT_UNREADABLE', `a frequency cannot be read: "${text.trim()}"`, { line, text })
      return true
    }
    const total = toNumber(intensity)
    for (let i = 0; i < degeneracy; i += 1) found.push({ value, intensity: total === null ? null : total / degeneracy })
    return true
  }
}

/** Rows `ET`, `PV`, `TS` and the sum that is the Gibbs energy; first column hartree per cell. */
function thermochemistry(context: Context, kelvin: string | undefined, pressure: string | undefined): Section {
  const values = new Map<string, number | null>()
  return (text) => {
    const row = /^ *([A-Z0-9+-]+?) *: +(\S+)/.exec(text)
    if (row === null) return text.trim() === '' || /AU\/CELL/.test(text)
    values.set(row[1] ?? '', toNumber(row[2]))
    if (row[1] !== 'EL+E0+ET+PV-TS') return true
    const entry = thermochemistryOf(context, values, toNumber(kelvin), toNumber(pressure))
    if (entry !== null) context.run.thermochemistry.push(entry)
    return false
  }
}

function thermochemistryOf(
  { run }: Context,
  values: ReadonlyMap<string, number | null>,
  kelvin: number | null,
  megapascal: number | null,
): Thermochemistry | null {
  if (kelvin === null || run.thermochemistry.length > 10_000) return null
  const ev = (value: number | null | undefined) => (value === null || value === undefined ? null : value * EV_PER_HARTREE)
  const gibbs = values.get('EL+E0+ET+PV-TS') ?? null
  const entropy = values.get('TS') ?? null
  return {
    temperatureK: kelvin,
    pressurePa: megapascal === null ? null : megapascal * 1e6,
    zeroPointEnergyEv: ev(run.zeroPoint),
    thermalCorrectionEv: ev(values.get('ET')),
    enthalpyEv: gibbs === null || entropy === null ? null : ev(gibbs + entropy),
    entropyTimesTemperatureEv: ev(entropy),
    gibbsEnergyEv: ev(gibbs),
  }
}

/** Rows `XX  alpha …  epsilon  chi`: the last but one column is the dielectric constant. */
function susceptibility({ run }: Context): Section {
  const values = new Map<string, number>()
  return (text) => {
    const words = text.trim().split(/ +/)
    const epsilon = toNumber(words.at(-2))
    if (!COMPONENTS.some((name) => name === words[0]) || epsilon === null) return false
    values.set(words[0] ?? '', epsilon)
    if (values.size < 6) return true
    const [xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0] = COMPONENTS.map((name) => values.get(name))
    run.dielectric = [
      [xx, xy, xz],
      [xy, yy, yz],
      [xz, yz, zz],
    ]
    return false
  }
}

/** Three rows of three numbers, after empty lines. */
function tensor(done: (rows: Matrix3) => void): Section {
  const rows: Vector3[] = []
  return (text) => {
    if (text.trim() === '' && rows.length === 0) return true
    const row = toNumbers(text)
    if (row?.length !== 3) return false
    rows.push(row as Vector3)
    if (rows.length === 3) done(rows as Matrix3)
    return rows.length < 3
  }
}

function bornCharge({ run }: Context): Section {
  const rows: Vector3[] = []
  return (text) => {
    if (text.trim() === '' || /^ +1 +2 +3 *$/.test(text)) return rows.length === 0
    const row = toNumbers(text)
    if (row?.length !== 4) return false
    rows.push(row.slice(1) as Vector3)
    if (rows.length === 3 && run.born.length < 100_000) run.born.push(rows as Matrix3)
    return rows.length < 3
  }
}

/** The upper triangle of the 6×6 tensor between bars, Voigt xx yy zz yz xz xy. */
function elastic(into: Elastic): Section {
  const rows: number[][] = []
  return (text) => {
    if (text.trim() === '' && rows.length === 0) return true
    const row = toNumbers(text.replaceAll('|', ' '))
    if (!text.includes('|') || row === null || row.length !== 6 - rows.length) return false
    rows.push(row)
    if (rows.length < 6) return true
    into.tensor = rows.map((_, i) => rows.map((_row, j) => (i <= j ? rows[i]?.[j - i] : rows[j]?.[i - j]) ?? 0))
    return false
  }
}

function moduli(into: Elastic): Section {
  return (text) => {
    if (text.trim() === '') return true
    const row = toNumbers(text)
    if (row !== null && row.length >= 6) into.moduli = row
    return false
  }
}
