import type { CalculationResult, Structure } from '@crystalmath/contract'
import { largestFreeNorm, largestNorm, volumeOf } from '../../reading/result.ts'
import { momentsOf } from './method.ts'
import type { VaspRun, VaspStep } from './run.ts'
import { samePlace } from './same-place.ts'
import type { Chosen } from './sources.ts'

/** CONTCAR, where it differs from the geometry of the energy by more than its printed digits. */
export function continuationOf({ contcar }: Chosen, structure: Structure | null): Structure | null {
  const next = contcar?.value.structure ?? null
  if (next === null || structure === null || next.positionsAngstrom.length !== structure.positionsAngstrom.length) return null
  return samePlace(next, structure) ? null : { ...next, species: next.species.length > 0 ? next.species : structure.species }
}

export function structureOf(run: VaspRun, step: VaspStep | null): Structure | null {
  if (step?.positionsAngstrom == null || step.latticeAngstrom === null || run.species === null) return null
  if (run.species.length !== step.positionsAngstrom.length) return null
  return {
    latticeAngstrom: step.latticeAngstrom,
    species: [...run.species],
    positionsAngstrom: [...step.positionsAngstrom],
    ...(run.fixed === null ? {} : { fixed: [...run.fixed] }),
  }
}

/** With the initial moments, and what may not move where only POSCAR or CONTCAR tells it. */
export function dressed(structure: Structure | null, { settings }: VaspRun, { contcar, poscar }: Chosen): Structure | null {
  if (structure === null) return null
  const beside = [contcar, poscar].map((reading) => reading?.value.structure ?? null)
  const fixed = structure.fixed ?? beside.find((other) => other?.species.length === structure.species.length)?.fixed
  const moments = settings.get('ISPIN') === '2' ? momentsOf(settings.get('MAGMOM')) : null
  const initial = moments?.length === structure.species.length ? { initialMomentsBohr: moments } : {}
  return { ...structure, ...(fixed === undefined ? {} : { fixed }), ...initial }
}

/** Of a run that moved nothing. */
export function stillStructureOf(run: VaspRun): Structure | null {
  if (run.still === null || run.stepCount > 1 || run.species?.length !== run.still.positions.length) return null
  return { latticeAngstrom: run.still.lattice, species: [...run.species], positionsAngstrom: [...run.still.positions] }
}

export const volumeIn = (step: VaspStep | null): number | null =>
  step?.latticeAngstrom == null ? null : volumeOf(step.latticeAngstrom)

export function forcesOf(step: VaspStep | null, structure: Structure | null): Partial<CalculationResult> {
  const forces = step?.forcesEvPerAngstrom == null ? null : [...step.forcesEvPerAngstrom]
  const kilobar = step?.stressKilobar ?? null
  const trace = kilobar === null ? null : kilobar[0][0] + kilobar[1][1] + kilobar[2][2]
  return {
    forcesEvPerAngstrom: forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    maxFreeForceEvPerAngstrom: largestFreeNorm(forces, structure?.fixed),
    stressGpa: kilobar === null ? null : [tension(kilobar[0]), tension(kilobar[1]), tension(kilobar[2])],
    pressureGpa: trace === null ? null : trace / 30,
  }
}

/** VASP prints kB with pressure positive. */
const tension = ([x, y, z]: readonly [number, number, number]): [number, number, number] => [
  -x / 10 + 0,
  -y / 10 + 0,
  -z / 10 + 0,
]
