import type { Bands, CalculationResult, Method } from '@crystalmath/contract'
import type { BandEdges } from './band-edges.ts'
import { settingNumber } from './ground-state.ts'
import type { Potential, VaspRun } from './run.ts'
import type { Chosen } from './sources.ts'

/** Electrons that EIGENVAL and OUTCAR may differ by in print. */
const SAME_ELECTRONS = 0.01

/** Eigenvalues of another file of the folder, if it is of the same atoms, k points and electrons. */
export function edgesElsewhere(run: VaspRun, additions: readonly VaspRun[], { eigenval, procar }: Chosen): BandEdges | null {
  for (const other of additions) if (other.last?.bandEdges != null) return other.last.bandEdges
  const from = eigenval?.value ?? null
  const electrons = settingNumber(run.settings, 'NELECT')
  if (
    from?.bandEdges != null &&
    from.atomCount === (run.species?.length ?? null) &&
    from.bandEdges.kPointCount === run.kPointCount
  ) {
    if (electrons === null || from.electronCount === null || Math.abs(from.electronCount - electrons) < SAME_ELECTRONS)
      return from.bandEdges
  }
  const projected = procar?.value ?? null
  const same =
    projected !== null && projected.ionCount === (run.species?.length ?? null) && projected.kPointCount === run.kPointCount
  return same ? projected.bandEdges : null
}

/** Labels of a path's corners by index of k point: a segment has `count` points, its ends belong to it. */
export function labelsOf({ kpoints, kpointsOpt }: Chosen, bands: Bands): Record<string, string> | undefined {
  for (const reading of [kpointsOpt, kpoints]) {
    const { style = null, count = null, labels = [] } = reading?.value ?? {}
    if (style !== 'line' || count === null || labels.length === 0 || (labels.length / 2) * count !== bands.kPoints.length)
      continue
    const indexOf = (i: number): number => (i % 2 === 0 ? (i / 2) * count : ((i + 1) / 2) * count - 1)
    return Object.fromEntries(labels.map((label, i) => [String(indexOf(i)), label]))
  }
  return undefined
}

/** Hashes of the data sets of a POTCAR that lies beside, where all titles agree. */
export function pseudopotentialsOf(potentials: readonly Potential[], { potcar }: Chosen): Method['pseudopotentials'] {
  if (potentials.length === 0) return null
  const datasets = potcar?.value.datasets ?? []
  const same = datasets.length === potentials.length && datasets.every(({ title }, i) => title === potentials[i]?.title)
  return potentials.map(({ element, title, hash }, i) => ({ element, title, hash: same ? (datasets[i]?.sha256 ?? null) : hash }))
}

/** Images of a chain (nudged elastic band), in the order of their folders. */
export function imagesOf({ images }: Chosen): CalculationResult['properties'] {
  if (images.length < 2) return {}
  return {
    images: images.map(({ folder, run }) => ({
      folder,
      energyEv: run.last?.electronicConverged === true ? run.last.sigmaZeroEnergyEv : null,
      maxForceEvPerAngstrom: run.steps.at(-1)?.maxForceEvPerAngstrom ?? null,
      ionicStepCount: run.stepCount,
    })),
  }
}

/** The bulky content of other files, where the deciding one lacks it. */
export function bulkElsewhere(chosen: Chosen, additions: readonly VaspRun[]): CalculationResult['properties'] {
  const bands = additions.find((other) => other.bands !== null)?.bands ?? chosen.eigenval?.value.bands ?? null
  const dos = chosen.doscar?.value.dos ?? null
  return { ...(bands === null ? {} : { bands }), ...(dos === null ? {} : { dos }) }
}

/** The lowest excitation, the gap it is bound below, and where absorption begins (BSE, TDHF). */
export function excitonsOf(properties: CalculationResult['properties']): CalculationResult['properties'] {
  const excitations = properties.excitations ?? []
  if (excitations.length === 0) return {}
  const energies = excitations.map(({ energyEv }) => energyEv)
  const strongest = Math.max(...excitations.map(({ oscillatorStrength }) => oscillatorStrength ?? 0))
  const bright = excitations
    .filter(({ oscillatorStrength }) => (oscillatorStrength ?? 0) > BRIGHT * strongest)
    .map(({ energyEv }) => energyEv)
  return {
    lowestExcitonEv: Math.min(...energies),
    opticalGapEv: bright.length > 0 ? Math.min(...bright) : null,
    opticalGapStrengthFraction: BRIGHT,
  }
}

/** An exciton counts as bright from this fraction of the strongest oscillator strength on. */
const BRIGHT = 0.01
