import { type CalculationResult, type Diagnosis, GPA_PER_KBAR } from '@crystalmath/contract/plain'
import { EV_PER_ANGSTROM_PER_RY_PER_BOHR, times } from '../units.ts'
import type { PwState } from './state.ts'
import { isConverged } from './steps.ts'

/** Adds what follows from several statements together; the first cause stays first. */
export function addVerdicts(result: CalculationResult, state: PwState): CalculationResult {
  const diagnoses = [...electronicVerdicts(state), ...interrupted(result, state), ...result.diagnoses]
  return { ...result, diagnoses: inOrder([...diagnoses, ...finalVerdict(result, state)]) }
}

/** By line where it is known; what has no line follows. */
const inOrder = (diagnoses: readonly Diagnosis[]): Diagnosis[] =>
  [...diagnoses].sort((a, b) => (a.evidence.line ?? Number.MAX_SAFE_INTEGER) - (b.evidence.line ?? Number.MAX_SAFE_INTEGER))

const isIonic = ({ motion, trajectory, next }: PwState): boolean =>
  motion.kind !== 'none' || motion.moved || trajectory.length > 1 || next !== null

function electronicVerdicts(state: PwState): Diagnosis[] {
  const { scf, header, run, motion } = state
  if (scf === null || isConverged(scf, header) !== false || scf.notConvergedAt === null) return []
  const { line, text } = scf.notConvergedAt
  const evidence = { file: run.file, line, text: text.trim() }
  const cause: Diagnosis = {
    kind: 'ELECTRONIC_NOT_CONVERGED',
    message: 'the electronic cycle used up its iterations (electron_maxstep)',
    evidence,
  }
  if (!isIonic(state) && !motion.planned) return [cause]
  if (motion.finalScf) {
    const kind = motion.historyFailed
      ? 'IONIC_CYCLE_BFGS_HISTORY_AND_FINAL_SCF_FAILURE'
      : 'IONIC_CONVERGENCE_REACHED_FINAL_SCF_FAILED'
    return [cause, { kind, message: 'the final SCF at the relaxed cell did not converge', evidence }]
  }
  return [
    cause,
    {
      kind: 'IONIC_CYCLE_ELECTRONIC_CONVERGENCE_NOT_REACHED',
      message: 'the electronic cycle of an ionic step did not converge',
      evidence,
    },
  ]
}

/** A relaxation or dynamics that was cut off has a part of a trajectory. */
function interrupted({ termination }: CalculationResult, state: PwState): Diagnosis[] {
  if (termination !== 'truncated' || state.run.isImage || !isIonic(state) || state.motion.converged === true) return []
  return [
    {
      kind: 'IONIC_INTERRUPTED_PARTIAL_TRAJECTORY',
      message: `cut off while the ions moved, after ${state.trajectory.length} complete steps`,
      evidence: { file: state.run.file, line: null, text: '' },
    },
  ]
}

/** Does the final SCF at the relaxed cell break a criterion that the last step of the relaxation kept? */
function finalVerdict(result: CalculationResult, state: PwState): Diagnosis[] {
  const { motion, beforeFinal, run } = state
  if (!motion.finalScf || motion.converged !== true || beforeFinal === null || result.electronicConverged !== true) return []
  const broken = brokenCriterion(result, state)
  if (broken === null) return []
  return [
    {
      kind: 'IONIC_CONVERGENCE_REACHED_EXCEPT_IN_FINAL_SCF',
      message: `relaxed, but the final SCF at the new cell breaks a criterion: ${broken}`,
      evidence: { file: run.file, line: null, text: '' },
    },
  ]
}

/** Names the criterion that is broken now and was kept before; null where none is. */
function brokenCriterion(result: CalculationResult, { motion, beforeFinal }: PwState): string | null {
  const { forceCriterionRy, cellCriterionKbar } = motion
  const limitGpa = times(cellCriterionKbar, GPA_PER_KBAR)
  const stress = limitGpa === null ? null : brokenStress(result.stressGpa, beforeFinal, limitGpa)
  if (stress !== null)
    return `stress ${(stress / GPA_PER_KBAR).toFixed(2)} kbar off the target, criterion ${cellCriterionKbar} kbar`
  const limit = times(forceCriterionRy, EV_PER_ANGSTROM_PER_RY_PER_BOHR)
  const force = largestComponent(result)
  if (limit !== null && force !== null && force >= limit)
    return `force component ${force.toFixed(5)} eV/Å, criterion ${limit.toFixed(5)} eV/Å`
  return null
}

/** Components of a fixed axis broke the criterion before already, and do not count. */
function brokenStress(now: CalculationResult['stressGpa'], before: PwState['beforeFinal'], limit: number): number | null {
  if (now === null || before === null) return null
  for (const [i, row] of now.entries())
    for (const [j, value] of row.entries()) {
      const target = i === j ? -before.targetGpa : 0
      const then = before.stressGpa[i]?.[j]
      if (then !== undefined && Math.abs(then - target) < limit && Math.abs(value - target) >= limit) return value - target
    }
  return null
}

function largestComponent({ forcesEvPerAngstrom, structure }: CalculationResult): number | null {
  if (forcesEvPerAngstrom === null) return null
  let largest = 0
  for (const [i, force] of forcesEvPerAngstrom.entries())
    for (const [axis, value] of force.entries())
      if (structure?.fixed?.[i]?.[axis] !== true) largest = Math.max(largest, Math.abs(value))
  return largest
}
