import { BYTES_PER_MEBIBYTE } from '@crystalmath/contract'
import { type LatticeStructure, volumeAngstrom3 } from '@crystalmath/structures'
import { planeWavesBelow } from '../../estimating/plane-waves.ts'
import { type Entries, numberIn } from './namelists.ts'

export type MemoryFacts = {
  readonly system: Entries
  readonly structure: LatticeStructure
  /** Valence electrons; null where unknown. */
  readonly electrons: number | null
  /** k points before symmetry takes some away. */
  readonly kPointCount: number
  readonly pools: number
  /** Elements with an ultrasoft or PAW potential. */
  readonly augmentedKinds: number
}

/** MiB that pw.x will hold in all its ranks together, within a factor of about two of what it prints itself (`Estimated total dynamical RAM`); null where a cut-off or a pseudopotential says too little.
 * Tables of augmentation charges are taken as 20 MiB for each ultrasoft or PAW potential; the program itself is left out.
 * Counted are wave functions with Davidson's work space, projectors, fields on the grid, and the history of the mixing. */
export function memoryOf({ system, structure, electrons, kPointCount, pools, augmentedKinds }: MemoryFacts): number | null {
  const cutoff = numberIn(system, 'ecutwfc')
  if (cutoff === undefined || electrons === null) return null
  const densityCutoff = numberIn(system, 'ecutrho') ?? 4 * cutoff
  const volume = volumeAngstrom3(structure.latticeAngstrom)
  const isNoncollinear = system.get('noncolin') === true
  const spins = numberIn(system, 'nspin') === 2 ? 2 : isNoncollinear ? 4 : 1
  const spinor = isNoncollinear ? 2 : 1
  const planeWaves = planeWavesBelow(cutoff, volume) * spinor
  const bands = numberIn(system, 'nbnd') ?? Math.max(1.2 * (electrons / 2), electrons / 2 + 4) * spinor
  // time reversal alone halves a mesh; each pool holds its share of the points, and a work space of its own
  const points = Math.ceil((kPointCount + 1) / 2) * (spins === 2 ? 2 : 1)
  const projectors = 13 * structure.species.length
  const waves = 16 * planeWaves * (bands * (points + 7 * pools) + projectors * pools)
  const grid = 1.9 * 1.3 * planeWavesBelow(densityCutoff, volume)
  const fields = pools * (8 * 20 * spins * grid + 16 * 16 * spins * planeWavesBelow(densityCutoff, volume))
  return Math.ceil((waves + fields) / BYTES_PER_MEBIBYTE) + 20 * augmentedKinds
}
