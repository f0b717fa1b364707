import { kMeshOf, type LatticeStructure } from '@crystalmath/structures'
import { PRESETS } from '../presets.ts'
import { isIsolated } from './cell.ts'
import { coordinates } from './fortran.ts'
import type { PwSettings } from './settings.ts'

/** The K_POINTS card as lines. An isolated molecule gets Γ alone, with the real wave functions that this allows. */
export function kPointLines(
  settings: PwSettings,
  structure: LatticeStructure,
  isIsolatedMolecule = isIsolated(structure),
): readonly string[] {
  const { kPoints, kMesh, kShift = [0, 0, 0], kSpacingPerAngstrom } = settings
  if (kPoints !== undefined) {
    const rows = kPoints.map(([x = 0, y = 0, z = 0, weight = 1]) => `${coordinates([x, y, z])} ${weight}`)
    return ['K_POINTS crystal', String(rows.length), ...rows]
  }
  if (kMesh === undefined && kSpacingPerAngstrom === undefined && isIsolatedMolecule) return ['K_POINTS gamma']
  const mesh = kMesh ?? kMeshOf(structure, kSpacingPerAngstrom ?? PRESETS[settings.preset].kSpacingPerAngstrom)
  return ['K_POINTS automatic', `${mesh.join(' ')} ${kShift.join(' ')}`]
}

/** How many points a K_POINTS card asks for, before symmetry takes some away. */
export function countIn([head = '', second = '']: readonly string[]): number {
  if (head === 'K_POINTS gamma') return 1
  const numbers = second.trim().split(/\s+/).map(Number)
  return head === 'K_POINTS automatic' ? numbers.slice(0, 3).reduce((product, one) => product * one, 1) : (numbers[0] ?? 1)
}
