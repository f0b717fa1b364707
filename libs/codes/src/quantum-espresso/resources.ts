import type { Demand } from '@crystalmath/contract'
import { type LatticeStructure, volumeAngstrom3 } from '@crystalmath/structures'
import {
  boxOf,
  divisorsOf,
  GEOMETRIES,
  leastOfMesh,
  mostOfMesh,
  planeWavesBelow,
  sayOf,
  secondsPerStep,
  stepsFor,
} from '../estimating/plane-waves.ts'
import { memoryOf } from './write/memory.ts'
import { type Entries, numberIn } from './write/namelists.ts'

export type PwFacts = {
  readonly calculation: string
  readonly system: Entries
  readonly control: Entries
  readonly structure: LatticeStructure
  /** Valence electrons; null where unknown. */
  readonly electrons: number | null
  /** Before symmetry takes some away. */
  readonly kPointCount: number
  /** Whether symmetry may take some away: a mesh, not a list. */
  readonly isMesh: boolean
  /** Elements with an ultrasoft or PAW potential. */
  readonly augmentedKinds: number
}

/** What one run of pw.x will need; null where a cut-off or a pseudopotential says too little. */
export function pwDemand(facts: PwFacts): Demand | null {
  const { calculation, system, structure, electrons, isMesh, kPointCount, augmentedKinds } = facts
  const cutoff = numberIn(system, 'ecutwfc')
  const [alone, inTwo] = [memoryOf({ ...facts, pools: 1 }), memoryOf({ ...facts, pools: 2 })]
  if (cutoff === undefined || electrons === null || alone === null || inTwo === null) return null
  const atoms = structure.species.length
  const isSpinor = system.get('noncolin') === true
  const spins = numberIn(system, 'nspin') === 2 ? 2 : 1
  const isReduced = isMesh && system.get('nosym') !== true
  const planeWaves = Math.ceil(planeWavesBelow(cutoff, volumeAngstrom3(structure.latticeAngstrom)))
  const bands = Math.ceil(numberIn(system, 'nbnd') ?? bandsFor(electrons, isSpinor))
  const kPoints = (isMesh ? mostOfMesh(kPointCount) : kPointCount) * spins
  const isHybrid = /hse|pbe0|b3lyp|gaupbe|hf|exx/i.test(String(system.get('input_dft') ?? ''))
  const work = { planeWaves, bands, kPoints, projectors: 13 * atoms, isSpinor, isHybrid }
  const steps = electronicSteps(facts)
  // augmentation charges are added in every step
  const perStep = secondsPerStep(work) * (augmentedKinds > 0 ? 1.5 : 1)
  const groups = (isReduced ? leastOfMesh(kPointCount) : kPointCount) * spins
  const planes = Math.max(1, Math.floor(boxOf(planeWaves) ** (1 / 3)))
  return {
    kind: calculation,
    coreSeconds: perStep * steps,
    sharedMebibytes: Math.max(0, 2 * alone - inTwo),
    mebibytesPerGroup: inTwo - alone,
    mebibytesPerRank: PER_RANK,
    mostRanks: groups * planes,
    mostNodes: Number.MAX_SAFE_INTEGER,
    kGroups: groups,
    size: { atoms, electrons, bands, kPoints, planeWaves, electronicSteps: steps },
    because: [sayOf(calculation, { atoms, electrons, steps, ...work })],
  }
}

/** MiB of the program, MPI and libraries in each rank: pw.x 6.7 with Open MPI holds about 60 before it computes. */
const PER_RANK = 100

const bandsFor = (electrons: number, isSpinor: boolean): number =>
  Math.max(1.2 * (electrons / 2), electrons / 2 + 4) * (isSpinor ? 2 : 1)

function electronicSteps({ calculation, control }: PwFacts): number {
  if (calculation === 'nscf' || calculation === 'bands') return 15 // no density to converge, but the states to a tight threshold
  const allowed = numberIn(control, 'nstep') ?? 50
  if (calculation.endsWith('md')) return stepsFor(allowed)
  return calculation === 'scf' ? stepsFor(1) : stepsFor(Math.min(GEOMETRIES, allowed))
}

/** What a program after pw.x needs, by the run before it: ph.x a perturbed density for each direction of each atom at each q point, on all k points
 * twice over (k and k + q); the others a fraction of one run. */
export function toolDemand(
  program: string,
  { qMesh }: Readonly<Record<string, unknown>>,
  before: Demand | undefined,
): Demand | null {
  if (before === undefined) return null
  const perStep = before.coreSeconds / Math.max(1, before.size['electronicSteps'] ?? 1)
  if (program !== 'ph') return { ...before, kind: program, coreSeconds: 3 * perStep, because: [] }
  const mesh = Array.isArray(qMesh) ? qMesh.reduce<number>((product, one) => product * Number(one), 1) : 1
  const perturbations = mostOfMesh(mesh) * 3 * (before.size['atoms'] ?? 1)
  return {
    ...before,
    kind: 'ph',
    coreSeconds: perStep * 4 * 15 * perturbations,
    because: [`ph.x: at most ${perturbations} perturbations of about 15 steps each`],
  }
}

/** Runs of one job: their times add up, the largest memory counts, the last one gives it its kind. */
export function demandOfAll(demands: readonly Demand[]): Demand | undefined {
  const [first] = demands
  const last = demands.findLast(({ because }) => because.length > 0)
  if (first === undefined || last === undefined) return undefined
  const most = (of: (demand: Demand) => number) => Math.max(...demands.map(of))
  return {
    ...last,
    coreSeconds: demands.reduce((sum, { coreSeconds }) => sum + coreSeconds, 0),
    sharedMebibytes: most(({ sharedMebibytes }) => sharedMebibytes),
    mebibytesPerGroup: most(({ mebibytesPerGroup }) => mebibytesPerGroup),
    mebibytesPerRank: most(({ mebibytesPerRank }) => mebibytesPerRank),
    mostRanks: most(({ mostRanks }) => mostRanks),
    // a pool without k points ends a run: the run with the fewest decides
    kGroups: Math.min(...demands.map(({ kGroups }) => kGroups)),
    because: demands.flatMap(({ because }) => because),
  }
}

/** Pools: as many as there are surely k points for; within a pool the transforms are shared out (QE user guide 3.4, "Parallelization levels"). */
export function shareOutPools({ kGroups }: Demand, ranks: number, parameters: Readonly<Record<string, unknown>>) {
  const own = parameters['pools']
  if (typeof own === 'number') return { set: {}, groups: own, because: '' }
  const pools = divisorsOf(ranks).findLast((one) => one <= kGroups) ?? 1
  return pools === 1
    ? { set: {}, groups: 1, because: '' }
    : {
        set: { pools },
        groups: pools,
        because: `${pools} pools of ${ranks / pools} ranks: there are at least ${kGroups} k points after symmetry (QE user guide, parallelization levels)`,
      }
}
