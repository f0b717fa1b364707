import type { Vector3 } from '@crystalmath/contract'
import { cellParametersOf, type LatticeStructure, reciprocalLattice, volumeAngstrom3 } from '@crystalmath/structures'
import { symmetryOf } from '@crystalmath/symmetry'

export type DensityMesh = { readonly mesh: Vector3; readonly scheme: 'gamma' | 'monkhorst-pack' }

/** The mesh of pymatgen's `Kpoints.automatic_density_by_vol`: `perReciprocalVolume` k points per 1/Å³ (2π included) of the reciprocal cell. Γ-centred where a division is odd, the cell hexagonal or face-centred, or `isGammaCentred` asks for it. */
export function densityMesh(structure: LatticeStructure, perReciprocalVolume: number, isGammaCentred: boolean): DensityMesh {
  const { lengths, angles } = cellParametersOf(structure.latticeAngstrom)
  const atoms = structure.species.length
  const density = perReciprocalVolume * volumeAngstrom3(reciprocalLattice(structure.latticeAngstrom)) * atoms
  const isNearCube = Math.abs(Math.floor(density ** (1 / 3) + 0.5) ** 3 - density) < 1
  const perAtom = (isNearCube ? density * 1.01 : density) / atoms
  const multiple = (perAtom * lengths[0] * lengths[1] * lengths[2]) ** (1 / 3)
  const mesh: Vector3 = [divisions(multiple, lengths[0]), divisions(multiple, lengths[1]), divisions(multiple, lengths[2])]
  const isGamma =
    isGammaCentred || mesh.some((count) => count % 2 === 1) || isHexagonal(lengths, angles) || isFaceCentred(structure)
  return { mesh, scheme: isGamma ? 'gamma' : 'monkhorst-pack' }
}

const divisions = (multiple: number, length: number): number => Math.floor(Math.max(multiple / length, 1))

/** Two right angles, one of 60° or 120° (±5°), and the two edges at it equal (±0.01 Å). */
function isHexagonal(lengths: Vector3, angles: Vector3): boolean {
  const near = (angle: number, to: number) => Math.abs(angle - to) <= 5
  const right = angles.filter((angle) => near(angle, 90)).length
  const odd = angles.findIndex((angle) => near(angle, 60) || near(angle, 120))
  if (right !== 2 || odd < 0) return false
  const [one = 0, other = 0] = lengths.filter((_, axis) => axis !== odd)
  return Math.abs(one - other) < 0.01
}

/** Within 0.01 Å, moments left aside. */
function isFaceCentred({ initialMomentsBohr: _, ...structure }: LatticeStructure): boolean {
  return symmetryOf(structure, 0.01)?.centring === 'F'
}
