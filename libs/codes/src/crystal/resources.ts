import { BYTES_PER_MEBIBYTE, type ClusterCode, type Demand, type Structure } from '@crystalmath/contract'
import { basisFunctions, OPERATIONS_PER_SECOND } from '../estimating/basis-size.ts'
import { readBasis } from './pseudopotentials.ts'
import type { CrystalSettings } from './write/settings.ts'

const FIRST_CYCLES = 30
const LATER_CYCLES = 12
const GEOMETRIES = 30
/** A gradient costs as much as so many cycles. */
const GRADIENT = 5
/** Neighbouring cells whose blocks a matrix keeps in direct space, about. */
const CELLS = 60

type Facts = {
  readonly settings: CrystalSettings
  readonly structure: Structure
  readonly isSpinPolarised: boolean
  readonly electrons: number
  /** Points of the mesh before symmetry; 1 for a molecule. */
  readonly kPointCount: number
  readonly clusterCode: ClusterCode
}

/** What a run of CRYSTAL will need. Pcrystal keeps every matrix whole in every rank (CRYSTAL23 manual, "Parallel processing"). */
export function crystalDemand({ settings, structure, isSpinPolarised, electrons, kPointCount, clusterCode }: Facts): Demand {
  const { calculation, basis } = settings
  const atoms = structure.species.length
  const orbitals =
    typeof basis === 'object' ? orbitalsOf(structure, basis) : basisFunctions(structure.species, basis ?? 'POB-TZVP')
  const spins = isSpinPolarised ? 2 : 1
  const kPoints = Math.ceil((kPointCount + 1) / 2) * spins
  const isHybrid = !/^(LDA|PBE|PBEsol|BLYP|M06L)$/.test(settings.functional)
  const integrals = (isHybrid ? 1 : 0.5) * spins * (0.2 * orbitals + 4e-3 * orbitals ** 2)
  const diagonal = (kPoints * 40 * orbitals ** 3) / OPERATIONS_PER_SECOND
  const after = {
    scf: GRADIENT,
    relax: GEOMETRIES * (LATER_CYCLES + GRADIENT),
    'vc-relax': GEOMETRIES * (LATER_CYCLES + 2 * GRADIENT),
    frequencies: (3 * atoms + 1) * (LATER_CYCLES + GRADIENT),
  }
  const serial = serialReason(clusterCode)
  const cycles = FIRST_CYCLES + after[calculation]
  return {
    kind: calculation,
    coreSeconds: cycles * (integrals + diagonal),
    sharedMebibytes: 0,
    mebibytesPerGroup: 0,
    mebibytesPerRank: 200 + (8 * orbitals ** 2 * (CELLS * spins * 3 + 12)) / BYTES_PER_MEBIBYTE,
    // beyond the k points only the integrals are shared out, by pairs of shells
    mostRanks: serial === null ? Math.max(kPoints, 2 * atoms, 1) : 1,
    mostNodes: Number.MAX_SAFE_INTEGER,
    kGroups: 1,
    size: { atoms, electrons, basisFunctions: orbitals, kPoints, cycles },
    because: [
      `${calculation} of ${atoms} atoms, ${electrons} electrons in about ${orbitals} atomic orbitals, at most ${kPoints} k points: about ${cycles} SCF cycles, gradients counted as such`,
      ...(serial === null ? [] : [`one rank: ${serial}`]),
      'CRYSTAL: every rank keeps all matrices, so memory grows with the ranks (CRYSTAL23 manual, Pcrystal)',
    ],
  }
}

/** Why it runs on one rank whatever is asked; null where Pcrystal can be started. */
function serialReason({ launcher, executables }: ClusterCode): string | null {
  if (launcher.trim() === '') return 'the cluster has no launcher for this code'
  return executables['crystal'] !== undefined && executables['Pcrystal'] === undefined
    ? 'the cluster has no Pcrystal, register codes.crystal.executables.Pcrystal'
    : null
}

const orbitalsOf = ({ species }: Structure, texts: Readonly<Record<string, unknown>>): number => {
  const byElement = new Map(
    [...new Set(species)].map((element) => {
      const text = texts[element]
      const head = typeof text === 'string' ? readBasis(text.trim().replace(/\n\s*99\s+0\s*$/, '')) : ''
      return [element, typeof head === 'string' ? basisFunctions([element], '') : head.orbitals]
    }),
  )
  return species.reduce((sum, symbol) => sum + (byElement.get(symbol) ?? 0), 0)
}
