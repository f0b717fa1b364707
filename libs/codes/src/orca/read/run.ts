import type { Diagnosis, Method, Properties, Sites, Vector3 } from '@crystalmath/contract'

/** One geometry and what was computed at it, in ORCA's own units (hartree, bohr) where the name says so. */
export type OrcaStep = {
  species: string[]
  positionsAngstrom: Vector3[]
  /** SCF cycles of all SCFs at this geometry that ended, summed; null if none ended. */
  scfCycles: number | null
  scfConverged: boolean | null
  /** CASSCF, or the coupled-cluster equations. */
  correlationConverged: boolean | null
  scfEnergyHartree: number | null
  /** The line that tells the newest energy. */
  energyLine: { line: number; text: string } | null
  /** FINAL SINGLE POINT ENERGY. */
  finalHartree: number | null
  /** The line itself says "not fully converged". */
  flaggedUnconverged: boolean
  /** Excitation energy of the root that FINAL SINGLE POINT ENERGY includes. */
  excitationHartree: number | null
  /** E(SCF) as printed beside the excitation energy. */
  rootReferenceHartree: number | null
  /** Energy of the correlated ground state (coupled cluster, second order) that roots are counted from. */
  correlatedHartree: number | null
  /** Excitation energies of the newest list of roots (EOM, STEOM, ADC). */
  rootsHartree: number[]
  /** Several roots (CASSCF, NEVPT2): the lowest; the final energy is an average then. */
  lowestRootHartree: number | null
  dispersionHartree: number | null
  gradientHartreePerBohr: Vector3[] | null
  orbitals: OrcaOrbitals
  sites: Sites
  spinSquared: number | null
  spinSquaredIdeal: number | null
  dipoleAu: Vector3 | null
  excitations: NonNullable<Properties['excitations']>
  /** Frequencies, thermochemistry, shieldings: of this geometry alone. */
  properties: Properties
  /** Evaluated after the optimiser had converged: there is no gradient here. */
  afterOptimisation: boolean
  /** What went wrong at this geometry; becomes a warning once a later geometry was reached. */
  diagnoses: Diagnosis[]
}

/** Highest occupied and lowest empty level per spin, eV; `fractional` where occupations leave neither. */
export type OrcaOrbitals = { homoEv: (number | null)[]; lumoEv: (number | null)[]; fractional: boolean }

export type OrcaTrajectoryStep = Pick<
  OrcaStep,
  | 'finalHartree'
  | 'excitationHartree'
  | 'lowestRootHartree'
  | 'scfCycles'
  | 'species'
  | 'positionsAngstrom'
  | 'gradientHartreePerBohr'
>

export type OrcaMethod = {
  -readonly [K in keyof Pick<
    Method,
    'charge' | 'multiplicity' | 'electronCount' | 'basis' | 'basisFunctionCount' | 'spinPolarized' | 'relativity' | 'dispersion'
  >]: Method[K]
} & {
  keywords: string[]
  exchange: string | null
  correlation: string | null
  treatment: string | null
  thresholds: Record<string, number>
}

/** All that one run of ORCA says in its output. */
export type OrcaRun = {
  version: string | null
  finishedNormally: boolean
  wallSeconds: number | null
  mpiRankCount: number | null
  maxMemoryMegabytes: number | null
  /** Some module has shown how it runs: without a line about ranks, alone. */
  computed: boolean
  /** The program itself says that it stops. */
  gaveUp: boolean
  /** The newest table of convergence of an optimisation. */
  convergenceTable: { line: number; text: string } | null
  optimisation: 'none' | 'running' | 'converged' | 'not-converged'
  molecularDynamics: boolean
  constrained: boolean
  current: OrcaStep
  /** The newest geometry whose energy was printed. */
  complete: OrcaStep | null
  /** The newest gradient of a finished geometry, for the evaluation after an optimisation, which has none. */
  gradientBefore: Vector3[] | null
  stepCount: number
  /** Every FINAL SINGLE POINT ENERGY, hartree. */
  energies: number[]
  /** Base name of the input, without `.inp`. */
  jobName: string | null
  scfStepCounts: number[]
  trajectory: OrcaTrajectoryStep[]
  method: OrcaMethod
  /** Electrons that effective core potentials stand for: of one atom by group, and of all atoms. */
  coreElectrons: { ofGroup: Map<string, number>; inAll: number }
  /** What a module said of its failure. */
  lastError: string | null
  diagnoses: Diagnosis[]
  warnings: string[]
  /** Where an SCF began that has not ended yet. */
  /** Properties that follow are of the density of an excited root. */
  densityOfRoot: boolean
  inScf: { line: number; text: string } | null
  /** Numerical derivatives are being taken: what is computed now is of displaced geometries. */
  displacing: boolean
  /** The next geometry is the evaluation after the optimiser converged. */
  finalEvaluationNext: boolean
}

export const newStep = (): OrcaStep => ({
  species: [],
  positionsAngstrom: [],
  scfCycles: null,
  scfConverged: null,
  correlationConverged: null,
  scfEnergyHartree: null,
  energyLine: null,
  finalHartree: null,
  flaggedUnconverged: false,
  excitationHartree: null,
  rootReferenceHartree: null,
  correlatedHartree: null,
  rootsHartree: [],
  lowestRootHartree: null,
  dispersionHartree: null,
  gradientHartreePerBohr: null,
  orbitals: { homoEv: [], lumoEv: [], fractional: false },
  sites: {},
  spinSquared: null,
  spinSquaredIdeal: null,
  dipoleAu: null,
  excitations: [],
  properties: {},
  afterOptimisation: false,
  diagnoses: [],
})

export const newRun = (): OrcaRun => ({
  version: null,
  finishedNormally: false,
  wallSeconds: null,
  mpiRankCount: null,
  maxMemoryMegabytes: null,
  computed: false,
  gaveUp: false,
  convergenceTable: null,
  optimisation: 'none',
  molecularDynamics: false,
  constrained: false,
  current: newStep(),
  complete: null,
  gradientBefore: null,
  stepCount: 0,
  energies: [],
  jobName: null,
  scfStepCounts: [],
  trajectory: [],
  method: { keywords: [], exchange: null, correlation: null, treatment: null, thresholds: {} },
  coreElectrons: { ofGroup: new Map(), inAll: 0 },
  lastError: null,
  diagnoses: [],
  warnings: [],
  densityOfRoot: false,
  inScf: null,
  displacing: false,
  finalEvaluationNext: false,
})

/** Begins the next geometry: what this one suffered from was overcome. */
export function nextStep(run: OrcaRun, full: boolean): void {
  const { current } = run
  if (current.finalHartree === null && current.species.length === 0 && current.scfCycles === null) return
  for (const { message } of current.diagnoses)
    if (run.warnings.length < 50) run.warnings.push(`geometry ${run.stepCount}: ${message}`)
  if (full && current.finalHartree !== null) {
    const { finalHartree, excitationHartree, lowestRootHartree, scfCycles, species, positionsAngstrom, gradientHartreePerBohr } =
      current
    run.trajectory.push({
      finalHartree,
      excitationHartree,
      lowestRootHartree,
      scfCycles,
      species,
      positionsAngstrom,
      gradientHartreePerBohr,
    })
  }
  if (current.gradientHartreePerBohr !== null) run.gradientBefore = current.gradientHartreePerBohr
  if (current.scfCycles !== null) run.scfStepCounts.push(current.scfCycles)
  run.current = newStep()
  run.current.afterOptimisation = run.finalEvaluationNext
  run.finalEvaluationNext = false
}
