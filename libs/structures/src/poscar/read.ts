import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { isElement } from '../elements.ts'
import { type Line, linesOf, numberOf, StructureProblem, wordsOf } from '../outcome.ts'
import { determinant, mapVector, rowTimes } from '../vectors.ts'

type Head = { readonly lattice: Matrix3; readonly scale: Vector3; readonly species: readonly string[]; readonly next: number }

const lineAt = (lines: readonly Line[], index: number, what: string): Line => {
  const line = lines[index]
  if (line !== undefined) return line
  throw new StructureProblem({ line: lines.length, message: `the file ends before ${what}`, mend: `add ${what}` })
}

const vectorOf = (line: Line, what: string): Vector3 => {
  const words = wordsOf(line.text)
  const [x, y, z] = words.slice(0, 3).map(numberOf)
  if (typeof x === 'number' && typeof y === 'number' && typeof z === 'number') return [x, y, z]
  throw new StructureProblem({
    line: line.number,
    value: line.text.trim(),
    message: `${what} must be three numbers, found "${line.text.trim().slice(0, 60)}"`,
    mend: 'write three numbers separated by blanks',
  })
}

/** One factor, three (one per Cartesian axis), or the negative of the cell's volume in Å³. */
function scaleOf(line: Line, lattice: Matrix3): Vector3 {
  const words = wordsOf(line.text)
  const numbers = words.map(numberOf)
  const end = numbers.indexOf(null)
  const [first, second, third] = (end < 0 ? numbers : numbers.slice(0, end)).map((value) => value ?? 0)
  const refuse = (message: string) =>
    new StructureProblem({
      line: line.number,
      value: line.text.trim(),
      message,
      mend: 'write 1.0, or minus the volume in Å³, or three positive factors',
    })
  if (first === undefined || first === 0)
    throw refuse(`the scale factor must be a number other than zero, found "${line.text.trim().slice(0, 60)}"`)
  if (second !== undefined && third !== undefined) {
    if (first < 0 || second <= 0 || third <= 0) throw refuse(`three scale factors must be positive, found "${line.text.trim()}"`)
    return [first, second, third]
  }
  if (first > 0) return [first, first, first]
  const volume = Math.abs(determinant(lattice))
  if (volume === 0) throw refuse('a lattice of zero volume cannot be scaled to a volume')
  const factor = Math.cbrt(-first / volume)
  return [factor, factor, factor]
}

/** `Fe_pv` and `Si/2f1c…` (VASP 6.4) name the element before the mark. */
const symbolOfWord = (word: string): string => word.replace(/[_/].*$/, '')

/** The symbols from line 6 on and as many counts: programs break long lists into lines of 20. */
function speciesOf(lines: readonly Line[]): { readonly species: readonly string[]; readonly next: number } {
  const first = lineAt(lines, 5, 'the line of element symbols')
  const isCounts = ({ text }: Line) => /^\s*\d+(\s+\d+)*\s*$/.test(text)
  if (isCounts(first))
    throw new StructureProblem({
      line: first.number,
      value: first.text.trim(),
      message: 'the element symbols are missing (VASP 4 format): which elements these counts are of is not in the file',
      mend: `insert a line of ${wordsOf(first.text).length} element symbols above "${first.text.trim()}"`,
    })
  const countsAt = lines.findIndex((line, index) => index > 5 && isCounts(line))
  const symbols = lines.slice(5, countsAt > 6 && countsAt < 100 ? countsAt : 6).flatMap(({ text }) => wordsOf(text))
  const from = countsAt > 6 && countsAt < 100 ? countsAt : 6
  const counts: number[] = []
  let next = from
  for (let line = lines[next]; line !== undefined && isCounts(line) && counts.length < symbols.length; line = lines[next]) {
    counts.push(...wordsOf(line.text).map(Number))
    next += 1
  }
  checkCounts(symbols, counts, lineAt(lines, from, 'the line of atom counts'))
  return { species: symbols.flatMap((word, index) => Array<string>(counts[index] ?? 0).fill(symbolOfWord(word))), next }
}

