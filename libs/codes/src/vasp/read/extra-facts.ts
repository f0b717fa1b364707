import type { CalculationResult, IonicStep } from '@crystalmath/contract'
import { coreHoursOf } from '../../reading/result.ts'
import { bulkElsewhere, excitonsOf, imagesOf, labelsOf } from './extras.ts'
import { forcesOf, structureOf } from './geometry.ts'
import type { VaspRun } from './run.ts'
import type { Chosen } from './sources.ts'

/** What the first source says that says anything. */
export const first = <T>(runs: readonly VaspRun[], read: (run: VaspRun) => T | null | undefined): T | null => {
  for (const run of runs) {
    const value = read(run)
    if (value !== null && value !== undefined) return value
  }
  return null
}

export function magnetismOf(run: VaspRun, additions: readonly VaspRun[], counted: number | null): Partial<CalculationResult> {
  const all = [run, ...additions]
  const moments = first(all, ({ siteMoments }) => siteMoments)
  return {
    totalMagnetizationBohr: first(all, ({ last }) => last?.totalMagnetizationBohr) ?? counted,
    totalMagnetizationVectorBohr: first(all, ({ last }) => last?.totalMagnetizationVectorBohr),
    sites: moments === null ? {} : { 'vasp-projected': { magneticMomentsBohr: moments } },
  }
}

/** Electrons inside the projection spheres, per site: no net charges. */
function projectedOf(run: VaspRun, additions: readonly VaspRun[]): CalculationResult['properties'] {
  const counts = first([run, ...additions], ({ siteElectrons }) => siteElectrons)
  return counts === null ? {} : { projectedElectronCounts: [...counts] }
}

export function costsOf(run: VaspRun, additions: readonly VaspRun[], { stdout }: Chosen): Partial<CalculationResult> {
  const all = [run, ...additions]
  const ranks = first(all, ({ mpiRankCount }) => mpiRankCount) ?? stdout?.value.mpiRankCount ?? null
  const threads = first(all, ({ threadsPerRank }) => threadsPerRank) ?? stdout?.value.threadsPerRank ?? null
  const cores = ranks === null ? null : ranks * (threads ?? 1)
  const wallSeconds = first(all, (other) => other.wallSeconds)
  return {
    mpiRankCount: ranks,
    threadsPerRank: threads,
    coreCount: cores,
    wallSeconds,
    cpuSeconds: first(all, (other) => other.cpuSeconds),
    maxMemoryMebibytes: first(all, (other) => other.maxMemoryMebibytes),
    coreHours: coreHoursOf(wallSeconds, cores),
  }
}

export function propertiesOf(
  run: VaspRun,
  additions: readonly VaspRun[],
  chosen: Chosen,
  full: boolean,
): CalculationResult['properties'] {
  const own = { ...first(additions, (other) => other.properties), ...run.properties, ...projectedOf(run, additions) }
  const bulky = { ...(full ? bulkElsewhere(chosen, additions) : {}), ...bulkyOf(run, full) }
  const labels = bulky.bands === undefined ? undefined : labelsOf(chosen, bulky.bands)
  const bands = bulky.bands === undefined || labels === undefined ? {} : { bands: { ...bulky.bands, labels } }
  return { ...own, ...excitonsOf(own), ...imagesOf(chosen), ...bulky, ...bands }
}

function bulkyOf(run: VaspRun, full: boolean): CalculationResult['properties'] {
  const trajectory = run.steps.length < 2 && !full ? undefined : run.steps.map((step) => trajectoryStep(step, run))
  return {
    ...(trajectory === undefined ? {} : { trajectory }),
    ...(run.dos === null ? {} : { dos: run.dos }),
    ...(run.bands === null ? {} : { bands: run.bands }),
  }
}

function trajectoryStep({ step, sigmaZeroEnergyEv, ...summary }: VaspRun['steps'][number], run: VaspRun): IonicStep {
  if (step === null) return { energyEv: sigmaZeroEnergyEv, ...summary }
  const structure = structureOf(run, step)
  const { stressGpa = null, pressureGpa = null } = forcesOf(step, null)
  return {
    energyEv: sigmaZeroEnergyEv,
    ...summary,
    stressGpa,
    pressureGpa,
    ...(structure === null ? {} : { structure }),
    ...(step.forcesEvPerAngstrom === null ? {} : { forcesEvPerAngstrom: [...step.forcesEvPerAngstrom] }),
  }
}
