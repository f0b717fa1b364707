import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { symbolOf } from '../elements.ts'
import { type Line, linesOf, numberOf, StructureProblem, wordsOf } from '../outcome.ts'
import { type Column, columnsOf, commentFields, fieldWords } from './comment.ts'

type Read = { readonly structure: Structure; readonly warnings: readonly string[] }

const PLAIN: readonly Column[] = [
  { name: 'species', type: 'S', from: 0, count: 1 },
  { name: 'pos', type: 'R', from: 1, count: 3 },
]

/** Reads one frame of XYZ or extended XYZ; throws `StructureProblem`. A comment with `Lattice=` makes it extended, whatever it was called. */
export function readXyz(text: string): Read {
  const lines = linesOf(text)
  const count = countOf(lines[0])
  const comment = lines[1] ?? { number: 2, text: '' }
  const body = lines.slice(2, 2 + count)
  const next = lines.slice(2 + count).find((line) => line.text.trim() !== '')
  if (next !== undefined)
    throw new StructureProblem({
      line: next.number,
      value: next.text.trim(),
      message: `the first line says ${count} atoms, yet more follows: "${next.text.trim().slice(0, 60)}"`,
      mend: 'send one structure at a time ("crystalmath campaign create" takes a file of many), and say in the first line how many atoms it has',
    })
  const missing = body.findIndex((line) => line.text.trim() === '')
  const found = missing < 0 ? body.length : missing
  if (found < count)
    throw new StructureProblem({
      line: 1,
      value: String(count),
      message: `the first line says ${count} atoms, yet there are ${found}`,
      mend: `write ${found} into the first line, or add the missing atoms`,
    })
  return frameOf(comment, body)
}

function countOf(line: Line | undefined): number {
  const word = line?.text.trim() ?? ''
  if (/^\d{1,7}$/.test(word)) return Number(word)
  throw new StructureProblem({
    line: 1,
    value: word,
    message: `the first line must be the number of atoms, found "${word.slice(0, 60)}"`,
    mend: 'write the number of atoms into the first line, and a comment (or nothing) into the second',
  })
}

function frameOf(comment: Line, body: readonly Line[]): Read {
  const fields = commentFields(comment.text)
  const columns = columnsFrom(fields.get('Properties') ?? fields.get('properties'), comment)
  const rows = body.map((line) => ({ line, words: wordsOf(line.text) }))
  const lattice = latticeFrom(fields.get('Lattice') ?? fields.get('lattice'), comment)
  const periodic = lattice === null ? null : periodicFrom(fields.get('pbc'), comment)
  const moments = columns.find(({ name }) => name === 'initial_magmoms')
  const moves = columns.find(({ name }) => name === 'move_mask')
  const species = rows.map((row) => speciesOf(row, columns))
  const fixed = moves === undefined ? [] : rows.map((row) => fixedOf(row, moves))
  const labels = columns.find(({ name }) => name === 'labels')
  return {
    structure: {
      latticeAngstrom: lattice,
      ...(periodic === null ? {} : { periodic }),
      species,
      positionsAngstrom: rows.map((row) => numbersOf(row, named(columns, 'pos', comment)) as Vector3),
      ...(moments === undefined ? {} : { initialMomentsBohr: rows.map((row) => numbersOf(row, moments)[0] ?? 0) }),
      ...(fixed.some((row) => row.includes(true)) ? { fixed } : {}),
      ...(labels === undefined ? {} : { labels: rows.map(({ words }) => words[labels.from] ?? '') }),
    },
    warnings:
      moments === undefined && columns.some(({ name }) => name === 'magmoms')
        ? ['the column "magmoms" holds results, not initial moments; call it "initial_magmoms" to start from them']
        : [],
  }
}

function columnsFrom(properties: string | undefined, comment: Line): readonly Column[] {
  if (properties === undefined) return PLAIN
  const columns = columnsOf(properties)
  if (columns !== null) return columns
  throw new StructureProblem({
    line: comment.number,
    value: properties,
    message: `Properties must be a list of name:type:count, found "${properties.slice(0, 60)}"`,
    mend: 'write for example Properties=species:S:1:pos:R:3',
  })
}

