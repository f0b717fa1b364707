import type { CalculationResult, Diagnosis } from '@crystalmath/contract'
import { emptyResult, formulaOf, volumeOf } from '../../reading/result.ts'
import { riseDiagnoses } from './checks.ts'
import { sortFindings, weigh } from './findings.ts'
import { DEFAULT_NELM, loopConverged } from './ground-state.ts'
import type { OszicarReading } from './oszicar.ts'
import type { Chosen } from './sources.ts'

/** Reasons why a program does not start. */
const START_FAILURES = new Set(['MPI_START_FAILED', 'MISSING_LIBRARY'])
const NO_SETTINGS: ReadonlyMap<string, string> = new Map()

/** What OSZICAR, the standard output and the inputs tell where neither vasprun.xml nor OUTCAR is there. */
export function withoutRun(chosen: Chosen): CalculationResult {
  const { oszicar, stdout, incar } = chosen
  const iterations = oszicar?.value.stepCount ? oszicar.value : (stdout?.value.iterations ?? oszicar?.value ?? null)
  const last = iterations?.steps.at(-1) ?? null
  const findings = weigh(chosen.findings, {
    ...{ given: incar?.value.tags ?? NO_SETTINGS, bandCount: null, electronCount: null },
    isMeshAutomatic: chosen.kpoints?.value.style === 'automatic',
    isRelaxed: stdout?.value.requiredAccuracyReached === true,
  })
  const fatal = findings.some(({ severity }) => severity === 'fatal')
  const finished = stdout?.value.finished === true || stdout?.value.requiredAccuracyReached === true
  const { causes: said, advice, warnings } = sortFindings(findings, finished && !fatal)
  const settings = incar?.value.tags ?? NO_SETTINGS
  const counted = last === null ? null : loopConverged(last.scfStepCount, last.lastChangeEv, settings)
  // more steps than the default NELM allows: it was another, and is not known here
  const converged = last !== null && last.scfStepCount > DEFAULT_NELM && !settings.has('NELM') ? null : counted
  const structure = chosen.contcar?.value.structure ?? chosen.poscar?.value.structure ?? null
  const result: CalculationResult = {
    ...emptyResult('vasp'),
    codeVersion: stdout?.value.version ?? null,
    termination: fatal ? 'error' : finished ? 'normal' : 'truncated',
    electronicConverged: converged,
    ...(last === null ? {} : energiesOf(last, converged)),
    ...(structure === null ? {} : sizesOf(structure.species, structure.latticeAngstrom)),
    structure: last === null ? structure : null,
    ...eigenvaluesOf(chosen),
    continuationStructure: last === null ? null : (chosen.contcar?.value.structure ?? null),
    ionicStepCount: iterations?.stepCount ?? null,
    scfStepCounts: iterations?.steps.map((step) => step.scfStepCount) ?? [],
    totalMagnetizationBohr: last?.totalMagnetizationBohr ?? null,
    temperatureK: last?.temperatureK ?? null,
    kineticEnergyEv: last?.kineticEnergyEv ?? null,
    mpiRankCount: stdout?.value.mpiRankCount ?? null,
    threadsPerRank: stdout?.value.threadsPerRank ?? null,
    coreCount: stdout?.value.mpiRankCount == null ? null : stdout.value.mpiRankCount * (stdout.value.threadsPerRank ?? 1),
    warnings: [...warnings, ...chosen.warnings],
  }
  const causes = [...said, ...(iterations?.diagnoses ?? []), ...ownCauses(chosen, result, iterations), ...advice]
  return {
    ...result,
    diagnoses: causes,
    warnings:
      converged === null || last === null
        ? result.warnings
        : [...result.warnings, 'electronic convergence is judged by counting steps against NELM'],
  }
}

