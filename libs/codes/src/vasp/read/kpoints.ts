import type { Reader, Vector3 } from '@crystalmath/contract'
import { detached, eachLine } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'

export type KpointsReading = {
  readonly style: 'automatic' | 'gamma' | 'monkhorst' | 'line' | 'explicit' | 'generalized' | null
  readonly mesh: Vector3 | null
  /** Points listed, or points per segment of a path. */
  readonly count: number | null
  /** Labels of a path's corners by line, in order. */
  readonly labels: readonly string[]
}

const HEAD = 200

/** Reads KPOINTS, KPOINTS_OPT and IBZKPT. */
export function kpoints(_file: string): Reader<KpointsReading> {
  const lines: string[] = []
  return {
    feed: (block, firstLine) =>
      eachLine(block, firstLine, (line) => (lines.length < HEAD ? lines.push(detached(line)) : undefined)),
    end: () => readKpoints(lines),
  }
}

function readKpoints(lines: readonly string[]): KpointsReading {
  const count = toNumber((lines[1] ?? '').trim().split(/\s+/)[0])
  const word = (lines[2] ?? '').trim().toLowerCase()
  const grid = toNumbers((lines[3] ?? '').replace(/[!#].*/, ''))
  const mesh: Vector3 | null =
    grid?.length === 3 && grid.every(Number.isInteger) ? [grid[0] ?? 0, grid[1] ?? 0, grid[2] ?? 0] : null
  const base = { mesh: null, count, labels: [] }
  if (count === 0) {
    if (word.startsWith('g')) return { ...base, style: 'gamma', mesh }
    if (word.startsWith('m')) return { ...base, style: 'monkhorst', mesh }
    if (word.startsWith('a')) return { ...base, style: 'automatic' }
    return { ...base, style: 'generalized' }
  }
  if (count === null) return { ...base, style: null }
  if (!word.startsWith('l')) return { ...base, style: 'explicit' }
  const labels = lines.slice(4).flatMap((line) => /^\s*\S+\s+\S+\s+\S+\s+(?:\d+\s+)?!?\s*(\S+)/.exec(line)?.[1] ?? [])
  return { ...base, style: 'line', labels }
}
