import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Matrix3 } from '@crystalmath/contract'
import { type LatticeStructure, toFractional } from '@crystalmath/structures'
import { analyze_cell, hall_symbol_entry, initSync, type MoyoDataset } from '@spglib/moyo-wasm'

/** The symmetry of a crystal in spglib's setting. */
export type Symmetry = {
  /** 1 to 230. */
  readonly spaceGroup: number
  readonly symbol: string
  readonly centring: 'P' | 'A' | 'B' | 'C' | 'I' | 'R' | 'F'
  readonly hasInversion: boolean
  /** Å, rows; idealised and rotated. */
  readonly conventionalLattice: Matrix3
  /** Row i: conventional vector i in terms of the vectors that were given (before the rotation). */
  readonly conventionalFromGiven: Matrix3
}

let loaded = false
function load(): void {
  if (loaded) return
  const path = createRequire(import.meta.url).resolve('@spglib/moyo-wasm/moyo_wasm_bg.wasm')
  initSync({ module: readFileSync(path) })
  loaded = true
}

/** Å; what spglib and SeeK-path take unless told otherwise. */
export const DEFAULT_SYMPREC_ANGSTROM = 1e-5

/** Finds the space group; atoms of one element with different initial moments are different. Null where moyo finds none (atoms on top of each other, a tolerance that fits no group). */
export function symmetryOf(structure: LatticeStructure, symprecAngstrom = DEFAULT_SYMPREC_ANGSTROM): Symmetry | null {
  load()
  const kinds = structure.species.map((symbol, atom) => `${symbol} ${structure.initialMomentsBohr?.[atom] ?? 0}`)
  const distinct = [...new Set(kinds)]
  const cell = {
    lattice: { basis: structure.latticeAngstrom.flat() },
    positions: toFractional(structure.positionsAngstrom, structure.latticeAngstrom),
    numbers: kinds.map((kind) => distinct.indexOf(kind) + 1),
  }
  const dataset = analysed(JSON.stringify(cell), symprecAngstrom)
  if (dataset === null) return null
  return {
    spaceGroup: dataset.number,
    symbol: dataset.hm_symbol,
    centring: hall_symbol_entry(dataset.hall_number).centering,
    hasInversion: dataset.operations.some(({ rotation }) => rotation.join() === '-1,0,0,0,-1,0,0,0,-1'),
    conventionalLattice: rows(dataset.std_cell.lattice.basis),
    conventionalFromGiven: rows(dataset.std_linear),
  }
}

/** moyo throws texts where a cell has no group. */
function analysed(cell: string, symprecAngstrom: number): MoyoDataset | null {
  try {
    return analyze_cell(cell, symprecAngstrom, 'Spglib')
  } catch (error) {
    if (typeof error === 'string') return null
    throw error
  }
}

type Nine = MoyoDataset['std_linear']
const rows = ([a, b, c, d, e, f, g, h, i]: Nine): Matrix3 => [
  [a, b, c],
  [d, e, f],
  [g, h, i],
]