function named(columns: readonly Column[], name: string, comment: Line): Column {
  const column = columns.find((one) => one.name === name)
  if (column !== undefined && column.count === 3) return column
  throw new StructureProblem({
    line: comment.number,
    message: `Properties has no column ${name}:R:3`,
    mend: 'write for example Properties=species:S:1:pos:R:3',
  })
}

function latticeFrom(value: string | undefined, comment: Line): Matrix3 | null {
  if (value === undefined) return null
  const numbers = fieldWords(value).map(numberOf)
  const [ax, ay, az, bx, by, bz, cx, cy, cz] = numbers.map((number) => number ?? Number.NaN)
  const lattice = [
    [ax, ay, az],
    [bx, by, bz],
    [cx, cy, cz],
  ] as Matrix3
  if (numbers.length === 9 && !numbers.includes(null)) return lattice
  throw new StructureProblem({
    line: comment.number,
    value,
    message: `Lattice must be nine numbers, found ${numbers.length}: "${value.slice(0, 80)}"`,
    mend: 'write Lattice="ax ay az bx by bz cx cy cz" in Å',
  })
}

function periodicFrom(value: string | undefined, comment: Line): [boolean, boolean, boolean] {
  if (value === undefined) return [true, true, true]
  const flags = fieldWords(value).map((word) => (/^(t|true|1)$/i.test(word) ? true : /^(f|false|0)$/i.test(word) ? false : null))
  const [a, b, c] = flags.length === 1 ? [flags[0], flags[0], flags[0]] : flags
  if (typeof a === 'boolean' && typeof b === 'boolean' && typeof c === 'boolean') return [a, b, c]
  throw new StructureProblem({
    line: comment.number,
    value,
    message: `pbc must be three of T and F, found "${value.slice(0, 40)}"`,
    mend: 'write for example pbc="T T F"',
  })
}

type Row = { readonly line: Line; readonly words: readonly string[] }

function speciesOf({ line, words }: Row, columns: readonly Column[]): string {
  const column = columns.find(({ name }) => name === 'species') ?? columns.find(({ name }) => name === 'Z' || name === 'numbers')
  const word = words[column?.from ?? 0] ?? ''
  const symbol = /^\d+$/.test(word) ? symbolOf(Number(word)) : word
  if (symbol !== null && symbol !== '') return symbol
  throw new StructureProblem({
    line: line.number,
    value: word,
    message: `"${word}" is no atomic number`,
    mend: 'begin the line with an element symbol or an atomic number from 1 to 118',
  })
}

function numbersOf({ line, words }: Row, column: Column): readonly number[] {
  const numbers = words.slice(column.from, column.from + column.count).map(numberOf)
  if (numbers.length === column.count && !numbers.includes(null)) return numbers.map((value) => value ?? 0)
  throw new StructureProblem({
    line: line.number,
    value: line.text.trim(),
    message: `${column.name} must be ${column.count === 1 ? 'a number' : `${column.count} numbers`}, found "${line.text.trim().slice(0, 80)}"`,
    mend: 'write an element symbol and three coordinates in Å',
  })
}

/** `move_mask` as ASE writes it: T where the atom (or the direction) moves. */
function fixedOf({ line, words }: Row, column: Column): [boolean, boolean, boolean] {
  const flags = words
    .slice(column.from, column.from + column.count)
    .map((word) => (/^(t|true|1)$/i.test(word) ? false : /^(f|false|0)$/i.test(word) ? true : null))
  const [a, b, c] = column.count === 1 ? [flags[0], flags[0], flags[0]] : flags
  if (typeof a === 'boolean' && typeof b === 'boolean' && typeof c === 'boolean') return [a, b, c]
  throw new StructureProblem({
    line: line.number,
    value: line.text.trim(),
    message: `move_mask must be one or three of T and F, found "${line.text.trim().slice(0, 80)}"`,
    mend: 'write T where the atom may move, F where not',
  })
}
