import {
  ANGSTROM_PER_BOHR,
  type CalculationResult,
  EV_PER_HARTREE,
  GPA_PER_HARTREE_PER_BOHR3,
  type IonicStep,
  type Matrix3,
  type Properties,
  type Sites,
  type Vector3,
} from '@crystalmath/contract/plain'
import { scaled } from '../../reading/numbers.ts'
import { coreHoursOf, emptyResult, formulaOf, largestNorm } from '../../reading/result.ts'
import type { OutputReading } from './output.ts'
import type { Edges, Run, Step } from './run.ts'
import { functionalName } from './setup-rules.ts'
import { cellVolumeOf, isWhole, structureOf } from './structure.ts'

const EV_PER_ANGSTROM = EV_PER_HARTREE / ANGSTROM_PER_BOHR
const map3 = (matrix: Matrix3, factor: number): Matrix3 => matrix.map((row) => row.map((x) => x * factor)) as Matrix3

/** One output file as a result. */
export function resultOf({ run, scf, diagnoses, killed }: OutputReading, full: boolean): CalculationResult {
  const result = resultOfRun(run, full)
  const causes = [...diagnoses, ...(killed === null ? [] : [killed])]
  return scf === null
    ? { ...result, diagnoses: causes }
    : withGroundState(result, { ...resultOfRun(scf.run, full), diagnoses: [...scf.diagnoses, ...causes] })
}

/** Of `properties` behind the SCF that it rests on: everything of the SCF, its effort too, and what `properties` adds. */
function withGroundState(result: CalculationResult, ground: CalculationResult): CalculationResult {
  return {
    ...ground,
    termination: ground.termination === 'normal' ? result.termination : ground.termination,
    sites: { ...ground.sites, ...result.sites },
    warnings: result.warnings,
    properties: { ...ground.properties, ...result.properties },
  }
}

function resultOfRun(run: Run, full: boolean): CalculationResult {
  const step = run.last ?? run.step
  return {
    ...emptyResult('crystal'),
    codeVersion: run.version,
    termination: run.ended ? 'normal' : run.failed ? 'error' : 'truncated',
    electronicConverged: run.scfFailed ? false : (run.last ?? run.step).converged,
    ionicConverged: run.optimising ? run.optimisation === 'CONVERGED' : null,
    ...energiesOf(run, step),
    ...geometryOf(run, step),
    ...mechanicsOf(step),
    ...levelsOf(run, step),
    ...effortOf(run),
    ionicStepCount: run.kind === 'properties' ? null : run.cycles.length,
    scfStepCounts: run.cycles,
    totalMagnetizationBohr: run.method.spinPolarized === false || step.converged !== true ? null : step.magnetization,
    sites: sitesOf(step),
    method: methodOf(run, step),
    warnings: [
      ...run.warnings,
      ...(lacksDispersion(run, step) ? ['the dispersion energy was announced, but is not in the output'] : []),
    ],
    properties: propertiesOf(run, full),
  }
}

const lacksDispersion = (run: Run, step: Step): boolean =>
  run.ended && run.announcesDispersion && step.energy !== null && !step.complete

function energiesOf(run: Run, step: Step): Partial<CalculationResult> {
  const announced = step.energy ?? (run.ended ? step.scf : null)
  // Announced and never printed: what there is lacks a part that the forces include
  const missing = run.announcesDispersion && !step.complete
  const energy = missing ? null : scaled(announced, EV_PER_HARTREE)
  const converged = step.converged === true
  const free = scaled(step.free, EV_PER_HARTREE)
  return {
    energyEv: converged ? energy : null,
    energyKind: converged && energy !== null ? (step.smeared || run.method.smearing === 'fermi' ? 'sigma0' : 'total') : null,
    unconvergedEnergyEv: step.converged === false ? scaled(step.scf ?? announced, EV_PER_HARTREE) : null,
    energyMethod: converged && energy !== null ? (methodOf(run, step)?.functional ?? null) : null,
    freeEnergyEv: converged ? free : null,
    entropyTermEv: converged && free !== null && step.scf !== null ? free - step.scf * EV_PER_HARTREE : null,
    scfEnergyEv: converged ? scaled(step.scf, EV_PER_HARTREE) : null,
    dispersionEnergyEv: scaled(step.dispersion, EV_PER_HARTREE),
  }
}

function geometryOf(run: Run, step: Step): Partial<CalculationResult> {
  const { geometry } = step
  const next =
    run.step.geometry === step.geometry || run.step.geometry.symbols.length === 0 ? null : structureOf(run.step.geometry)
  return {
    structure: structureOf(geometry),
    continuationStructure: next,
    formula: isWhole(geometry) ? formulaOf(geometry.symbols) : null,
    atomCount: isWhole(geometry) ? geometry.symbols.length : (geometry.count ?? run.atomCount),
    volumeAngstrom3: cellVolumeOf(geometry),
  }
}

function mechanicsOf(step: Step): Partial<CalculationResult> {
  const forces = step.forces?.map((row) => row.map((x) => x * EV_PER_ANGSTROM) as Vector3) ?? null
  const stress = step.stress === null ? null : map3(step.stress, GPA_PER_HARTREE_PER_BOHR3)
  return {
    forcesEvPerAngstrom: forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    maxFreeForceEvPerAngstrom: largestNorm(forces),
    stressGpa: stress,
    pressureGpa: stress === null ? null : -(stress[0][0] + stress[1][1] + stress[2][2]) / 3,
  }
}

