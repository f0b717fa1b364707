import type { CalculationResult, Diagnosis } from '@crystalmath/contract'
import type { ReadingOf, ReadOptions } from '../../code-reads.ts'
import { emptyResult, formulaOf, volumeOf } from '../../reading/result.ts'
import { checkSources } from './agreement.ts'
import type { BandEdges } from './band-edges.ts'
import { ruleDiagnoses } from './checks.ts'
import { costsOf, first, magnetismOf, propertiesOf } from './extra-facts.ts'
import { edgesElsewhere, pseudopotentialsOf } from './extras.ts'
import { sortFindings, type Weights, weigh } from './findings.ts'
import { continuationOf, dressed, forcesOf, stillStructureOf, structureOf, volumeIn } from './geometry.ts'
import { settingNumber } from './ground-state.ts'
import { ionicConvergence, relaxes } from './ionic-convergence.ts'
import { functionalOf, methodOf } from './method.ts'
import type { VaspReaders } from './readers.ts'
import type { VaspRun, VaspStep } from './run.ts'
import { type Chosen, chooseSources } from './sources.ts'
import { withoutRun } from './without-run.ts'

type VaspReading = ReadingOf<VaspReaders>

/** One calculation from the files of one folder: the newest complete ionic step decides, other files only add what agrees with it. */
export function combine(readings: readonly VaspReading[], { full }: ReadOptions): CalculationResult {
  const chosen = chooseSources(readings)
  const run = chosen.run
  if (run === null) return withoutRun(chosen)
  const { additions, disagreements, warnings, agreeing } = checkSources(chosen)
  const step = run.value.last
  const base = emptyResult('vasp')
  const electronicConverged = step?.electronicConverged ?? null
  const ionicConverged = ionicConvergence(run.value, additions, reachedInStdout(chosen, run.value))
  const complete = run.value.complete || additions.some((other) => other.complete)
  const healthy = complete && electronicConverged !== false && ionicConverged !== false
  const findings = sortFindings(weigh(chosen.findings, weightsOf(chosen, run.value, ionicConverged === true)), healthy)
  const fatal = chosen.findings.find(({ severity }) => severity === 'fatal')
  const energies = energiesOf(step, electronicConverged, additions)
  const structure = dressed(structureOf(run.value, step) ?? stillStructureOf(run.value), run.value, chosen)
  const termination = run.value.complete ? 'normal' : fatal !== undefined ? 'error' : complete ? 'normal' : 'truncated'

  const result: CalculationResult = {
    ...base,
    ...energies,
    codeVersion: run.value.version ?? chosen.stdout?.value.version ?? null,
    termination,
    electronicConverged,
    ionicConverged,
    energyMethod:
      energies.energyEv === null
        ? null
        : step?.machineLearned === true
          ? 'machine-learned force field'
          : functionalOf(run.value.settings, run.value.potentials),
    ...forcesOf(step, structure),
    structure,
    continuationStructure: continuationOf(chosen, structure),
    formula: run.value.species === null ? null : formulaOf(run.value.species),
    atomCount: run.value.species?.length ?? settingNumber(run.value.settings, 'NIONS'),
    volumeAngstrom3: structure?.latticeAngstrom == null ? volumeIn(step) : volumeOf(structure.latticeAngstrom),
    kineticEnergyEv: step?.kineticEnergyEv ?? null,
    temperatureK: step?.temperatureK ?? first(additions, (other) => other.last?.temperatureK) ?? agreeing?.temperatureK ?? null,
    ionicStepCount: run.value.stepCount,
    scfStepCounts: [...run.value.scfStepCounts],
    fermiEnergyEv: settingNumber(run.value.settings, 'ISMEAR') === -2 ? null : (step?.fermiEnergyEv ?? null),
    ...bandsOf(run.value, chosen, step?.bandEdges ?? run.value.looseEdges ?? edgesElsewhere(run.value, additions, chosen)),
    ...magnetismOf(run.value, additions, agreeing?.totalMagnetizationBohr ?? null),
    ...costsOf(run.value, additions, chosen),
    method: { ...methodOf(run.value), pseudopotentials: pseudopotentialsOf(run.value.potentials, chosen) },
    properties: propertiesOf(run.value, additions, chosen, full),
    warnings: [...run.value.warnings, ...stopWarnings(run.value), ...warnings, ...findings.warnings],
  }
  const told = chosen.images.length < 2 ? result : { ...result, ...NO_ONE_GEOMETRY }
  return withCauses(told, chosen, [...findings.causes, ...run.value.diagnoses, ...disagreements, ...findings.advice], run.file)
}

