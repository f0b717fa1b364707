import { type CalculationResult, EV_PER_HARTREE, type IonicStep, type Method } from '@crystalmath/contract/plain'
import { coreHoursOf, emptyResult, formulaOf, largestFreeNorm, largestNorm, volumeOf } from '../../../reading/result.ts'
import { pressureOf } from '../pw/steps.ts'
import { times } from '../units.ts'
import { bandsOf, levelsOf } from './levels.ts'
import { forcesOf, stressOf, structureOfSnapshot, trajectoryStep } from './snapshots.ts'
import type { Snapshot, XmlState } from './state.ts'

/** A count that the file gives; null for what is none. */
const wholeOrNull = (count: number | undefined): number | null =>
  count !== undefined && Number.isSafeInteger(count) ? count : null

const isResponse = (calculation: string | undefined): boolean => calculation === 'nscf' || calculation === 'bands'

/** Did the SCF converge? Files before 19.03 do not say it, but the error that was left. */
function isConverged({ output, numbers }: XmlState): boolean | null {
  if (output.achieved !== null) return output.achieved
  if (output.scfError === null || numbers['convThr'] === undefined) return null
  return output.scfError <= numbers['convThr'] * 1.000_001
}

/** What the file says, as a result; `termination` is left to the caller. */
export function resultOf(state: XmlState, full: boolean): CalculationResult {
  const { numbers, words, flags } = state
  const output = computedOutput(state)
  const converged = isConverged(state)
  const computed = !isResponse(words['calculation']) && output.total !== null && output.scfSteps !== 0
  const total = computed ? times(output.total, EV_PER_HARTREE) : null
  // cp.x states no convergence: its energies are those of a trajectory
  const energyEv = converged === true || (converged === null && words['creator'] === 'CP') ? total : null
  const structure = structureOfSnapshot(output, state.freePositions)
  const continuation = structureOfSnapshot(state.output, state.freePositions)
  const forces = forcesOf(output)
  const stress = stressOf(output)
  const { ranks = null, threads = null, wall = null, cpu = null } = numbers
  const coreCount = ranks === null || threads === null ? null : ranks * threads
  return {
    ...emptyResult('quantum-espresso'),
    codeVersion: words['version'] ?? null,
    electronicConverged: output.achieved ?? (computed ? converged : null),
    ionicConverged: /relax/.test(words['calculation'] ?? 'relax') ? (flags['ionic'] ?? null) : null,
    energyEv,
    energyKind: energyEv === null ? null : words['smearing'] === undefined ? 'total' : 'free',
    unconvergedEnergyEv: converged === false ? total : null,
    freeEnergyEv: energyEv,
    entropyTermEv: computed ? times(output.demet, EV_PER_HARTREE) : null,
    scfEnergyEv: energyEv,
    energyMethod: energyEv === null ? null : (words['functional'] ?? null),
    dispersionEnergyEv: computed ? times(output.dispersion, EV_PER_HARTREE) : null,
    forcesEvPerAngstrom: forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    maxFreeForceEvPerAngstrom: largestFreeNorm(forces, structure?.fixed),
    stressGpa: stress,
    pressureGpa: pressureOf(stress),
    structure,
    continuationStructure: output === state.output ? null : continuation,
    formula: formulaOf(structure?.species ?? []),
    atomCount: structure?.species.length ?? null,
    volumeAngstrom3: structure?.latticeAngstrom == null ? null : volumeOf(structure.latticeAngstrom),
    ...countsOf(state, computed, converged),
    ...levelsOf(state),
    // a band-structure calculation leaves 0 there
    totalMagnetizationBohr: flags['lsda'] === true && !isResponse(words['calculation']) ? (numbers['total'] ?? null) : null,
    totalMagnetizationVectorBohr: flags['noncollinear'] === true ? state.totalVector : null,
    mpiRankCount: ranks,
    threadsPerRank: threads,
    coreCount,
    wallSeconds: wall,
    cpuSeconds: cpu,
    coreHours: coreHoursOf(wall, coreCount),
    method: methodOf(state),
    properties: {
      ...(state.steps.length === 0 ? {} : { trajectory: trajectoryOf(state, computed, converged, full) }),
      ...(full ? bandsOf(state) : {}),
      ...(flags['lsda'] === true && computed && numbers['absolute'] !== undefined
        ? { absoluteMagnetizationBohr: numbers['absolute'] }
        : {}),
    },
  }
}

/**
 * The geometry in `output` is where the next step would have begun, if the run did not end with a final SCF; energy, forces and
 * stress are those of the last `step`. In a variable-cell relaxation that did not arrive, the energy there is an enthalpy.
 * The stress of variable-cell dynamics is left out: it is not in the unit of the others.
 */