/** Band edges over all spins; a molecule has orbitals instead. */
function levelsOf(run: Run, step: Step): Partial<CalculationResult> {
  const ev = (value: number | undefined | null) => scaled(value, EV_PER_HARTREE)
  if ((step.converged !== true && run.kind !== 'properties') || run.levelsShifted) return {}
  const spins =
    step.edges.alpha === undefined && step.edges.beta === undefined ? [step.edges.both] : [step.edges.alpha, step.edges.beta]
  const known = spins.filter((edges): edges is Edges => edges?.top !== undefined && edges.bottom !== undefined)
  if (step.geometry.dimensions === 0) {
    const complete = known.length === spins.length && known.length > 0
    return {
      homoEv: complete ? known.map(({ top }) => top * EV_PER_HARTREE) : null,
      lumoEv: complete ? known.map(({ bottom }) => bottom * EV_PER_HARTREE) : null,
    }
  }
  // The net of a density of states says POSSIBLY CONDUCTING of antiferromagnetic insulators, too: only an SCF tells a metal
  if (step.conducting === true && run.kind === 'properties') return { fermiEnergyEv: ev(step.fermi) }
  if (step.conducting === true) return { fermiEnergyEv: ev(step.fermi), bandGapEv: 0, bandGapSource: 'mesh' }
  if (known.length < spins.length || known.length === 0) {
    return step.gap === null ? {} : { bandGapEv: step.gap, bandGapSource: 'mesh' }
  }
  const top = known.reduce((best, edges) => (edges.top > best.top ? edges : best))
  const bottom = known.reduce((best, edges) => (edges.bottom < best.bottom ? edges : best))
  const gap = bottom.bottom - top.top
  if (gap <= 0) return { bandGapEv: 0, bandGapSource: 'mesh' }
  return {
    vbmEv: ev(top.top),
    cbmEv: ev(bottom.bottom),
    bandGapEv: ev(gap),
    // The word of CRYSTAL17 and later; before, and over two spins, the k points tell
    bandGapDirect: spins.length === 1 && step.gapDirect !== null ? step.gapDirect : top.topK === bottom.bottomK,
    bandGapSource: 'mesh',
  }
}

function effortOf(run: Run): Partial<CalculationResult> {
  const wall = run.ended || run.failed ? run.elapsed : null
  const cores = run.ranks === null ? null : run.ranks * (run.threads ?? 1)
  return {
    mpiRankCount: run.ranks,
    threadsPerRank: run.threads,
    coreCount: cores,
    wallSeconds: wall,
    cpuSeconds: run.ended || run.failed ? run.cpu : null,
    coreHours: coreHoursOf(wall, cores),
  }
}

/** Mulliken: net charges only where no atom has a pseudopotential, whose core charge the table does not tell. */
function sitesOf({ geometry: { numbers }, populations, spins }: Step): Sites {
  const cores = numbers.map((number) => (number < 200 ? number % 100 : null))
  const charges = populations?.map((population, i) => (cores[i] ?? Number.NaN) - population)
  const net = charges?.every((charge) => !Number.isNaN(charge)) === true ? charges : undefined
  if (net === undefined && spins === null) return {}
  return { mulliken: { ...(net === undefined ? {} : { charges: net }), ...(spins === null ? {} : { spins }) } }
}

function methodOf(run: Run, step: Step): CalculationResult['method'] {
  // The share of exact exchange is printed after the functional: named once the table behind both was begun
  const named = run.ended || run.kind === 'properties' || run.method.thresholds !== undefined
  const functional = named ? (functionalName(run.exchange, run.correlation, run.hybrid) ?? run.method.functional) : undefined
  const { functional: _, ...echoed } = run.method
  const method = { ...echoed, ...(functional === undefined ? {} : { functional }) }
  if (step.geometry.dimensions === 0) delete method.kMesh
  return Object.keys(method).length === 0 ? null : method
}

function propertiesOf(run: Run, full: boolean): Properties {
  const { elastic, frequencies, zeroPoint, born } = run
  const [voigt, shear, reuss, , hill] = elastic.moduli ?? []
  const symmetric = born.every((m) =>
    (
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const
    ).every(([i, j]) => Math.abs(m[i][j] - m[j][i]) < 1e-3),
  )
  return {
    ...(frequencies === null ? {} : { vibrationalFrequenciesPerCm: frequencies.map(({ value }) => value) }),
    ...(frequencies?.every(({ intensity }) => intensity !== null) === true
      ? { infraredIntensitiesKmPerMol: frequencies.map(({ intensity }) => intensity ?? 0) }
      : {}),
    ...(zeroPoint === null ? {} : { zeroPointEnergyEv: zeroPoint * EV_PER_HARTREE }),
    ...(run.thermochemistry.length === 0 ? {} : { thermochemistry: run.thermochemistry }),
    ...(run.dielectric === null || run.step.geometry.dimensions !== 3 ? {} : { dielectricTensor: run.dielectric }),
    ...(run.dielectricIonic === null ? {} : { dielectricTensorIonic: run.dielectricIonic }),
    ...(born.length > 0 && symmetric ? { bornCharges: born } : {}),
    ...(elastic.tensor === null ? {} : { elasticTensorGpa: elastic.tensor }),
    ...(voigt === undefined ? (elastic.bulk === null ? {} : { bulkModulusGpa: elastic.bulk }) : { bulkModulusVoigtGpa: voigt }),
    ...(reuss === undefined ? {} : { bulkModulusReussGpa: reuss }),
    ...(hill === undefined ? {} : { bulkModulusHillGpa: hill }),
    ...(shear === undefined ? {} : { shearModulusVoigtGpa: shear }),
    ...(full && run.energies.length > 0 ? { trajectory: run.energies.map(trajectoryStep) } : {}),
  }
}

function trajectoryStep({ energy, cycles, geometry }: Run['energies'][number]): IonicStep {
  const structure = structureOf(geometry)
  return { energyEv: energy * EV_PER_HARTREE, scfStepCount: cycles, ...(structure === null ? {} : { structure }) }
}