function checkCounts(symbols: readonly string[], counts: readonly number[], line: Line): void {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total > 1_000_000)
    throw new StructureProblem({
      line: line.number,
      value: line.text.trim(),
      message: `${total} atoms are more than any calculation takes`,
      mend: 'check the counts',
    })
  if (counts.length > 0 && counts.length === symbols.length) return
  throw new StructureProblem({
    line: line.number,
    value: line.text.trim(),
    message: `${symbols.length} element symbols need as many whole numbers of atoms, found "${line.text.trim().slice(0, 60)}"`,
    mend: `write ${symbols.length} counts, one per symbol`,
  })
}

function headOf(lines: readonly Line[]): Head {
  const rows = [2, 3, 4].map((index) => vectorOf(lineAt(lines, index, 'three lattice vectors'), 'a lattice vector'))
  const [a, b, c] = rows as Matrix3
  const scale = scaleOf(lineAt(lines, 1, 'the scale factor'), [a, b, c])
  const stretch = (row: Vector3) => mapVector(row, (value, index) => value * scale[index])
  return { lattice: [stretch(a), stretch(b), stretch(c)], scale, ...speciesOf(lines) }
}

function flagsOf(words: readonly string[], line: Line): [boolean, boolean, boolean] {
  const flags = words.slice(3, 6).map((word) => /^\.?(?<value>[tTfF])/.exec(word)?.groups?.['value']?.toUpperCase())
  const [x, y, z] = flags
  if (x === undefined || y === undefined || z === undefined)
    throw new StructureProblem({
      line: line.number,
      value: line.text.trim(),
      message: `with selective dynamics a position needs three flags T or F, found "${line.text.trim().slice(0, 80)}"`,
      mend: 'add `T T T` (free) or `F F F` (fixed) after the coordinates',
    })
  return [x === 'F', y === 'F', z === 'F']
}

/** Other programs write the element behind the coordinates: it must not contradict the head of the file. */
function checkLabel(words: readonly string[], from: number, species: string, line: Line): void {
  const label = words[from]
  if (label === undefined || !isElement(label) || label === species) return
  throw new StructureProblem({
    line: line.number,
    value: label,
    message: `the position is marked "${label}", yet by the symbols and counts at the top it is of ${species}`,
    mend: 'put the symbols, the counts and the positions into the same order',
  })
}

/** Reads POSCAR and CONTCAR of VASP 5 and 6; throws `StructureProblem`. Velocities and predictor-corrector blocks are left out, with a warning. */
export function readPoscar(text: string): { readonly structure: Structure; readonly warnings: readonly string[] } {
  const lines = linesOf(text)
  const head = headOf(lines)
  let next = head.next
  const selective = /^\s*[sS]/.test(lineAt(lines, next, 'the word Direct or Cartesian').text)
  if (selective) next += 1
  const mode = lineAt(lines, next, 'the word Direct or Cartesian')
  if (!/^\s*[cCkKdDfF]/.test(mode.text))
    throw new StructureProblem({
      line: mode.number,
      value: mode.text.trim(),
      message: `expected "Direct" or "Cartesian", found "${mode.text.trim().slice(0, 60)}"`,
      mend: 'say on a line of its own which coordinates follow',
    })
  const cartesian = /^\s*[cCkK]/.test(mode.text)
  const fixed: [boolean, boolean, boolean][] = []
  const positionsAngstrom = head.species.map((species, index): Vector3 => {
    const line = lineAt(lines, next + 1 + index, `position ${index + 1} of ${head.species.length}`)
    const words = wordsOf(line.text)
    const coordinates = vectorOf(line, `position ${index + 1}`)
    if (selective) fixed.push(flagsOf(words, line))
    checkLabel(words, selective ? 6 : 3, species, line)
    return cartesian ? mapVector(coordinates, (value, axis) => value * head.scale[axis]) : rowTimes(coordinates, head.lattice)
  })
  const rest = lines.slice(next + 1 + head.species.length).filter(({ text }) => /[1-9]/.test(text))
  return {
    structure: {
      latticeAngstrom: head.lattice,
      periodic: [true, true, true],
      species: [...head.species],
      positionsAngstrom,
      ...(fixed.some((row) => row.includes(true)) ? { fixed } : {}),
    },
    warnings: rest.length > 0 ? [`what follows the positions (line ${rest[0]?.number}: velocities or the like) is not used`] : [],
  }
}
