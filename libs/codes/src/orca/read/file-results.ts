import {
  type CalculationResult,
  DEBYE_PER_E_BOHR,
  type Diagnosis,
  EV_PER_HARTREE,
  type Vector3,
} from '@crystalmath/contract/plain'
import { scaled } from '../../reading/numbers.ts'
import { emptyResult, formulaOf, largestNorm } from '../../reading/result.ts'
import type { Engrad } from './engrad.ts'
import { forcesOf } from './forces.ts'
import type { OrcaHess } from './hess.ts'
import type { OrcaProperty } from './property.ts'
import type { OrcaFrames } from './xyz.ts'

/** Results of the smaller files on their own. */
const ofGeometry = (species: readonly string[], positionsAngstrom: readonly Vector3[]): Partial<CalculationResult> =>
  species.length === 0
    ? {}
    : {
        structure: { latticeAngstrom: null, species: [...species], positionsAngstrom: [...positionsAngstrom] },
        formula: formulaOf(species),
        atomCount: species.length,
      }

const torn = (file: string): Diagnosis => ({
  kind: 'OUTPUT_INCOMPLETE',
  message: 'the file ends before it is complete, or a number in it cannot be read',
  evidence: { file, line: null, text: '' },
})

const withForces = (gradient: readonly Vector3[]): Partial<CalculationResult> => {
  const forces = forcesOf(gradient)
  const max = largestNorm(forces)
  return { forcesEvPerAngstrom: forces, maxForceEvPerAngstrom: max, maxFreeForceEvPerAngstrom: null }
}

const withEnergy = (hartree: number | null): Partial<CalculationResult> => ({
  energyEv: scaled(hartree, EV_PER_HARTREE),
  energyKind: hartree === null ? null : 'total',
})

export function engradResult(value: Engrad, file: string): CalculationResult {
  if (value === null) return { ...emptyResult('orca'), diagnoses: [torn(file)] }
  return {
    ...emptyResult('orca'),
    termination: 'normal',
    ionicStepCount: 1,
    ...withEnergy(value.energyHartree),
    ...withForces(value.gradientHartreePerBohr),
    ...ofGeometry(value.species, value.positionsAngstrom),
  }
}

export function propertyResult(value: OrcaProperty, file: string): CalculationResult {
  const energy =
    value.finalHartree ??
    (value.excited || value.beyondScf || value.scfHartree === null || !(value.whole || value.status !== null)
      ? null
      : value.scfHartree + (value.dispersionHartree ?? 0))
  const excitation = rootOf(value)
  const excited = value.excited || excitation !== null
  const converged = value.converged
  const failed = value.status !== null && !/NORMAL/i.test(value.status)
  const normal = /NORMAL TERMINATION/i.test(value.status ?? '') && value.geometryIndex >= value.lastGeometryIndex
  const gradient = value.gradientHartreePerBohr
  const species = value.species.length === value.atomCount ? value.species : []
  return {
    ...emptyResult('orca'),
    codeVersion: value.version,
    termination: failed ? 'error' : normal ? 'normal' : 'truncated',
    electronicConverged: converged,
    ...(converged === false
      ? { unconvergedEnergyEv: scaled(energy, EV_PER_HARTREE) }
      : excited
        ? withEnergy(energy === null || excitation === null ? null : energy - excitation)
        : withEnergy(energy)),
    excitedStateEnergyEv: excited && converged !== false ? scaled(energy, EV_PER_HARTREE) : null,
    scfEnergyEv: scaled(value.scfHartree, EV_PER_HARTREE),
    dispersionEnergyEv: scaled(value.dispersionHartree, EV_PER_HARTREE),
    ...(gradient !== null && gradient.length === species.length ? withForces(gradient) : {}),
    ...ofGeometry(species, value.positionsAngstrom),
    ionicStepCount: value.geometryIndex > 0 ? value.geometryIndex : null,
    method: methodOf(value),
    diagnoses: failed
      ? [
          {
            kind: 'UNKNOWN_FAILURE',
            message: `ORCA's property file says: ${value.status}`,
            evidence: { file, line: null, text: value.status ?? '' },
          },
        ]
      : converged === false
        ? [
            {
              kind: 'ELECTRONIC_NOT_CONVERGED',
              message: 'the energy is marked as not converged',
              evidence: { file, line: null, text: 'Converged false' },
            },
          ]
        : [],
    properties: {
      ...(value.dipoleAu === null ? {} : { dipoleDebye: value.dipoleAu.map((x) => x * DEBYE_PER_E_BOHR) as Vector3 }),
      ...(value.frequenciesPerCm.length === 0 ? {} : { vibrationalFrequenciesPerCm: value.frequenciesPerCm }),
      ...(value.zeroPointHartree === null ? {} : { zeroPointEnergyEv: value.zeroPointHartree * EV_PER_HARTREE }),
    },
  }
}

/** Excitation energies are printed in eV, by another constant than ours. */
const ROOT_TOLERANCE_HARTREE = 5e-6

/** The root in the final energy: that by which it exceeds a total energy of some level. */
function rootOf({ finalHartree, scfHartree, dispersionHartree, totalsHartree, rootsHartree }: OrcaProperty): number | null {
  if (finalHartree === null) return null
  const grounds = scfHartree === null ? totalsHartree : [...totalsHartree, scfHartree + (dispersionHartree ?? 0)]
  return (
    grounds
      .map((ground) => finalHartree - ground)
      .find((excess) => rootsHartree.some((root) => Math.abs(root - excess) < ROOT_TOLERANCE_HARTREE)) ?? null
  )
}

function methodOf({ charge, multiplicity, electronCount, basisFunctionCount }: OrcaProperty): CalculationResult['method'] {
  if (charge === null && multiplicity === null && electronCount === null && basisFunctionCount === null) return null
  return { charge, multiplicity, electronCount, basisFunctionCount }
}

export function xyzResult({ count, last }: OrcaFrames, file: string): CalculationResult {
  if (last === null) return { ...emptyResult('orca'), diagnoses: [torn(file)] }
  return {
    ...emptyResult('orca'),
    ...withEnergy(last.energyHartree),
    ...ofGeometry(last.species, last.positionsAngstrom),
    termination: 'normal',
    ionicStepCount: count,
    warnings: ['a file of geometries does not say whether the SCF of its energies converged'],
  }
}

export function hessResult(value: OrcaHess, file: string): CalculationResult {
  const vibrations = value.frequenciesPerCm
    .map((frequency, i) => ({ frequency, intensity: value.infraredKmPerMol[i] }))
    .filter(({ frequency }) => frequency !== 0)
  const intensities = vibrations.map(({ intensity }) => intensity).filter((one) => one !== undefined)
  return {
    ...emptyResult('orca'),
    ...withEnergy(value.energyHartree),
    ...ofGeometry(value.species, value.positionsAngstrom),
    termination: value.whole ? 'normal' : 'truncated',
    diagnoses: value.whole ? [] : [torn(file)],
    properties: {
      ...(vibrations.length === 0 ? {} : { vibrationalFrequenciesPerCm: vibrations.map(({ frequency }) => frequency) }),
      ...(intensities.length === 0 || intensities.length !== vibrations.length
        ? {}
        : { infraredIntensitiesKmPerMol: intensities }),
    },
  }
}
