import type { CalculationResult, Diagnosis, IonicStep, Structure } from '@crystalmath/contract'
import type { ReadingOf, ReadOptions } from '../../code-reads.ts'
import { coreHoursOf, emptyResult, formulaOf, largestFreeNorm, largestNorm, volumeOf } from '../../reading/result.ts'
import { checkSources } from './agreement.ts'
import type { BandEdges } from './band-edges.ts'
import { ruleDiagnoses } from './checks.ts'
import { bulkElsewhere, edgesElsewhere, excitonsOf, imagesOf, labelsOf, pseudopotentialsOf } from './extras.ts'
import type { Finding } from './find-messages.ts'
import { sortFindings } from './findings.ts'
import { settingNumber } from './ground-state.ts'
import { ionicConvergence, relaxes } from './ionic-convergence.ts'
import { functionalOf, methodOf, momentsOf } from './method.ts'
import type { VaspReaders } from './readers.ts'
import type { VaspRun, VaspStep } from './run.ts'
import { samePlace } from './same-place.ts'
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
  const findings = sortFindings(weighed(chosen.findings, run.value), healthy)
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
    atomCount: run.value.species?.length ?? null,
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

const first = <T>(runs: readonly VaspRun[], read: (run: VaspRun) => T | null | undefined): T | null => {
  for (const run of runs) {
    const value = read(run)
    if (value !== null && value !== undefined) return value
  }
  return null
}

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

/** NBANDS raised by VASP far beyond the electrons is more than advice (custodian, VaspErrorHandler). */
function weighed(findings: readonly Finding[], run: VaspRun): Finding[] {
  const [bands, electrons] = [settingNumber(run.settings, 'NBANDS'), settingNumber(run.settings, 'NELECT')]
  const tooMany = bands !== null && electrons !== null && bands > 2 * electrons
  return findings.map((finding) =>
    tooMany && finding.diagnosis.kind === 'AUTO_NBANDS' ? { ...finding, severity: 'grave' } : finding,
  )
}

/** CONTCAR, where it differs from the geometry of the energy by more than its printed digits. */
function continuationOf({ contcar }: Chosen, structure: Structure | null): Structure | null {
  const next = contcar?.value.structure ?? null
  if (next === null || structure === null || next.positionsAngstrom.length !== structure.positionsAngstrom.length) return null
  return samePlace(next, structure) ? null : { ...next, species: next.species.length > 0 ? next.species : structure.species }
}

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

function structureOf(run: VaspRun, step: VaspStep | null): Structure | null {
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
function dressed(structure: Structure | null, { settings }: VaspRun, { contcar, poscar }: Chosen): Structure | null {
  if (structure === null) return null
  const beside = [contcar, poscar].map((reading) => reading?.value.structure ?? null)
  const fixed = structure.fixed ?? beside.find((other) => other?.species.length === structure.species.length)?.fixed
  const moments = settings.get('ISPIN') === '2' ? momentsOf(settings.get('MAGMOM')) : null
  const initial = moments?.length === structure.species.length ? { initialMomentsBohr: moments } : {}
  return { ...structure, ...(fixed === undefined ? {} : { fixed }), ...initial }
}

/** Of a run that moved nothing. */
function stillStructureOf(run: VaspRun): Structure | null {
  if (run.still === null || run.stepCount > 1 || run.species?.length !== run.still.positions.length) return null
  return { latticeAngstrom: run.still.lattice, species: [...run.species], positionsAngstrom: [...run.still.positions] }
}

const volumeIn = (step: VaspStep | null): number | null => (step?.latticeAngstrom == null ? null : volumeOf(step.latticeAngstrom))

function forcesOf(step: VaspStep | null, structure: Structure | null): Partial<CalculationResult> {
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

function magnetismOf(run: VaspRun, additions: readonly VaspRun[], counted: number | null): Partial<CalculationResult> {
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

function costsOf(run: VaspRun, additions: readonly VaspRun[], { stdout }: Chosen): Partial<CalculationResult> {
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

function propertiesOf(
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