/** A STOPCAR (or the walltime guard that wrote one) is no failure of the program. */
const stopWarnings = ({ stopped }: VaspRun): string[] => (stopped ? ['a STOPCAR ended the run'] : [])

/** A chain of images has as many energies; each is told under `properties.images`. */
const NO_ONE_GEOMETRY: Partial<CalculationResult> = {
  energyEv: null,
  energyKind: null,
  unconvergedEnergyEv: null,
  freeEnergyEv: null,
  entropyTermEv: null,
  scfEnergyEv: null,
  energyMethod: null,
  dispersionEnergyEv: null,
  forcesEvPerAngstrom: null,
  maxForceEvPerAngstrom: null,
  maxFreeForceEvPerAngstrom: null,
  stressGpa: null,
  pressureGpa: null,
  structure: null,
  continuationStructure: null,
}

/** The standard output's word counts where it tells as many ionic steps. */
const reachedInStdout = ({ stdout }: Chosen, run: VaspRun): boolean =>
  stdout?.value.requiredAccuracyReached === true && stdout.value.iterations.stepCount === run.stepCount

function withCauses(result: CalculationResult, chosen: Chosen, known: readonly Diagnosis[], file: string): CalculationResult {
  const run = chosen.run?.value
  const diagnoses = [...known]
  if (run !== undefined) diagnoses.push(...ruleDiagnoses(run, result, chosen))
  if (run !== undefined && result.ionicConverged === false && result.termination === 'normal' && relaxes(run.settings)) {
    const text = `NSW = ${settingNumber(run.settings, 'NSW')}, ${run.stepCount} ionic steps, "reached required accuracy" absent`
    diagnoses.push({
      kind: 'IONIC_NOT_CONVERGED',
      message: 'the relaxation ended before it reached EDIFFG',
      evidence: { file, line: null, text },
    })
  }
  if (result.termination === 'truncated') {
    const message = `the output stops in the middle, after ${run?.stepCount ?? 0} complete ionic steps`
    diagnoses.push({ kind: 'OUTPUT_INCOMPLETE', message, evidence: { file, ...(run?.lastLine ?? { line: null, text: '' }) } })
  }
  return { ...result, diagnoses: unique(diagnoses) }
}

const unique = (diagnoses: readonly Diagnosis[]): Diagnosis[] =>
  diagnoses.filter(({ kind }, i) => diagnoses.findIndex((other) => other.kind === kind) === i)

const weightsOf = ({ incar, kpoints }: Chosen, { given, settings }: VaspRun, isRelaxed: boolean): Weights => ({
  isRelaxed,
  given: new Map([...given, ...(incar?.value.tags ?? [])]),
  bandCount: settingNumber(settings, 'NBANDS'),
  electronCount: settingNumber(settings, 'NELECT'),
  isMeshAutomatic: kpoints?.value.style === 'automatic',
})

function energiesOf(step: VaspStep | null, converged: boolean | null, additions: readonly VaspRun[]): Partial<CalculationResult> {
  if (step === null) return {}
  const usable = converged === true || (converged === null && step.machineLearned)
  const energy = step.sigmaZeroEnergyEv
  const dispersion = step.dispersionEnergyEv ?? first(additions, (other) => other.last?.dispersionEnergyEv)
  return {
    energyEv: usable ? energy : null,
    energyKind: usable && energy !== null ? 'sigma0' : null,
    unconvergedEnergyEv: usable ? null : energy,
    freeEnergyEv: usable ? step.freeEnergyEv : null,
    entropyTermEv: usable ? (step.entropyTermEv ?? first(additions, (other) => other.last?.entropyTermEv)) : null,
    scfEnergyEv: usable ? step.scfEnergyEv : null,
    dispersionEnergyEv: usable ? dispersion : null,
  }
}

function bandsOf(run: VaspRun, { kpoints }: Chosen, edges: BandEdges | null): Partial<CalculationResult> {
  if (edges === null || edges.gapEv === null) return {}
  return {
    vbmEv: edges.vbmEv,
    cbmEv: edges.cbmEv,
    bandGapEv: edges.gapEv,
    bandGapDirect: edges.direct,
    bandGapSource: run.quasiparticle ? 'gw' : run.kPath || kpoints?.value.style === 'line' ? 'path' : 'mesh',
  }
}
