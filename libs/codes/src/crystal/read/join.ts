import {
  type Bands,
  type CalculationResult,
  type Dos,
  EV_PER_HARTREE,
  type Properties,
  type Structure,
  type Vector3,
} from '@crystalmath/contract/plain'
import { emptyResult, formulaOf, volumeOf } from '../../reading/result.ts'
import { resultOf } from './combine.ts'
import type { OutputReading } from './output.ts'
import type { PlotReading } from './plot-files.ts'
import type { Step } from './run.ts'
import type { ErrorReading, LogReading } from './scf-log.ts'

/** Hartree within which an SCF of SCFOUT.LOG is that of the last point: the last digit that OPT END prints. */
const SAME_ENERGY = 2e-9

export type Found = {
  readonly output: OutputReading | undefined
  /** k points of the band structure, from the output of properties. */
  readonly path: readonly Vector3[]
  readonly log: LogReading | undefined
  readonly error: ErrorReading | undefined
  readonly structure: Structure | null
  readonly plots: readonly PlotReading[]
}

/** The main output decides. SCFOUT.LOG adds forces, stress and levels where it has the SCF of the very geometry of the energy. */
export function joined(found: Found, full: boolean): CalculationResult {
  const { output, path, log, error, structure, plots } = found
  const main = output === undefined ? undefined : withLog(output, log)
  const base = main === undefined ? withoutOutput(log, structure, plots) : resultOf(main, full)
  const told = new Set(base.diagnoses.map(({ kind }) => kind))
  const further = [...(error?.diagnoses ?? []), ...plots.flatMap(({ diagnoses }) => diagnoses)].filter(
    ({ kind }) => !told.has(kind),
  )
  return {
    ...base,
    diagnoses: [...base.diagnoses, ...further],
    properties: { ...base.properties, ...(full ? plotsOf(plots, path) : {}) },
  }
}

/** The last step as the log has it, if there is a step of its energy with forces that the output lacks. */
function withLog(output: OutputReading, log: LogReading | undefined): OutputReading {
  const last = output.run.last
  if (log === undefined || last === null || last.energy === null || last.forces !== null) return output
  const energy = last.energy
  const same = log.steps.findLast((step) => step.energy !== null && Math.abs(step.energy - energy) < SAME_ENERGY)
  return same === undefined ? output : { ...output, run: { ...output.run, last: merged(last, same) } }
}

const merged = (last: Step, log: Step): Step => ({
  ...last,
  forces: log.forces,
  stress: log.stress,
  scf: last.scf ?? log.scf,
  free: last.free ?? log.free,
  dispersion: last.dispersion ?? log.dispersion,
  conducting: last.conducting ?? log.conducting,
  fermi: last.fermi ?? log.fermi,
  edges: Object.keys(last.edges).length === 0 ? log.edges : last.edges,
  magnetization: last.magnetization ?? log.magnetization,
})

/** A structure, a plot or a log alone. */
function withoutOutput(
  log: LogReading | undefined,
  structure: Structure | null,
  plots: readonly PlotReading[],
): CalculationResult {
  const step = log?.steps.at(-1)
  const incomplete = plots.some(({ diagnoses }) => diagnoses.some(({ kind }) => kind === 'OUTPUT_INCOMPLETE'))
  const converged = step?.converged === true && step.energy !== null
  return {
    ...emptyResult('crystal'),
    termination: incomplete || (log !== undefined && step === undefined) ? 'truncated' : 'normal',
    electronicConverged: step?.converged ?? null,
    energyEv: converged ? (step.energy ?? 0) * EV_PER_HARTREE : null,
    energyKind: converged ? (step.smeared ? 'sigma0' : 'total') : null,
    structure,
    formula: structure === null ? null : formulaOf(structure.species),
    atomCount: structure?.species.length ?? null,
    volumeAngstrom3:
      structure?.latticeAngstrom && structure.periodic?.every(Boolean) === true ? volumeOf(structure.latticeAngstrom) : null,
    diagnoses: [...(log?.diagnoses ?? [])],
  }
}

const ev = (value: number): number => value * EV_PER_HARTREE

function plotsOf(plots: readonly PlotReading[], path: readonly Vector3[]): Properties {
  const bands = plots.find(({ content }) => content === 'bands')
  const dos = plots.find(({ content }) => content === 'dos')
  return { ...(bands === undefined ? {} : bandsOf(bands, path)), ...(dos === undefined ? {} : { dos: dosOf(dos) }) }
}

/** With the k points of the properties output a band structure; without them energies along the path. */
function bandsOf({ abscissa, values, fermi }: PlotReading, path: readonly Vector3[]): Properties {
  const eigenvaluesEv = values.map((spin) => spin.map((levels) => levels.map(ev)))
  const fermiEnergyEv = fermi === null ? null : ev(fermi)
  if (path.length === abscissa.length) {
    const bands: Bands = { kPoints: [...path], eigenvaluesEv, fermiEnergyEv }
    return { bands }
  }
  return { bandPlot: { distancesPerBohr: abscissa, eigenvaluesEv, fermiEnergyEv } }
}

/** The last projection is the total; the second spin is drawn downwards. Densities per hartree become densities per eV. */
function dosOf({ abscissa, values, fermi }: PlotReading): Dos {
  return {
    energiesEv: abscissa.map(ev),
    densities: values.map((spin) => spin.map((row) => Math.abs(row.at(-1) ?? 0) / EV_PER_HARTREE)),
    fermiEnergyEv: fermi === null ? null : ev(fermi),
  }
}
