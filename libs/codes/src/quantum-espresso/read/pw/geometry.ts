import { ANGSTROM_PER_BOHR, type Matrix3, type Structure, type Vector3 } from '@crystalmath/contract/plain'
import { detached } from '../../../reading/hits.ts'
import { decimalsAt, toNumber, wordsOf } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { diagnose } from '../run-facts.ts'
import { scaledMatrix, scaledVector, toCartesian, vectorOf } from '../units.ts'
import { elementOf, numberAfter } from '../words.ts'
import type { Geometry, Header, PwState } from './state.ts'

const TRIPLE = /=\s*\(\s*(\S+)\s+(\S+)\s+(\S+)\s*\)/
const SITE = /^\s*\d+\s+(\S+)(?:\s+\S+)?\s+tau\(\s*(?:\d+|\*+)\)\s*=\s*\(\s*(\S+)\s+(\S+)\s+(\S+)\s*\)/

/** Where cell and positions are printed: in the header, and after each ionic step. */
export const geometryBeginnings: Beginnings<PwState> = [
  [
    'lattice parameter (',
    (line, { header }) => {
      header.alatBohr = numberAfter(line)
    },
  ],
  [
    'celldm(1)=',
    (line, { header }) => {
      header.alatBohr = finer(numberAfter(line), header.alatBohr)
    },
  ],
  [
    'unit-cell volume',
    (line, { header }) => {
      header.volumeBohr3 = numberAfter(line)
    },
  ],
  ['crystal axes:', (_, { header }) => axesOf(header)],
  ['site n. ', (line, { header }) => (/alat|a_0/.test(line) ? sitesOf(header) : undefined)],
  ['CELL_PARAMETERS', (line, state, at) => onCell(line, state, at())],
  ['ATOMIC_POSITIONS', (line, state, at) => onPositions(line, state, at())],
]

/** `celldm(1)` has two digits more than `alat`, but is 0 where the cell was given in Å by older releases. */
const finer = (value: number | null, known: number | null): number | null =>
  value !== null && value > 0 && (known === null || Math.abs(value - known) < 1e-3) ? value : known

const decimals = (text: string | undefined): number => (text?.includes('.') === true ? text.length - text.indexOf('.') - 1 : 0)

/** ph.x prints cell and positions again with fewer digits: the finer ones stay. */
function axesOf(header: Header): Eater {
  const axes: Vector3[] = []
  return (line) => {
    const [, x, y, z] = line.includes('a(') ? (TRIPLE.exec(line) ?? []) : []
    const axis = vectorOf([x, y, z].map(toNumber))
    if (axis === null) return false
    if (decimals(x) < header.axisDecimals) return false
    axes.push(axis)
    if (axes.length === 3) Object.assign(header, { axes, axisDecimals: decimals(x) })
    return axes.length < 4
  }
}

function sitesOf(header: Header): Eater {
  const labels: string[] = []
  const positions: Vector3[] = []
  return (line) => {
    const [, label, x, y, z] = SITE.exec(line) ?? []
    const position = vectorOf([x, y, z].map(toNumber))
    if (label === undefined || position === null || decimals(x) < header.positionDecimals) return false
    labels.push(detached(label))
    positions.push(position)
    Object.assign(header, { labels, positions, positionDecimals: decimals(x) })
    return true
  }
}

/** The geometry of the header: six digits of the axes, seven of the positions. */
export function headerGeometry({ alatBohr, axes, labels, positions, atomCount }: Header): Geometry | null {
  const [a, b, c] = axes
  if (alatBohr === null || a === undefined || b === undefined || c === undefined) return null
  if (positions.length === 0 || (atomCount !== null && atomCount !== positions.length)) return null
  const alat = alatBohr * ANGSTROM_PER_BOHR
  return {
    latticeAngstrom: scaledMatrix([a, b, c], alat),
    labels,
    positionsAngstrom: positions.map((position) => scaledVector(position, alat)),
    fixed: null,
  }
}

