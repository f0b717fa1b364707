import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { volumeOf } from '../../reading/result.ts'
import type { Geometry } from './run.ts'

const DEGREE = Math.PI / 180

/** Lattice vectors from a, b, c (Å) and angles (degrees): a along x, b in the xy plane. */
export function latticeOf([a = 0, b = 0, c = 0, alpha = 90, beta = 90, gamma = 90]: readonly number[]): Matrix3 {
  const cosine = (angle: number) => (Math.abs(angle - 90) < 1e-9 ? 0 : Math.cos(angle * DEGREE))
  const [ca, cb, cg] = [cosine(alpha), cosine(beta), cosine(gamma)]
  const sg = Math.sqrt(1 - cg * cg)
  const cx = c * cb
  const cy = (c * (ca - cb * cg)) / sg
  return [
    [a, 0, 0],
    [b * cg, b * sg, 0],
    [cx, cy, Math.sqrt(Math.max(0, c * c - cx * cx - cy * cy))],
  ]
}

/** Has every atom that its heading announced. */
export const isWhole = ({ symbols, count }: Geometry): boolean =>
  symbols.length > 0 && (count === null || symbols.length === count)

/** The structure of a geometry, or null where it was not printed in full. Periodic directions come first, as CRYSTAL has them. */
export function structureOf(geometry: Geometry): Structure | null {
  const { dimensions, symbols, coordinates } = geometry
  if (dimensions === null || !isWhole(geometry) || coordinates.some((row) => row.some(Number.isNaN))) return null
  if (dimensions === 0) return molecule(symbols, geometry.cartesian ?? coordinates)
  const lattice = geometry.vectors ?? (geometry.parameters === null ? null : latticeOf(geometry.parameters))
  if (lattice === null || !lattice.flat().every(Number.isFinite)) return null
  return {
    latticeAngstrom: lattice,
    periodic: [true, dimensions > 1, dimensions > 2],
    species: symbols,
    positionsAngstrom: geometry.cartesian ?? coordinates.map((row) => toCartesian(row, lattice, dimensions)),
  }
}

const molecule = (species: string[], positionsAngstrom: Vector3[]): Structure => ({
  latticeAngstrom: null,
  periodic: [false, false, false],
  species,
  positionsAngstrom,
})

function toCartesian(row: Vector3, lattice: Matrix3, dimensions: number): Vector3 {
  const position: Vector3 = [0, 0, 0]
  for (const i of [0, 1, 2] as const) {
    if (i >= dimensions) position[i] += row[i]
    else for (const j of [0, 1, 2] as const) position[j] += row[i] * lattice[i][j]
  }
  return position
}

/** Å³, of crystals only: the cell of a slab has a formal 500 Å along z. */
export function cellVolumeOf(geometry: Geometry): number | null {
  if (geometry.dimensions !== 3) return null
  if (geometry.volume !== null) return geometry.volume
  const lattice = geometry.vectors ?? (geometry.parameters === null ? null : latticeOf(geometry.parameters))
  return lattice?.flat().every(Number.isFinite) === true ? volumeOf(lattice) : null
}
