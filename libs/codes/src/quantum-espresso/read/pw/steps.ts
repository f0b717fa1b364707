import { EV_PER_RYDBERG, type IonicStep } from '@crystalmath/contract/plain'
import { largestNorm } from '../../../reading/result.ts'
import { EV_PER_ANGSTROM_PER_RY_PER_BOHR, GPA_PER_RY_PER_BOHR3, scaledMatrix, scaledVector, times } from '../units.ts'
import { structureOf } from './geometry.ts'
import type { Header, PwState, Scf } from './state.ts'

/** Does a converged energy need the `!!` of exact exchange? */
export const isHybrid = ({ exactExchange, exactExchangeFraction }: Header): boolean =>
  exactExchange || (exactExchangeFraction ?? 0) > 0

/** The energy that the program marks as converged, Ry; null while it does not. */
export const convergedRy = (scf: Scf, header: Header): number | null =>
  scf.exchangeSeen ? scf.exchangeRy : isHybrid(header) || scf.loopConverged === false || scf.isStopped ? null : scf.bangRy

/** By the program's own statement; null where it makes none. */
export function isConverged(scf: Scf, header: Header): boolean | null {
  if (scf.isBands) return null
  if (scf.exchangeSeen) return true
  if (scf.loopConverged === false || scf.exchangeConverged === false || scf.isStopped) return false
  if (isHybrid(header)) return scf.exchangeConverged
  return scf.bangSeen ? true : scf.loopConverged
}

/** Forces, eV/Å. */
export const forcesOf = ({ forcesRy }: Scf): [number, number, number][] | null =>
  forcesRy === null ? null : forcesRy.map((force) => scaledVector(force, EV_PER_ANGSTROM_PER_RY_PER_BOHR))

/** GPa, tension positive (the program prints pressure positive). */
export const stressOf = ({ stressRy }: Scf): NonNullable<IonicStep['stressGpa']> | null =>
  stressRy === null ? null : scaledMatrix(stressRy, -GPA_PER_RY_PER_BOHR3)

export const pressureOf = (stress: IonicStep['stressGpa']): number | null =>
  stress === null || stress === undefined ? null : -(stress[0][0] + stress[1][1] + stress[2][2]) / 3

/** One entry of the trajectory. */
export function stepOf(scf: Scf, { header, full }: Pick<PwState, 'header' | 'full'>): IonicStep {
  const energyEv = times(convergedRy(scf, header), EV_PER_RYDBERG)
  const forces = forcesOf(scf)
  const stress = stressOf(scf)
  const structure = full ? structureOf(scf.geometry) : null
  return {
    energyEv,
    freeEnergyEv: energyEv,
    maxForceEvPerAngstrom: largestNorm(forces),
    scfStepCount: scf.iterations > 0 ? scf.iterations : null, // the line comes behind the energy
    ...(scf.temperatureK === null ? {} : { temperatureK: scf.temperatureK }),
    ...(scf.kineticRy === null ? {} : { kineticEnergyEv: scf.kineticRy * EV_PER_RYDBERG }),
    ...(stress === null ? {} : { pressureGpa: pressureOf(stress) }),
    ...(full && stress !== null ? { stressGpa: stress } : {}),
    ...(structure === null ? {} : { structure }),
    ...(full && forces !== null ? { forcesEvPerAngstrom: forces } : {}),
  }
}

/** Puts the step that went on to the finished ones. */
export function finishStep(state: PwState): void {
  const { scf } = state
  if (scf === null || scf.isBands) return
  if (scf.iterations > 0) state.scfStepCounts.push(scf.iterations)
  if (convergedRy(scf, state.header) === null) return
  state.good = scf
  state.trajectory.push(stepOf(scf, state))
}
