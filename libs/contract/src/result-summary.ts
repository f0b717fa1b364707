import type { CalculationResult } from './calculation-result.ts'
import type { ResultSummary } from './events.ts'

/** Key numbers of a result, for lists and events. */
export const summaryOf = (result: CalculationResult): ResultSummary => ({
  energyEv: result.energyEv,
  energyKind: result.energyKind,
  maxForceEvPerAngstrom: result.maxForceEvPerAngstrom,
  electronicConverged: result.electronicConverged,
  ionicConverged: result.ionicConverged,
  ionicStepCount: result.ionicStepCount,
  scfStepCount: result.scfStepCounts.length === 0 ? null : result.scfStepCounts.reduce((sum, steps) => sum + steps, 0),
  wallSeconds: result.wallSeconds,
  coreCount: result.coreCount,
  maxMemoryMebibytes: result.maxMemoryMebibytes,
  formula: result.formula,
})
