import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import type { Rule, Section } from '../../reading/sections.ts'
import { type Context, emptyGeometry, type Geometry } from './run.ts'

const ATOM = /^ *\d+ +[TF] +(\d+) +([A-Z]{1,2})\d* +(\S+) +(\S+) +(\S+)/
const CARTESIAN = /^ +\d+ +(\d+) +([A-Z]{1,2})\d* +(\S+) +(\S+) +(\S+)/
const MAX_ATOMS = 1_000_000

/** Geometries: of the wave function, of each point of an optimisation, and the final one. */
export const geometryRules = (context: Context): readonly Rule[] =>
  allGeometryRules(context).map((rule) => ({ ...rule, read: (hit) => (context.run.displaced ? undefined : rule.read(hit)) }))

/** Displaced and strained cells are not the geometry of the energy. */
const allGeometryRules = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^ *)GEOMETRY FOR WAVE FUNCTION - DIMENSIONALITY OF THE SYSTEM +(?<dimensions>[0-3])/,
    read: ({ groups }) => startGeometry(context, Number(groups['dimensions'])),
  },
  {
    pattern: /(?<=^ *)FINAL OPTIMIZED GEOMETRY - DIMENSIONALITY OF THE SYSTEM +(?<dimensions>[0-3])/,
    read: ({ groups }) => {
      context.run.finalGeometry = true
      return startGeometry(context, Number(groups['dimensions']))
    },
  },
  {
    pattern: /(?<=^ *)LATTICE PARAMETERS \(ANGSTROMS AND DEGREES\) - BOHR/,
    read: () => {
      context.run.step.geometry.volume = null
      return lattice(context.run.step.geometry)
    },
  },
  {
    pattern: /(?<=^ *)ATOMS IN THE ASYMMETRIC UNIT +\d+ - ATOMS IN THE UNIT CELL: +(?<count>\d+)/,
    read: ({ groups }) => atoms(context, Number(groups['count'])),
  },
  { pattern: /(?<=^ *)DIRECT LATTICE VECTORS CARTESIAN COMPONENTS \(ANGSTROM\)/, read: () => vectors(context.run.step.geometry) },
  { pattern: /(?<=^ *)DIRECT LATTICE VECTOR COMPONENTS \(ANGSTROM\)/, read: () => vectors(context.run.step.geometry) },
  { pattern: /(?<=^ +)ATOM +N\.AT\. +SHELL +X\(A\) +Y\(A\) +Z\(A\)/, read: () => propertyAtoms(context) },
  {
    pattern: /(?<=^ *)N\. OF ATOMS PER CELL +(?<count>\d+)/,
    read: ({ groups }) => {
      context.run.atomCount = Number(groups['count'])
    },
  },
  { pattern: /(?<=^ *)CARTESIAN COORDINATES - PRIMITIVE CELL/, read: () => cartesian(context) },
]

function startGeometry(context: Context, dimensions: number): undefined {
  const { step } = context.run
  const { vectors: known, parameters } = step.geometry
  step.geometry = { ...emptyGeometry(), dimensions: dimensions as 0 | 1 | 2 | 3 }
  if (!context.run.finalGeometry) return
  step.geometry.vectors = known // replaced by the vectors printed below; keeps the orientation till then
  step.geometry.parameters = parameters
}

/** `PRIMITIVE CELL … VOLUME= …`, a line of names, the six parameters. */
function lattice(geometry: Geometry): Section {
  return (text) => {
    const volume = /VOLUME= *(\S+)/.exec(text)?.[1]
    if (volume !== undefined) geometry.volume = toNumber(volume)
    const numbers = /^[ \d.]+$/.test(text) ? toNumbers(text) : null
    if (numbers === null || numbers.length < 6) return text.includes('PRIMITIVE CELL') || /A +B +C +ALPHA/.test(text)
    geometry.parameters = numbers.slice(0, 6)
    geometry.vectors = null
    return false
  }
}

/** The table of the atoms in the cell: its header tells which coordinates are in Å. */
function atoms(context: Context, count: number): Section | undefined {
  const { geometry } = context.run.step
  geometry.numbers = []
  geometry.symbols = []
  geometry.coordinates = []
  geometry.cartesian = null
  geometry.count = count
  if (count > MAX_ATOMS) return undefined
  return (text, line) => {
    if (/^ +ATOM +X/.test(text)) {
      geometry.dimensions = (3 - (text.match(/\(ANGSTROM\)/g)?.length ?? 0)) as 0 | 1 | 2 | 3
      return true
    }
    if (/^ *\*+$/.test(text)) return geometry.symbols.length < count
    const atom = ATOM.exec(text)
    if (atom === null) return false
    if (!pushAtom(geometry, atom))
      context.notes.diagnose('OUTPUT_UNREADABLE', `coordinates of an atom are not numbers: "${text.trim()}"`, { line, text })
    return geometry.symbols.length < count
  }
}

function pushAtom(geometry: Geometry, [, number, symbol = '', ...words]: readonly string[]): boolean {
  const position = words.map(toNumber)
  const [x = null, y = null, z = null] = position
  geometry.numbers.push(Number(number))
  geometry.symbols.push(elementOf(symbol, Number(number)))
  geometry.coordinates.push([x ?? Number.NaN, y ?? Number.NaN, z ?? Number.NaN])
  return x !== null && y !== null && z !== null
}

/** `MG` → `Mg`; ghost atoms (number 0, `XX`) are `X`. */
export const elementOf = (symbol: string, number: number): string =>
  number === 0 || symbol === 'XX' ? 'X' : symbol.charAt(0) + symbol.slice(1).toLowerCase()

function vectors(geometry: Geometry): Section {
  const rows: Vector3[] = []
  return (text) => {
    if (rows.length === 0 && /^ +X +Y +Z *$/.test(text)) return true
    const row = toNumbers(text)
    if (row?.length !== 3) return false
    rows.push(row as Vector3)
    if (rows.length === 3) geometry.vectors = rows as Matrix3
    return rows.length < 3
  }
}

function cartesian(context: Context): Section {
  const { geometry } = context.run.step
  const rows: Vector3[] = []
  return (text) => {
    if (/^ *\*/.test(text)) return true
    const atom = CARTESIAN.exec(text)
    const position = atom?.slice(3, 6).map(toNumber) ?? []
    if (position.length === 3 && position.every((x) => x !== null)) rows.push(position as Vector3)
    else return false
    if (rows.length === geometry.symbols.length) geometry.cartesian = rows
    return rows.length < geometry.symbols.length
  }
}

/** The table of `properties`: three decimals, so only elements are taken from it, and only where no better table came. */
function propertyAtoms({ run }: Context): Section {
  const { geometry } = run.step
  const fill = geometry.symbols.length === 0
  const numbers: number[] = []
  const symbols: string[] = []
  return (text) => {
    const atom = /^ +\d+ +(\d+) +([A-Z]{1,2})\d* +\d+ +\S+ +\S+ +\S+ /.exec(text)
    if (atom === null) {
      // only now is the table known to be whole
      if (fill && symbols.length > 0) Object.assign(geometry, { numbers, symbols })
      return /^ *\*+$/.test(text)
    }
    if (symbols.length >= MAX_ATOMS) return true
    numbers.push(Number(atom[1]))
    symbols.push(elementOf(atom[2] ?? '', Number(atom[1])))
    return true
  }
}
