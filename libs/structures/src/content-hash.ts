import { createHash } from 'node:crypto'
import type { Structure, Vector3 } from '@crystalmath/contract'
import { periodicityOf } from './lattice.ts'

/** Å of one unit of the canonical form; float noise far below it does not change the hash. */
const GRID_ANGSTROM = 1e-8
/** Bohr magnetons. */
const GRID_MOMENT = 1e-6

const onGrid = (value: number, grid: number): number => Math.round(value / grid) + 0 // + 0: no negative zero

const vectors = (rows: readonly Vector3[]) => rows.map((row) => row.map((value) => onGrid(value, GRID_ANGSTROM)))

/** What tells two structures apart, in a fixed order: atoms in their order, cell, periodicity, initial moments, fixed directions, site labels. */
function canonical(structure: Structure): string {
  const { latticeAngstrom, species, positionsAngstrom, initialMomentsBohr, fixed, labels } = structure
  return JSON.stringify([
    'structure-1',
    latticeAngstrom === null ? null : vectors(latticeAngstrom),
    periodicityOf(structure),
    species,
    vectors(positionsAngstrom),
    initialMomentsBohr?.map((moment) => onGrid(moment, GRID_MOMENT)) ?? null,
    fixed?.some((row) => row.includes(true)) ? fixed : null,
    labels?.some((label, index) => label !== species[index]) ? labels : null,
  ])
}

/** SHA-256 of the structure's content, hexadecimal. A ferromagnet is not an antiferromagnet; nothing fixed is the same as no `fixed`. */
export const structureHash = (structure: Structure): string => createHash('sha256').update(canonical(structure)).digest('hex')
