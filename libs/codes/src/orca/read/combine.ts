import { type CalculationResult, type Diagnosis, EV_PER_HARTREE } from '@crystalmath/contract/plain'
import type { ReadingOf } from '../../code-reads.ts'
import { newest } from '../../reading/newest.ts'
import { emptyResult, largestNorm } from '../../reading/result.ts'
import { engradResult, hessResult, propertyResult, xyzResult } from './file-results.ts'
import { forcesOf } from './forces.ts'
import { outputResult } from './output-result.ts'
import type { readers } from './readers.ts'
import type { OrcaRun } from './run.ts'

type OrcaReading = ReadingOf<typeof readers>
type OfKind<K extends OrcaReading['kind']> = Extract<OrcaReading, { kind: K }>

/** One calculation: the standard output decides, and the smaller files add what agrees with it; without an output, the most telling of them alone. */
export function combine(readings: readonly OrcaReading[]): CalculationResult {
  const of = <K extends OrcaReading['kind']>(kind: K) => readings.filter((reading): reading is OfKind<K> => reading.kind === kind)
  const main = newest(of('output'))
  const stderr = of('messages').flatMap(({ value }) => value)
  if (main !== null) {
    const result = withEngrad(outputResult(main.value, main.file), main.value, of('engrad'))
    const added =
      result.termination === 'normal' ? [] : stderr.filter((cause) => !result.diagnoses.some(({ kind }) => kind === cause.kind))
    return { ...result, diagnoses: [...added, ...result.diagnoses] }
  }
  const result = withoutOutput(of('property')[0] ?? of('propertyJson')[0], of('engrad')[0], of('hess')[0], of('xyz').at(-1))
  return { ...result, diagnoses: [...stderr, ...result.diagnoses] }
}

function withoutOutput(
  property: OfKind<'property' | 'propertyJson'> | undefined,
  engrad: OfKind<'engrad'> | undefined,
  hess: OfKind<'hess'> | undefined,
  xyz: OfKind<'xyz'> | undefined,
): CalculationResult {
  if (property !== undefined) return propertyResult(property.value, property.file)
  if (engrad !== undefined) return engradResult(engrad.value, engrad.file)
  if (hess !== undefined) return hessResult(hess.value, hess.file)
  return xyz === undefined ? emptyResult('orca') : xyzResult(xyz.value, xyz.file)
}

/** Printed energies of one evaluation agree to this, hartree. */
const SAME_ENERGY = 2e-8

/** The gradient of the `.engrad` of the same job, where the output prints none; one of another energy is of another run. */
function withEngrad(result: CalculationResult, run: OrcaRun, engrads: readonly OfKind<'engrad'>[]): CalculationResult {
  const own = engrads.filter(({ sample }) => sample.name.replace(/\.engrad$/, '') === run.jobName)
  const found = own[0] ?? (engrads.length === 1 ? engrads[0] : undefined)
  if (found?.value == null) return result
  const { energyHartree, gradientHartreePerBohr } = found.value
  const near = (hartree: number | undefined) => hartree !== undefined && Math.abs(hartree - energyHartree) < SAME_ENERGY
  const last = run.energies.at(-1)
  if (last === undefined || result.atomCount === null) return result
  if (!run.energies.some(near) || gradientHartreePerBohr.length !== result.atomCount)
    return own[0] === undefined && run.jobName !== null
      ? { ...result, warnings: [...result.warnings, `${found.file} is of another job than ${run.jobName}: not used`] }
      : { ...result, diagnoses: [...result.diagnoses, disagreement(found, last)] }
  if (result.maxForceEvPerAngstrom !== null || !near(last) || result.electronicConverged === false) return result
  const forces = forcesOf(gradientHartreePerBohr)
  return {
    ...result,
    forcesEvPerAngstrom: run.current.afterOptimisation || result.excitedStateEnergyEv !== null ? null : forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    maxFreeForceEvPerAngstrom: run.constrained ? null : largestNorm(forces),
  }
}

const disagreement = ({ file, value }: OfKind<'engrad'>, outputHartree: number): Diagnosis => ({
  kind: 'SOURCES_DISAGREE',
  message: `the .engrad is not of this run: its energy is ${value?.energyHartree} hartree, the output's ${outputHartree} (${(outputHartree * EV_PER_HARTREE).toFixed(6)} eV)`,
  evidence: { file, line: null, text: `${value?.energyHartree}` },
})
