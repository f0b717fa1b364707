import type { Matrix3, Quasiparticle, Vector3 } from '@crystalmath/contract'
import { decodeNumbers } from './decimals.ts'
import type { LateBandEdges } from './outcar-bands.ts'
import { endOf } from './telling-lines.ts'
import { toMatrix, toVectors } from './vectors.ts'

/**
 * Gets the lines after a heading, one by one; answers false at the first line that is not the table's (which is then read as any other),
 * or where the next line begins that it has not taken with this one.
 */
export type LineConsumer = (block: string, from: number, to: number) => boolean | number

const MINUS = 45
const words = new Float64Array(32)

const isRule = (block: string, from: number, to: number): boolean => {
  let at = from
  while (at < to && block.charCodeAt(at) <= 32) at += 1
  return at + 4 < to && block.charCodeAt(at) === MINUS && block.charCodeAt(at + 1) === MINUS && block.charCodeAt(at + 2) === MINUS
}

const isBlank = (block: string, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) if (block.charCodeAt(at) > 32) return false
  return true
}

/** POSITION and TOTAL-FORCE: six numbers per ion between two rules. Forces that are no numbers are null. */
export function forceTable(done: (positions: Vector3[] | null, forces: Vector3[] | null) => void): LineConsumer {
  const positions: number[] = []
  const forces: number[] = []
  let rules = 0
  return (block, from, to) => {
    if (rules === 2) return false
    if (isRule(block, from, to)) {
      rules += 1
      if (rules === 2) done(toVectors(positions), toVectors(forces))
      return true
    }
    const count = decodeNumbers(block, from, to, words)
    if (rules === 0) return true
    if (count < 6) return false
    positions.push(words[0] ?? Number.NaN, words[1] ?? Number.NaN, words[2] ?? Number.NaN)
    forces.push(words[3] ?? Number.NaN, words[4] ?? Number.NaN, words[5] ?? Number.NaN)
    return true
  }
}

/** Three rows of at least three numbers, rules and blank lines between. */
export function matrixTable(done: (matrix: Matrix3) => void): LineConsumer {
  const flat: number[] = []
  let others = 0
  return (block, from, to) => {
    if (flat.length === 9) return false
    if (isRule(block, from, to) || isBlank(block, from, to)) {
      others += 1
      return others < 5
    }
    if (decodeNumbers(block, from, to, words) < 3) return false
    flat.push(words[0] ?? Number.NaN, words[1] ?? Number.NaN, words[2] ?? Number.NaN)
    const matrix = flat.length === 9 ? toMatrix(flat) : null
    if (matrix !== null) done(matrix)
    return true
  }
}

/** Per ion s, p, d, … and their sum, which is kept. */
export function ionTable(done: (sums: number[]) => void): LineConsumer {
  const sums: number[] = []
  let others = 0
  return (block, from, to) => {
    const count = decodeNumbers(block, from, to, words)
    if (count >= 3 && words[0] === sums.length + 1) {
      sums.push(words[count - 1] ?? Number.NaN)
      return true
    }
    if (sums.length > 0) {
      done(sums)
      return false
    }
    others += 1
    return others < 6
  }
}

/** Of a table of bands, but for that of GW. */
const HEADING = '  band No.  band energies '

/** What is done with the rows of a table of bands. */
type BandRows = {
  /** Electrons in a full band, as printed. */
  readonly fullOccupation: number
  readonly edges: LateBandEdges
  /** Each row, where all are to be kept; else they wait as text. */
  readonly keep: ((energy: number, occupation: number) => void) | null
  readonly quasi: (row: Omit<Quasiparticle, 'kPointIndex'>) => void
}

/** `band No.  band energies  occupation`, or of GW `band No.  KS-energies  QP-energies  …`. */
export function bandTable({ fullOccupation, edges, keep, quasi }: BandRows): LineConsumer {
  let gw = false
  let rows = 0
  let others = 0
  let late: LineConsumer | null = null
  return (block, from, to) => {
    if (late !== null) return late(block, from, to)
    if (keep === null && rows === 0 && block.startsWith(HEADING, from)) {
      late = textRows((text) => edges.keep(text))
      return true
    }
    const count = decodeNumbers(block, from, to, words)
    if (count >= 3 && words[0] === rows + 1) {
      if (keep === null && !gw) {
        late = textRows((text) => edges.keep(text))
        return late(block, from, to)
      }
      rows += 1
      if (gw) addQuasiparticle(count, edges, fullOccupation, quasi)
      else {
        const occupation = (words[2] ?? Number.NaN) / fullOccupation
        edges.add(words[1] ?? Number.NaN, occupation)
        keep?.(words[1] ?? Number.NaN, occupation)
      }
      return true
    }
    if (rows > 0) return false
    others += 1
    gw ||= block.slice(from, to).includes('QP-energies')
    return others < 4
  }
}

/** Whole rows that begin with a digit. */
const ROWS = /(?: *\d[^\n]*\n)*/y

/** Rows that begin with a digit, given on as pieces of text. */
function textRows(give: (text: string) => void): LineConsumer {
  return (block, from) => {
    const end = endOf(ROWS, block, from)
    if (end === from) return false
    give(block.slice(from, end))
    return end
  }
}

function addQuasiparticle(
  count: number,
  edges: LateBandEdges,
  fullOccupation: number,
  quasi: (row: Omit<Quasiparticle, 'kPointIndex'>) => void,
): void {
  const number = (i: number): number | null => (i < count && !Number.isNaN(words[i]) ? (words[i] ?? null) : null)
  const [bare, shifted] = [number(1), number(2)]
  edges.add(shifted ?? Number.NaN, (number(7) ?? Number.NaN) / fullOccupation)
  quasi({
    band: words[0] ?? 0,
    bareEv: bare,
    quasiparticleEv: shifted,
    correctionEv: bare === null || shifted === null ? null : shifted - bare,
    renormalization: number(6),
    widthEv: number(8),
  })
}

/** ` ion    1` and three numbered rows each. */
export function bornTable(done: (charges: Matrix3[]) => void): LineConsumer {
  const charges: Matrix3[] = []
  let flat: number[] = []
  let others = 0
  return (block, from, to) => {
    const count = decodeNumbers(block, from, to, words)
    if (count === 4 && words[0] === flat.length / 3 + 1) {
      flat.push(words[1] ?? Number.NaN, words[2] ?? Number.NaN, words[3] ?? Number.NaN)
      if (flat.length === 9) {
        const matrix = toMatrix(flat)
        if (matrix === null) return false
        charges.push(matrix)
        flat = []
      }
      return true
    }
    if (/^\s*ion +\d+/.test(block.slice(from, to))) return true
    if (charges.length > 0) {
      done(charges)
      return false
    }
    others += 1
    return others < 4
  }
}

/** Six rows `XX … ZX` of six numbers, in VASP's order XX YY ZZ XY YZ ZX. */
export function elasticTable(done: (rows: number[][]) => void): LineConsumer {
  const rows: number[][] = []
  let others = 0
  return (block, from, to) => {
    if (rows.length === 6) return false
    const [, values] = /^\s*[XYZ]{2}\s+(\S.*)$/.exec(block.slice(from, to)) ?? []
    const row: number[] = []
    if (values !== undefined && decodeNumbers(values, 0, values.length, row) === 6 && !row.some(Number.isNaN)) {
      rows.push(row)
      if (rows.length === 6) done(rows)
      return true
    }
    others += 1
    return rows.length === 0 && others < 5
  }
}
