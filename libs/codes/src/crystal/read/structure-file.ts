import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { eachLine } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { symbolOf } from './elements.ts'

export type StructureReading = { readonly structure: Structure | null }

/** Reads fort.34 (`.gui`, `optc001`): dimensions, three vectors (Å), symmetry operations, then `number x y z` in Å. */
export function structureFile() {
  const lines: string[] = []
  let dimensions: number | null = null
  let skip = -1
  let count = -1
  let whole = true
  const atoms: { number: number; position: Vector3 }[] = []

  function line(text: string): void {
    if (lines.length < 5) {
      if (text.trim() === '' && lines.length === 0) return
      lines.push(text)
      if (lines.length === 1) dimensions = toNumber(text.trim().split(/\s+/)[0])
      if (lines.length === 5) skip = 4 * (toNumber(text.trim()) ?? Number.NaN)
    } else if (skip > 0) skip -= 1
    else if (count < 0) count = toNumber(text.trim()) ?? 0
    else if (atoms.length < Math.min(count, 1_000_000)) {
      const [number, x, y, z] = toNumbers(text) ?? []
      if (number === undefined || x === undefined || y === undefined || z === undefined) whole = false
      else atoms.push({ number, position: [x, y, z] })
    }
  }

  return {
    feed: (block: string, firstLine: number) => eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, line),
    end(): StructureReading {
      const vectors = lines.slice(1, 4).map((text) => toNumbers(text))
      const lattice = vectors.every((row) => row?.length === 3) && vectors.length === 3 ? (vectors as Matrix3) : null
      const species = atoms.map(({ number }) => symbolOf(number))
      const known = species.filter((symbol) => symbol !== null)
      if (!whole || count < 1 || atoms.length !== count || lattice === null || dimensions === null || known.length < count)
        return { structure: null }
      return {
        structure: {
          latticeAngstrom: dimensions === 0 ? null : lattice,
          periodic: [dimensions > 0, dimensions > 1, dimensions > 2],
          species: known,
          positionsAngstrom: atoms.map(({ position }) => position),
        },
      }
    },
  }
}
