import type { Matrix3, Reader, Structure, Vector3 } from '@crystalmath/contract'
import { detached, eachLine } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { elementOf } from './elements.ts'
import { wholeLines } from './tail.ts'
import { toCartesian } from './vectors.ts'

export type PoscarReading = {
  readonly comment: string | null
  /** Null where the file is torn or not a structure; `problem` says why. */
  readonly structure: Structure | null
  /** Element symbols stood in the file or its comment; without them `structure.species` is empty. */
  readonly speciesCounts: readonly number[]
  readonly speciesKnown: boolean
  readonly hasVelocities: boolean
  readonly problem: string | null
}

/** Lines beyond what a structure of this many atoms needs are not kept. */
const MAX_ATOMS = 2_000_000

/** Reads POSCAR and CONTCAR of VASP 4 to 6; of XDATCAR the first frame. What VASP writes ends its lines: a last one without is torn. */
export function poscar(file: string): Reader<PoscarReading> {
  const lines: string[] = []
  let needed = Number.POSITIVE_INFINITY
  let more = false
  const written = /CONTCAR|XDATCAR/.test(file)
  return {
    feed(block, firstLine) {
      eachLine(written ? wholeLines(block) : block, firstLine, (line) => {
        if (lines.length >= needed) more ||= /\d/.test(line)
        else lines.push(detached(line))
        if (lines.length === 16) needed = neededLines(lines)
      })
    },
    end: () => ({ ...readPoscar(lines), hasVelocities: more || velocitiesIn(lines) }),
  }
}

type Header = {
  comment: string
  lattice: Matrix3
  symbols: string[] | null
  counts: number[]
  selective: boolean
  cartesian: boolean
  from: number
  scale: number
}

const neededLines = (lines: readonly string[]): number => {
  const header = headerOf(lines)
  return typeof header === 'string' ? 40 : header.from + header.counts.reduce((a, b) => a + b, 0)
}

function headerOf(lines: readonly string[]): Header | string {
  const comment = (lines[0] ?? '').trim()
  const scales = toNumbers((lines[1] ?? '').replace(/[!#].*/, ''))
  if (scales === null || scales.length === 0) return `line 2 is no scaling factor: "${(lines[1] ?? '').trim().slice(0, 60)}"`
  const rows = [2, 3, 4].map((i) => (toNumbers((lines[i] ?? '').replace(/[!#].*/, '')) ?? []).slice(0, 3))
  const lattice = scaledLattice(rows, scales)
  if (lattice === null) return 'lines 3 to 5 are no lattice'
  let at = 5
  const symbols: string[] = []
  while (at < lines.length && !/^\s*\d/.test(lines[at] ?? '') && /[A-Za-z]/.test(lines[at] ?? '')) {
    symbols.push(
      ...(lines[at] ?? '')
        .replace(/[!#].*/, '')
        .trim()
        .split(/\s+/),
    )
    at += 1
  }
  const counts: number[] = []
  for (let first = true; first || counts.length < symbols.length; first = false) {
    const row = toNumbers((lines[at] ?? '').replace(/[!#].*/, ''))
    if (row === null || row.length === 0 || row.some((n) => !Number.isInteger(n) || n < 0)) break
    counts.push(...row)
    at += 1
  }
  const total = counts.reduce((a, b) => a + b, 0)
  if (total === 0 || total > MAX_ATOMS) return 'the numbers of atoms are missing'
  const selective = /^\s*s/i.test(lines[at] ?? '')
  if (selective) at += 1
  const cartesian = /^\s*[ck]/i.test(lines[at] ?? '')
  const scale = scales.length === 1 ? lattice.scale : 1
  return {
    comment,
    lattice: lattice.rows,
    symbols: symbols.length > 0 ? symbols : null,
    counts,
    selective,
    cartesian,
    from: at + 1,
    scale,
  }
}

/** One factor scales all, a negative one is the volume, three scale the cartesian axes. */
function scaledLattice(rows: readonly (readonly number[])[], scales: readonly number[]): { rows: Matrix3; scale: number } | null {
  const [a, b, c] = rows
  if (a?.length !== 3 || b?.length !== 3 || c?.length !== 3) return null
  const [one = 1, two = one, three = one] = scales
  let factors = [one, two, three]
  if (scales.length === 1 && one < 0) {
    const [ax = 0, ay = 0, az = 0] = a
    const [bx = 0, by = 0, bz = 0] = b
    const [cx = 0, cy = 0, cz = 0] = c
    const volume = Math.abs(ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx))
    const factor = Math.cbrt(-one / volume)
    factors = [factor, factor, factor]
  }
  const scaled = (row: readonly number[]): Vector3 => [
    (row[0] ?? 0) * (factors[0] ?? 1),
    (row[1] ?? 0) * (factors[1] ?? 1),
    (row[2] ?? 0) * (factors[2] ?? 1),
  ]
  return { rows: [scaled(a), scaled(b), scaled(c)], scale: factors[0] ?? 1 }
}

function readPoscar(lines: readonly string[]): Omit<PoscarReading, 'hasVelocities'> {
  const header = headerOf(lines)
  const nothing = { comment: lines[0]?.trim() ?? null, structure: null, speciesCounts: [], speciesKnown: false }
  if (typeof header === 'string') return { ...nothing, problem: header }
  const { comment, lattice, counts, selective, cartesian, from, scale } = header
  const total = counts.reduce((a, b) => a + b, 0)
  const positions: Vector3[] = []
  const fixed: [boolean, boolean, boolean][] = []
  for (let i = 0; i < total; i += 1) {
    const words = (lines[from + i] ?? '').trim().split(/\s+/)
    const [x, y, z] = [toNumber(words[0]), toNumber(words[1]), toNumber(words[2])]
    if (x === null || y === null || z === null)
      return { ...nothing, comment, speciesCounts: counts, problem: `line ${from + i + 1} is no position` }
    positions.push(cartesian ? [x * scale, y * scale, z * scale] : toCartesian([x, y, z], lattice))
    if (selective) fixed.push([isFixed(words[3]), isFixed(words[4]), isFixed(words[5])])
  }
  const species = speciesOf(header, lines)
  return {
    comment,
    structure: { latticeAngstrom: lattice, species, positionsAngstrom: positions, ...(selective ? { fixed } : {}) },
    speciesCounts: counts,
    speciesKnown: species.length === total,
    problem: null,
  }
}

const isFixed = (word: string | undefined): boolean => /^\.?f/i.test(word ?? '')

/** From the line of symbols, else from the comment, else from the ends of the position lines. */
function speciesOf({ symbols, comment, counts, from, selective }: Header, lines: readonly string[]): string[] {
  for (const words of [symbols ?? [], comment.split(/\s+/)]) {
    const elements = words.map(elementOf)
    if (elements.length === counts.length && elements.every((element) => element !== null)) {
      return counts.flatMap((count, i) => Array.from({ length: count }, () => elements[i] ?? ''))
    }
  }
  const total = counts.reduce((a, b) => a + b, 0)
  const atEnds = Array.from({ length: total }, (_, i) =>
    elementOf((lines[from + i] ?? '').trim().split(/\s+/)[selective ? 6 : 3] ?? ''),
  )
  return atEnds.every((element) => element !== null) ? atEnds : []
}

const velocitiesIn = (lines: readonly string[]): boolean => {
  const header = headerOf(lines)
  if (typeof header === 'string') return false
  const rest = lines.slice(header.from + header.counts.reduce((a, b) => a + b, 0))
  return rest.some((line) => (toNumbers(line) ?? []).length === 3)
}
