import type { Diagnosis, Matrix3, Properties, Quasiparticle } from '@crystalmath/contract'
import { toNumber } from '../../reading/numbers.ts'
import { largestNorm } from '../../reading/result.ts'
import { finishStep, newDraft, type StepDraft } from './outcar-step.ts'
import type { LineConsumer } from './outcar-tables.ts'
import type { StepSummary, VaspStep } from './run.ts'

/** Steps of which a summary is kept. */
const MAX_STEPS = 1_000_000

/** Where something is said. */
export type Place = { readonly file: string; readonly line: number; readonly text: string }

/** What one run in an OUTCAR has told so far. */
export type OutcarState = {
  readonly full: boolean
  version: string | null
  settings: ReadonlyMap<string, string>
  /** Tags that are told after the header. */
  readonly lateSettings: Map<string, string>
  complete: boolean
  /** The step in progress. */
  draft: StepDraft | null
  /** The step just finished: what follows its energy belongs to it. */
  finished: StepDraft | null
  last: VaspStep | null
  /** The step before the last: to fall back on when a prediction is replaced by a calculation. */
  beforeLast: { readonly step: VaspStep | null; readonly draft: StepDraft | null }
  ionicFreeEv: number | null
  stepsStarted: number
  stepCount: number
  readonly steps: StepSummary[]
  readonly scfStepCounts: number[]
  /** Norms of the last three. */
  drifts: number[]
  requiredAccuracyReached: boolean
  stopped: boolean
  countedElectrons: number | null
  spin: number
  kPointIndex: number
  /** Frequencies of the dynamical matrix being told, cm⁻¹. */
  modes: number[] | null
  lattice: Matrix3 | null
  quasiparticles: Quasiparticle[]
  readonly properties: Properties
  wallSeconds: number | null
  cpuSeconds: number | null
  memoryKilobytes: number | null
  rootMemoryKilobytes: number | null
  diagnoses: Diagnosis[]
}

export const newState = (full: boolean): OutcarState => ({
  full,
  version: null,
  settings: new Map(),
  lateSettings: new Map(),
  complete: false,
  draft: null,
  finished: null,
  last: null,
  beforeLast: { step: null, draft: null },
  ionicFreeEv: null,
  stepsStarted: 0,
  stepCount: 0,
  steps: [],
  scfStepCounts: [],
  drifts: [],
  requiredAccuracyReached: false,
  stopped: false,
  countedElectrons: null,
  spin: 0,
  kPointIndex: 0,
  modes: null,
  lattice: null,
  quasiparticles: [],
  properties: {},
  wallSeconds: null,
  cpuSeconds: null,
  memoryKilobytes: null,
  rootMemoryKilobytes: null,
  diagnoses: [],
})

/** Where a quantity belongs: to the step in progress, else to the one just finished. */
export const stepOf = (state: OutcarState): StepDraft | null => state.draft ?? state.finished

/** A step that begins without an iteration: predicted by a force field, or of a torn file. */
export function beginStep(state: OutcarState): StepDraft {
  state.draft ??= newDraft((state.finished?.ionic ?? 0) + 1, state.lattice)
  return state.draft
}

/** Counts an electronic step. Iterations with the number of a finished ionic step belong to a response. */
export function countIteration(state: OutcarState, ionicText: string, electronicText: string): void {
  const before = stepOf(state)?.ionic
  const unknown = toNumber(electronicText) === 1 ? (before ?? 0) + 1 : (before ?? 1)
  const ionic = toNumber(ionicText) ?? unknown
  if (state.draft === null && state.finished?.ionic === ionic && state.finished.machineLearned) retract(state)
  if (state.draft === null && state.finished?.ionic === ionic) return
  if (state.draft === null || state.draft.ionic !== ionic) {
    state.draft = newDraft(ionic, state.lattice)
    state.stepsStarted += 1
  }
  state.draft.scfCount += 1
}

/** `Ionic step N` of a run with a force field stands before prediction and calculation. */
export function announceStep(state: OutcarState, ionic: number): void {
  if (state.draft?.ionic === ionic) return
  state.draft = newDraft(ionic, state.lattice)
  state.stepsStarted += 1
}

/** The electrons are computed after all: the prediction of the same step does not count. */
function retract(state: OutcarState): void {
  state.stepCount -= 1
  state.stepsStarted -= 1
  state.steps.pop()
  state.scfStepCounts.pop()
  state.last = state.beforeLast.step
  state.finished = state.beforeLast.draft
}

/** The energy of an ionic step is its last word that counts. */
export function endStep(state: OutcarState, zero: number | null, learned: boolean, place: Place): void {
  if (state.draft === null && state.finished !== null) return
  const draft = beginStep(state)
  draft.machineLearned = learned
  const step = finishStep(draft, state, { free: state.ionicFreeEv, zero })
  state.stepCount += 1
  state.beforeLast = { step: state.last, draft: state.finished }
  state.last = step
  state.finished = draft
  state.draft = null
  state.ionicFreeEv = null
  if (draft.drift !== null) state.drifts = [...state.drifts.slice(-2), draft.drift]
  state.scfStepCounts.push(draft.scfCount)
  if (state.steps.length >= MAX_STEPS) state.steps.shift()
  state.steps.push(summaryOf(step, state.full))
  state.diagnoses = stepDiagnoses(draft, step, state.stepCount, place)
}

function stepDiagnoses(draft: StepDraft, step: VaspStep, number: number, place: Place): Diagnosis[] {
  const diagnoses: Diagnosis[] = []
  if (step.sigmaZeroEnergyEv === null) {
    diagnoses.push({ kind: 'OUTPUT_UNREADABLE', message: `the energy of ionic step ${number} is not a number`, evidence: place })
  }
  if (step.electronicConverged === false) {
    const why = draft.ended === 'reached' ? 'used up NELM' : 'did not reach EDIFF'
    const message = `the electronic loop of ionic step ${number} ${why} (${draft.scfCount} steps)`
    diagnoses.push({ kind: 'ELECTRONIC_NOT_CONVERGED', message, evidence: draft.endedAt ?? place })
  }
  if (draft.forcesUnreadableAt !== null) {
    const message = `the forces of ionic step ${number} are not all numbers`
    diagnoses.push({ kind: 'OUTPUT_UNREADABLE', message, evidence: draft.forcesUnreadableAt })
  }
  return diagnoses
}

/** Kinetic energy and temperature are told after the energy. */
export function refreshLast(state: OutcarState): void {
  const { draft, finished, last } = state
  if (draft !== null || finished === null || last === null) return
  const motion = { kineticEnergyEv: finished.kinetic, temperatureK: finished.temperature }
  state.last = { ...last, ...motion }
  const summary = state.steps.pop()
  if (summary !== undefined) state.steps.push({ ...summary, ...motion })
}

const summaryOf = (step: VaspStep, full: boolean): StepSummary => ({
  freeEnergyEv: step.freeEnergyEv,
  sigmaZeroEnergyEv: step.sigmaZeroEnergyEv,
  scfStepCount: step.scfStepCount,
  temperatureK: step.temperatureK,
  kineticEnergyEv: step.kineticEnergyEv,
  maxForceEvPerAngstrom: step.forcesEvPerAngstrom === null ? null : largestNorm(step.forcesEvPerAngstrom),
  step: full ? step : null,
})

/** What a line of OUTCAR means: a pattern, and what it does; it may answer with a consumer of the lines that follow. */
export type Rule = readonly [RegExp, (state: OutcarState, said: Said, where: () => Place) => LineConsumer | undefined]
export type Said = Readonly<Record<string, string | undefined>>