/** Of EIGENVAL, PROCAR and DOSCAR that lie alone. */
function eigenvaluesOf({ eigenval, procar, doscar }: Chosen): Partial<CalculationResult> {
  const edges = eigenval?.value.bandEdges ?? procar?.value.bandEdges ?? null
  const fermiEnergyEv = doscar?.value.fermiEnergyEv ?? null
  const [bands, dos] = [eigenval?.value.bands ?? null, doscar?.value.dos ?? null]
  return {
    fermiEnergyEv,
    ...(edges?.gapEv == null
      ? {}
      : { bandGapEv: edges.gapEv, vbmEv: edges.vbmEv, cbmEv: edges.cbmEv, bandGapDirect: edges.direct, bandGapSource: 'mesh' }),
    ...(eigenval === null
      ? {}
      : { method: { electronCount: eigenval.value.electronCount, spinPolarized: eigenval.value.spinPolarized } }),
    properties: { ...(bands === null ? {} : { bands }), ...(dos === null ? {} : { dos }) },
  }
}

function energiesOf(last: OszicarReading['steps'][number], converged: boolean | null): Partial<CalculationResult> {
  const energy = last.sigmaZeroEnergyEv
  const usable = converged === true || last.machineLearned
  return {
    energyEv: usable ? energy : null,
    energyKind: usable && energy !== null ? 'sigma0' : null,
    unconvergedEnergyEv: usable ? null : energy,
    freeEnergyEv: usable ? last.freeEnergyEv : null,
  }
}

function sizesOf(species: readonly string[], lattice: Parameters<typeof volumeOf>[0] | null): Partial<CalculationResult> {
  return {
    formula: formulaOf(species),
    atomCount: species.length || null,
    volumeAngstrom3: lattice === null ? null : volumeOf(lattice),
  }
}

function ownCauses(chosen: Chosen, result: CalculationResult, iterations: OszicarReading | null): Diagnosis[] {
  const { oszicar, stdout } = chosen
  const causes: Diagnosis[] = []
  const other = chosen.findings.some(({ diagnosis }) => !START_FAILURES.has(diagnosis.kind))
  if (stdout !== null && !stdout.value.started && oszicar === null && !other) {
    const text = stdout.value.firstLine ?? ''
    causes.push({
      kind: 'NOSTART',
      message: 'VASP was never started',
      evidence: { file: stdout.file, line: text === '' ? null : 1, text },
    })
  }
  const where = oszicar ?? stdout
  if (where !== null && result.electronicConverged === false) {
    const { line = null, text = '' } = iterations?.lastLine ?? {}
    const message = `the electronic loop used up its ${result.scfStepCounts.at(-1)} steps`
    causes.push({ kind: 'ELECTRONIC_NOT_CONVERGED', message, evidence: { file: where.file, line, text } })
  }
  causes.push(...neverStarted(chosen), ...tornEigenvalues(chosen))
  causes.push(...riseDiagnoses(result.atomCount ?? 0, chosen))
  const energy = result.energyEv ?? result.unconvergedEnergyEv
  if (where !== null && energy !== null && energy > 0) {
    const { line = null, text = '' } = iterations?.lastLine ?? {}
    causes.push({ kind: 'POSITIVE_ENERGY', message: 'the energy is positive', evidence: { file: where.file, line, text } })
  }
  return causes
}

/** Inputs alone. */
function neverStarted({
  incar,
  oszicar,
  stdout,
  eigenval,
  procar,
  doscar,
  contcar,
  poscar,
  kpoints,
  potcar,
}: Chosen): Diagnosis[] {
  const outputs = [oszicar, stdout, eigenval, procar, doscar, contcar]
  if (incar === null || (poscar === null && kpoints === null && potcar === null) || outputs.some((one) => one !== null)) return []
  return [{ kind: 'NEVER_STARTED', message: 'inputs, but no output', evidence: { file: incar.file, line: null, text: '' } }]
}

function tornEigenvalues({ eigenval }: Chosen): Diagnosis[] {
  if (eigenval === null || eigenval.value.complete) return []
  return [
    { kind: 'OUTPUT_INCOMPLETE', message: 'not all k points are there', evidence: { file: eigenval.file, line: null, text: '' } },
  ]
}
