import type { CalculationResult } from '@crystalmath/contract'
import type { ReadingOf } from '../../code-reads.ts'
import { newest } from '../../reading/newest.ts'
import { emptyResult } from '../../reading/result.ts'
import type { MdLog } from './md-log.ts'
import type { OptimizerLog } from './optimizer-log.ts'
import type { readers } from './readers.ts'

/** The newest log decides. It says neither the threshold nor that the optimiser stopped: convergence stays unknown. */
export function combine(readings: readonly ReadingOf<typeof readers>[]): CalculationResult {
  const main = newest(readings)
  if (main === null) return emptyResult('ase')
  const result = main.kind === 'optimizerLog' ? ofOptimizer(main.value) : ofDynamics(main.value)
  if (result.termination === 'normal') return result
  const evidence = { file: main.file, line: null, text: '' }
  return {
    ...result,
    diagnoses: [...result.diagnoses, { kind: 'OUTPUT_INCOMPLETE', message: 'the log ends in the middle of a line', evidence }],
  }
}

function ofOptimizer(log: OptimizerLog): CalculationResult {
  return {
    ...emptyResult('ase'),
    termination: log.torn ? 'truncated' : 'normal',
    energyEv: log.energyEv,
    energyKind: log.energyEv === null ? null : log.forceConsistent ? 'free' : 'total',
    freeEnergyEv: log.forceConsistent ? log.energyEv : null,
    maxForceEvPerAngstrom: log.maxForceEvPerAngstrom,
    maxFreeForceEvPerAngstrom: log.maxForceEvPerAngstrom,
    ionicStepCount: log.rowCount,
    diagnoses: log.diagnoses,
    warnings: log.earlierRuns === 0 ? [] : [`the log holds ${log.earlierRuns + 1} runs: the last one is read`],
    properties: {
      optimizer: log.optimizer,
      ...(log.sella === null ? {} : { sella: log.sella }),
      ...(log.trajectory.length === 0 ? {} : { trajectory: log.trajectory }),
    },
  }
}

function ofDynamics(log: MdLog): CalculationResult {
  return {
    ...emptyResult('ase'),
    termination: log.torn ? 'truncated' : 'normal',
    energyEv: log.perAtom ? null : log.potentialEv,
    energyKind: log.perAtom || log.potentialEv === null ? null : 'total',
    kineticEnergyEv: log.perAtom ? null : log.kineticEv,
    temperatureK: log.temperatureK,
    ionicStepCount: log.rowCount,
    properties: log.perAtom ? { energyPerAtomEv: log.potentialEv } : {},
  }
}