const UNIT = /[({]?\s{0,20}(alat|bohr|angstrom|crystal)\s{0,20}(?:=\s{0,20}([\d.]{1,30}))?/i

/** Å in the unit of a card's head line; null for `crystal` or where alat is not known. */
function angstromPer(line: string, { header: { alatBohr }, run }: PwState): number | null {
  // cp.x names no unit and means bohr
  const [, unit = run.program === 'CP' ? 'bohr' : 'alat', alat] = UNIT.exec(line) ?? []
  switch (unit.toLowerCase()) {
    case 'angstrom':
      return 1
    case 'bohr':
      return ANGSTROM_PER_BOHR
    case 'crystal':
      return null
    default: {
      const bohr = toNumber(alat) ?? alatBohr
      return bohr === null ? null : bohr * ANGSTROM_PER_BOHR
    }
  }
}

function onCell(head: string, state: PwState, at: number): Eater {
  const factor = angstromPer(head, state)
  const rows: Vector3[] = []
  return (line) => {
    if (rows.length === 3) return false
    const row = vectorOf(wordsOf(line).map(toNumber))
    if (row === null || factor === null) {
      diagnose(state.run, 'OUTPUT_UNREADABLE', `a cell vector is not three numbers: "${line.trim()}"`, at, line)
      return false
    }
    rows.push(scaledVector(row, factor))
    const [a, b, c] = rows
    if (a !== undefined && b !== undefined && c !== undefined) state.nextCell = [a, b, c]
    return true
  }
}

/** The cell that positions printed now belong to. */
const cellNow = (state: PwState): Matrix3 | null =>
  state.nextCell ?? state.scf?.geometry?.latticeAngstrom ?? headerGeometry(state.header)?.latticeAngstrom ?? null

const FREE: [boolean, boolean, boolean] = [false, false, false]

function onPositions(head: string, state: PwState, at: number): Eater {
  const lattice = cellNow(state)
  const factor = angstromPer(head, state)
  const labels: string[] = []
  const positions: Vector3[] = []
  const fixed: [boolean, boolean, boolean][] = []
  const { header, run } = state
  const expected = header.atomCount ?? Number.POSITIVE_INFINITY

  const take = (label: string, numbers: Readonly<Vector3>, cell: Matrix3, free: [boolean, boolean, boolean]): boolean => {
    labels.push(label)
    positions.push(factor === null ? toCartesian(numbers, cell) : scaledVector(numbers, factor))
    fixed.push(free)
    if (positions.length === (header.atomCount ?? positions.length))
      state.next = {
        latticeAngstrom: cell,
        labels,
        positionsAngstrom: positions,
        fixed: fixed.some((row) => row.includes(true)) ? fixed : null,
      }
    return at > 0
  }

  return {
    eat(block, from, to, lineNumber) {
      const known = header.labels[positions.length]
      if (lattice !== null && positions.length < expected && isPlainRow(block, from, to, known))
        return take(known, [words[0] ?? 0, words[1] ?? 0, words[2] ?? 0], lattice, FREE)
      const line = block.slice(from, to)
      const [label, x, y, z, ...free] = wordsOf(line)
      const numbers = vectorOf([toNumber(x), toNumber(y), toNumber(z)])
      if (positions.length >= expected || label === undefined || (known !== label && elementOf(label) === null)) return false
      if (numbers === null || lattice === null) {
        if (/[*]|nan/i.test(line))
          diagnose(run, 'OUTPUT_UNREADABLE', `a position is not three numbers: "${line.trim()}"`, lineNumber(), line)
        return false
      }
      const flags: [boolean, boolean, boolean] = [free[0] === '0', free[1] === '0', free[2] === '0']
      return take(known === label ? known : detached(label), numbers, lattice, free.length === 0 ? FREE : flags)
    },
  }
}

const words: number[] = [0, 0, 0]

/** A row of the atom that is expected, its label and three decimals, which are then in `words`. */
function isPlainRow(block: string, from: number, to: number, label: string | undefined): label is string {
  if (label === undefined) return false
  let at = from
  while (at < to && block.charCodeAt(at) === 32) at += 1
  if (!block.startsWith(label, at) || block.charCodeAt(at + label.length) !== 32) return false
  const end = decimalsAt(block, at + label.length, to, words)
  return end !== -1 && block.slice(end, to).trim() === ''
}

/** The geometry in the words of the contract; null where a label names no element. */
export function structureOf(geometry: Geometry | null): Structure | null {
  if (geometry === null) return null
  const species = geometry.labels.map(elementOf)
  if (species.some((element) => element === null)) return null
  const elements = species.filter((element) => element !== null)
  return {
    latticeAngstrom: geometry.latticeAngstrom,
    species: elements,
    positionsAngstrom: [...geometry.positionsAngstrom],
    ...(geometry.fixed === null ? {} : { fixed: geometry.fixed.map(([x, y, z]): [boolean, boolean, boolean] => [x, y, z]) }),
    ...(geometry.labels.every((label, i) => label === elements[i]) ? {} : { labels: [...geometry.labels] }),
  }
}
