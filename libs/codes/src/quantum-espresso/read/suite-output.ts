import { type CalculationResult, EV_PER_HARTREE, type Reader } from '@crystalmath/contract/plain'
import type { ReadOptions } from '../../code-reads.ts'
import { formulaOf, volumeOf } from '../../reading/result.ts'
import { lineReader } from './line-reader.ts'
import { geometryBeginnings, headerGeometry, structureOf } from './pw/geometry.ts'
import { headerBeginnings } from './pw/header.ts'
import { methodOf } from './pw/method.ts'
import { type Reported, resultOfRun } from './reported.ts'
import { clockBeginnings, diagnose, runBeginnings } from './run-facts.ts'
import { carParrinelloBeginnings, onStepRow } from './suite/car-parrinello.ts'
import { pathBeginnings } from './suite/path.ts'
import { phononBeginnings } from './suite/phonons.ts'
import { projectionBeginnings } from './suite/projections.ts'
import { newSuiteState, restartSuite, type SuiteState } from './suite/state.ts'
import { xspectraBeginnings } from './suite/xspectra.ts'
import { times } from './units.ts'

const BEGINNINGS = [
  ...phononBeginnings,
  ...pathBeginnings,
  ...carParrinelloBeginnings,
  ...projectionBeginnings,
  ...xspectraBeginnings,
  ...geometryBeginnings,
  ...headerBeginnings,
  ...clockBeginnings,
  ...runBeginnings(restartSuite),
]

/** Reads the standard output of any program of the suite but `pw.x`: ph.x, neb.x, cp.x, projwfc.x, dos.x, matdyn.x and so on. */
export const suiteOutput = (file: string, { full }: ReadOptions): Reader<Reported> =>
  lineReader(BEGINNINGS, newSuiteState(file, full), reportOf, { onNumbers: onStepRow })

function reportOf(state: SuiteState): Reported {
  const { run, header } = state
  const base = resultOfRun(run)
  if (base.termination === 'truncated' && run.program === 'NEB' && state.images.length > 0)
    diagnose(run, 'NEB_INTERRUPTED_PARTIAL_TRAJECTORY', `cut off after ${state.pathIterations} iterations of the path`, null, '')
  const geometry = state.next ?? headerGeometry(header)
  const structure = structureOf(geometry)
  const result: CalculationResult = {
    ...base,
    diagnoses: [...run.diagnoses, ...base.diagnoses.filter((one) => !run.diagnoses.includes(one))],
    ...carParrinelloOf(state),
    ionicConverged: state.pathConverged,
    structure,
    formula: formulaOf(structure?.species ?? []),
    atomCount: structure?.species.length ?? header.atomCount,
    // the cell of some programs has four digits only, the volume more
    volumeAngstrom3: times(header.volumeBohr3, BOHR3) ?? (geometry === null ? null : volumeOf(geometry.latticeAngstrom)),
    sites:
      state.loewdinSpins.length > 0 && state.loewdinSpins.every((spin) => spin !== null)
        ? { loewdin: { spins: [...state.loewdinSpins] } }
        : {},
    method: methodOf(state),
    properties: propertiesOf(state),
  }
  return { program: run.program, result }
}

const BOHR3 = 0.529177210903 ** 3

/** Every step of cp.x is a state of the fictitious dynamics: nothing says that the electrons are converged. */
function carParrinelloOf({ run, cpStepCount, cpEnergyHartree, cpTemperatureK }: SuiteState): Partial<CalculationResult> {
  if (run.program !== 'CP') return {}
  const energyEv = times(cpEnergyHartree, EV_PER_HARTREE)
  return {
    energyEv,
    energyKind: energyEv === null ? null : 'total',
    freeEnergyEv: energyEv,
    scfEnergyEv: energyEv,
    ionicStepCount: cpStepCount > 0 ? cpStepCount : null,
    temperatureK: cpTemperatureK,
  }
}

/** Frequencies at Γ where there are some, else those of the only q point. */
function frequenciesOf({ phonons }: SuiteState): readonly (number | null)[] {
  const all = phonons.filter(({ frequenciesPerCm }) => frequenciesPerCm.length > 0)
  const gamma = all.find(({ q }) => q?.every((component) => Math.abs(component) < 1e-6))
  return gamma?.frequenciesPerCm ?? (all.length === 1 ? (all[0]?.frequenciesPerCm ?? []) : [])
}

function propertiesOf(state: SuiteState): CalculationResult['properties'] {
  const frequencies = frequenciesOf(state).filter((frequency) => frequency !== null)
  const { phonons, dielectric, bornCharges, images, cpSteps, loewdinElectrons } = state
  return {
    ...(frequencies.length === 0 ? {} : { vibrationalFrequenciesPerCm: frequencies }),
    ...(phonons.length === 0 ? {} : { phononsByQ: phonons.filter(({ frequenciesPerCm }) => frequenciesPerCm.length > 0) }),
    ...(dielectric === null ? {} : { dielectricTensor: dielectric }),
    ...(bornCharges.length === 0 ? {} : { bornCharges }),
    ...(images.length === 0
      ? {}
      : {
          images,
          activationEnergyForwardEv: state.activationForwardEv,
          activationEnergyBackwardEv: state.activationBackwardEv,
          pathIterationCount: state.pathIterations,
        }),
    ...(cpSteps.length === 0
      ? {}
      : {
          trajectory: cpSteps.map((step) => ({
            energyEv: times(step.energyHartree, EV_PER_HARTREE),
            temperatureK: step.temperatureK,
          })),
        }),
    ...(loewdinElectrons.length === 0 ? {} : { loewdinElectrons }),
  }
}
