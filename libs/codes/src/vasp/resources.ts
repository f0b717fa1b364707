import { BYTES_PER_MEBIBYTE, type Demand, EV_PER_RYDBERG } from '@crystalmath/contract'
import { type LatticeStructure, volumeAngstrom3 } from '@crystalmath/structures'
import {
  boxOf,
  divisorNear,
  divisorsOf,
  GEOMETRIES,
  leastOfMesh,
  mostOfMesh,
  planeWavesBelow,
  sayOf,
  secondsPerStep,
  stepsFor,
} from '../estimating/plane-waves.ts'
import { isRecord } from '../writing/problems.ts'
import type { Incar } from './write/incar.ts'

export type VaspFacts = {
  readonly calculation: string
  readonly incar: Incar
  readonly structure: LatticeStructure
  readonly cutoffEv: number | null
  /** In the cell; null where unknown. */
  readonly electrons: number | null
  readonly kPointCount: number
  readonly isMesh: boolean
}

/** What a run of VASP will need; null where the cut-off or the electrons are not known, and for GW, RPA and BSE, for which there is no law here. */
export function vaspDemand(facts: VaspFacts): Demand | null {
  const { calculation, incar, structure, cutoffEv, electrons, kPointCount, isMesh } = facts
  const numberOf = (tag: string) => (typeof incar.get(tag) === 'number' ? Number(incar.get(tag)) : undefined)
  const algorithm = String(incar.get('ALGO') ?? 'Normal')
  if (cutoffEv === null || electrons === null || /gw|rpa|bse|acfdt|chi|timeev/i.test(algorithm)) return null
  const atoms = structure.species.length
  const isSpinor = incar.get('LNONCOLLINEAR') === true || incar.get('LSORBIT') === true
  const spins = numberOf('ISPIN') === 2 ? 2 : 1
  const planeWaves = Math.ceil(planeWavesBelow(cutoffEv / EV_PER_RYDBERG, volumeAngstrom3(structure.latticeAngstrom)))
  const bands = numberOf('NBANDS') ?? usualBands(electrons, atoms, isSpinor)
  const isReduced = isMesh && (numberOf('ISYM') ?? 2) >= 0
  const kPoints = (isReduced ? mostOfMesh(kPointCount) : kPointCount) * spins
  const isHybrid = incar.get('LHFCALC') === true
  const work = { planeWaves, bands, kPoints, projectors: 13 * atoms, isSpinor, isHybrid }
  const steps = electronicSteps(facts, numberOf)
  // one-centre terms and augmentation charges of PAW; the damped algorithm of hybrids takes three times the steps
  const coreSeconds = 1.5 * secondsPerStep(work) * steps * (isHybrid ? 3 : 1)
  const groups = isReduced ? leastOfMesh(kPointCount) : kPointCount
  return {
    kind: calculation,
    coreSeconds,
    // wave functions, NKPTS · NBANDS · NRPLWV · 16 bytes, and work arrays on the grids, 4 · NGX · NGY · NGZ · 16 bytes each
    // (VASP guide, "Memory requirements"), with half as much again for projectors and mixing; grids belong to each group of KPAR
    sharedMebibytes: (1.5 * 16 * kPoints * bands * planeWaves * (isSpinor ? 2 : 1)) / BYTES_PER_MEBIBYTE,
    mebibytesPerGroup: (1.5 * 10 * 4 * 16 * boxOf(planeWaves)) / BYTES_PER_MEBIBYTE,
    mebibytesPerRank: 150 + (3 * 16 * bands ** 2) / BYTES_PER_MEBIBYTE,
    mostRanks: Math.max(1, Math.floor(bands / 2)) * groups,
    mostNodes: Number.MAX_SAFE_INTEGER,
    kGroups: groups,
    size: {
      ...{ atoms, electrons, bands, kPoints, planeWaves, electronicSteps: steps },
      // DFPT, finite displacements and exact exchange refuse NCORE above 1 (VASP wiki, NCORE)
      mayShareBands: isHybrid || /phonons/.test(calculation) ? 0 : 1,
    },
    because: [sayOf(calculation, { atoms, electrons, steps, ...work })],
  }
}

/** NBANDS that VASP takes by itself (VASP wiki, NBANDS): half the electrons and half the atoms, at least 20 % more than are filled. */
const usualBands = (electrons: number, atoms: number, isSpinor: boolean): number =>
  Math.ceil(Math.max(electrons / 2 + atoms / 2, 0.6 * electrons, electrons / 2 + 4)) * (isSpinor ? 2 : 1)

function electronicSteps({ calculation, structure }: VaspFacts, numberOf: (tag: string) => number | undefined): number {
  const atoms = structure.species.length
  const allowed = numberOf('NSW') ?? 0
  if (calculation === 'md') return stepsFor(allowed)
  if (calculation === 'phonons') return stepsFor((numberOf('IBRION') ?? 6) >= 7 ? 3 * atoms : 6 * atoms + 1)
  return stepsFor(allowed > 0 ? Math.min(GEOMETRIES, allowed) : 1)
}

/** KPAR divides the ranks and leaves no group without k points; NCORE near the root of the ranks that work on one k point (VASP wiki, NCORE and KPAR). */
export function shareOutBands({ kGroups, size }: Demand, ranks: number, parameters: Readonly<Record<string, unknown>>) {
  if (ranks === 1) return { set: {}, groups: 1, because: '' }
  const said = new Map(
    Object.entries(isRecord(parameters['incar']) ? parameters['incar'] : {}).map(([tag, value]) => [tag.toUpperCase(), value]),
  )
  const own = Number(said.get('KPAR') ?? divisorsOf(ranks).findLast((one) => one <= Math.min(kGroups, Math.sqrt(ranks) + 1))) || 1
  const kpar = Math.max(own, 1)
  const perGroup = Math.max(1, Math.floor(ranks / kpar))
  const ncore = size['mayShareBands'] === 0 ? 1 : divisorNear(perGroup, Math.sqrt(perGroup), false)
  return {
    groups: kpar,
    set: {
      incar: {
        ...(said.has('KPAR') ? {} : { KPAR: kpar }),
        ...(said.has('NCORE') || said.has('NPAR') ? {} : { NCORE: ncore }),
      },
    },
    because: `KPAR ${kpar}: at least ${kGroups} k points are left after symmetry; NCORE ${ncore}: ${size['mayShareBands'] === 0 ? 'this kind of calculation allows no other' : `near the root of the ${perGroup} ranks of a group`} (VASP wiki, KPAR and NCORE)`,
  }
}
