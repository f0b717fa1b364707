import { type CalculationResult, EV_PER_HARTREE } from '@crystalmath/contract/plain'
import { scaled } from '../../reading/numbers.ts'
import { energyMethodOf } from './functional.ts'
import type { OrcaRun, OrcaStep, OrcaTrajectoryStep } from './run.ts'

/** Of the highest level that was run; null where ORCA came to no statement about it. */
export function convergedOf(step: OrcaStep): boolean | null {
  if (step.flaggedUnconverged || step.scfConverged === false || step.correlationConverged === false) return false
  if (step.finalHartree === null) return null
  return step.scfConverged ?? step.correlationConverged
}

/** All energies of the deciding geometry, eV. */
export function energiesOf(run: OrcaRun, step: OrcaStep): Partial<CalculationResult> {
  const unconverged = convergedOf(step) === false
  const excited = step.excitationHartree !== null && step.finalHartree !== null
  const ground = groundHartreeOf(step)
  const { dft, casscf } = {
    dft: run.method.exchange !== null,
    casscf: step.scfConverged === null && step.correlationConverged !== null,
  }
  return {
    energyEv: unconverged ? null : scaled(ground, EV_PER_HARTREE),
    energyKind: unconverged || ground === null ? null : 'total',
    unconvergedEnergyEv: unconverged ? scaled(ground ?? step.scfEnergyHartree, EV_PER_HARTREE) : null,
    scfEnergyEv: step.scfConverged === false ? null : scaled(step.scfEnergyHartree, EV_PER_HARTREE),
    dispersionEnergyEv: scaled(step.dispersionHartree, EV_PER_HARTREE),
    excitedStateEnergyEv: excited && !unconverged ? scaled(step.finalHartree, EV_PER_HARTREE) : null,
    energyMethod: run.computed
      ? (energyMethodOf(run.method.keywords, { dft, casscf, perturbation: run.method.treatment }) ?? run.method.treatment)
      : null,
  }
}

/** FINAL SINGLE POINT ENERGY is of the root followed, or an average of roots, where there are several. */
export function groundHartreeOf({ finalHartree, excitationHartree, lowestRootHartree }: OrcaTrajectoryStep): number | null {
  if (finalHartree === null) return null
  if (excitationHartree !== null) return finalHartree - excitationHartree
  return lowestRootHartree ?? finalHartree
}