function computedOutput(state: XmlState): Snapshot {
  const { output, previous, words } = state
  if (previous === null || !endsWithStep(state)) return output
  const { total, labels, positions, cell, forces } = previous
  const stress = words['calculation'] === 'vc-md' ? null : output.stress
  const same = JSON.stringify([positions, cell]) === JSON.stringify([output.positions, output.cell])
  if (same && stress === output.stress && total === output.total) return output
  return { ...output, total, labels, positions, cell, forces: forces ?? output.forces, stress }
}

/** Does `output` tell of the last `step` once more, or of a calculation after it? */
function endsWithStep({ output, previous, words, flags }: XmlState): boolean {
  if (previous === null || previous.total === null) return false
  if (previous.total === output.total) return true
  return words['calculation'] === 'vc-relax' && flags['ionic'] !== true && output.achieved !== false
}

/** The final SCF at a relaxed cell stands in `output` alone; else `output` is the last step once more. */
const hasFinalScf = (state: XmlState, computed: boolean): boolean =>
  computed && state.output.scfSteps !== null && !endsWithStep(state)

/** All steps, with the final SCF at the end: the last one is what the result's energy and forces belong to. */
const trajectoryOf = (state: XmlState, computed: boolean, converged: boolean | null, full: boolean): IonicStep[] =>
  hasFinalScf(state, computed) && converged !== false ? [...state.steps, trajectoryStep(state.output, state, full)] : state.steps

function countsOf(state: XmlState, computed: boolean, converged: boolean | null): Partial<CalculationResult> {
  const { output, steps, counts, flags } = state
  const isAnother = hasFinalScf(state, computed)
  const all = isAnother && output.scfSteps !== null ? [...counts, output.scfSteps] : counts
  const ionicStepCount = steps.length + (isAnother && converged !== false ? 1 : 0)
  return {
    ionicStepCount: ionicStepCount === 0 ? null : ionicStepCount,
    scfStepCounts: flags['hybrid'] === true ? [] : all,
  }
}

const DISPERSIONS: readonly (readonly [RegExp, string])[] = [
  [/d2/i, 'DFT-D2'],
  [/d3/i, 'DFT-D3'],
  [/^(?:ts|ts-vdw|tkatchenko-scheffler)$/i, 'TS'],
  [/mbd/i, 'MBD'],
  [/xdm/i, 'XDM'],
]

/** The name that the text output stands for, too; null for none. */
const dispersionName = (word: string | undefined): string | null =>
  word === undefined || /^(?:none|)$/i.test(word) ? null : (DISPERSIONS.find(([says]) => says.test(word))?.[1] ?? word)

/** QE's names of the smearings, as the input knows them. */
const SMEARINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:gaussian|gauss|g)$/i, 'gaussian'],
  [/^(?:methfessel-paxton|m-p|mp)$/i, 'methfessel-paxton'],
  [/^(?:marzari-vanderbilt|cold|m-v|mv)$/i, 'cold'],
  [/^(?:fermi-dirac|f-d|fd)$/i, 'fermi'],
]

function smearingOf({ words }: XmlState): string | null {
  if (words['smearing'] !== undefined)
    return SMEARINGS.find(([says]) => says.test(words['smearing'] ?? ''))?.[1] ?? words['smearing']
  if (/tetra/.test(words['occupations'] ?? '')) return 'tetrahedron'
  return words['occupations'] === 'fixed' ? 'fixed' : null
}

function methodOf(state: XmlState): Method {
  const { words, numbers, flags } = state
  // the file repeats those of a relaxation for every calculation, although dynamics goes on for ever
  const relaxes = /relax/.test(words['calculation'] ?? '')
  const thresholds = [
    ['scfConvergenceRy', times(numbers['convThr'] ?? null, 2)],
    ['energyConvergenceRy', relaxes ? times(numbers['energyThr'] ?? null, 2) : null],
    ['forceConvergenceRyPerBohr', relaxes ? times(numbers['forceThr'] ?? null, 2) : null],
  ].filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return {
    functional: words['functional'] ?? null,
    dispersion: dispersionName(words['vdw']),
    spinPolarized: flags['lsda'] ?? null,
    noncollinear: flags['noncollinear'] ?? null,
    spinOrbit: flags['spinOrbit'] ?? null,
    charge: numbers['charge'] ?? null,
    electronCount: numbers['electrons'] ?? null,
    cutoffEv: times(numbers['cutoff'] ?? null, EV_PER_HARTREE),
    densityCutoffEv: times(numbers['densityCutoff'] ?? null, EV_PER_HARTREE),
    kMesh: state.mesh,
    kPointCount: wholeOrNull(numbers['kPoints']),
    bandCount: wholeOrNull(numbers['bands'] ?? numbers['bandsUp']),
    smearing: smearingOf(state),
    smearingWidthEv: times(numbers['degauss'] ?? null, EV_PER_HARTREE),
    basis: 'plane waves',
    pseudopotentials: state.pseudopotentials.length === 0 ? null : state.pseudopotentials,
    thresholds: thresholds.length === 0 ? null : Object.fromEntries(thresholds),
  }
}
