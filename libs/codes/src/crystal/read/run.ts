import type { Diagnosis, Matrix3, Method, Thermochemistry, Vector3 } from '@crystalmath/contract'
import type { Notes } from '../../reading/sections.ts'

/** A geometry as printed: lattice parameters with fractional (periodic) and Cartesian (other) coordinates, Å. */
export type Geometry = {
  /** 3 crystal, 2 slab, 1 polymer, 0 molecule; null until said. */
  dimensions: 0 | 1 | 2 | 3 | null
  /** a, b, c in Å, angles in degrees. */
  parameters: readonly number[] | null
  /** As printed, Å³; crystals only. */
  volume: number | null
  /** Lattice vectors as printed, Å; else made from `parameters`. */
  vectors: Matrix3 | null
  /** Conventional atomic numbers: 200 + Z with a pseudopotential, 0 for a ghost. */
  numbers: number[]
  symbols: string[]
  /** Fractional along the periodic directions, Å along the others. */
  coordinates: Vector3[]
  /** Cartesian, Å, where printed. */
  cartesian: Vector3[] | null
  /** How many atoms the heading announced; the table is whole once it has as many. */
  count: number | null
}

/** Highest occupied and lowest empty level of one spin on the mesh, hartree, with the numbers of their k points. */
export type Edges = { top: number; topK: number; bottom: number; bottomK: number }

/** Everything that is said of one geometry. */
export type Step = {
  /** Number of the optimisation point, null outside of an optimisation. */
  point: number | null
  geometry: Geometry
  /** SCF ENDED, hartree. */
  scf: number | null
  /** TOTAL ENERGY with all corrections, hartree. */
  energy: number | null
  /** Complete: nothing that the run announced is still missing from `energy`. */
  complete: boolean
  corrections: string[]
  free: number | null
  entropyTerm: number | null
  dispersion: number | null
  smeared: boolean
  converged: boolean | null
  cycles: number | null
  conducting: boolean | null
  fermi: number | null
  edges: { alpha?: Partial<Edges>; beta?: Partial<Edges>; both?: Partial<Edges> }
  spinNow: 'alpha' | 'beta' | 'both'
  /** eV, as printed after an optimisation. */
  gap: number | null
  gapDirect: boolean | null
  /** hartree/bohr. */
  forces: Vector3[] | null
  /** hartree/bohr³, tension positive as CRYSTAL prints it. */
  stress: Matrix3 | null
  magnetization: number | null
  populations: number[] | null
  spins: number[] | null
}

export type Elastic = { tensor: number[][] | null; moduli: number[] | null; bulk: number | null }

/** What one run of `crystal`, `Pcrystal`, `MPPcrystal` or `properties` said. */
export type Run = {
  version: string | null
  kind: 'scf' | 'properties' | null
  ranks: number | null
  threads: number | null
  ended: boolean
  /** The line of an error that stopped the program was seen. */
  failed: boolean
  elapsed: number | null
  cpu: number | null
  optimising: boolean
  optimisation: 'CONVERGED' | 'FAILED' | null
  /** An SCF failed and stopped the program, be it of a displaced geometry. */
  scfFailed: boolean
  /** Set once displaced or strained geometries are computed: their energies and forces are not the result's. */
  displaced: boolean
  /** Which of the two Mulliken tables is printed next. */
  populationOf: 'populations' | 'spins'
  announcesDispersion: boolean
  step: Step
  last: Step | null
  /** Cycles of each finished point. */
  cycles: number[]
  energies: { energy: number; cycles: number | null; geometry: Geometry }[]
  finalGeometry: boolean
  /** k points of a band structure, fractions of the reciprocal lattice. */
  path: Vector3[]
  atomCount: number | null
  method: Method
  exchange: string | null
  correlation: string | null
  hybrid: number | null
  frequencies: { value: number; intensity: number | null }[] | null
  zeroPoint: number | null
  electronic: number | null
  thermochemistry: Thermochemistry[]
  /** The response that is being computed is that to a static field. */
  staticField: boolean
  dielectric: Matrix3 | null
  dielectricIonic: Matrix3 | null
  born: Matrix3[]
  elastic: Elastic
  warnings: Set<string>
  /** LEVSHIFT with a locked state: the virtual levels printed are too high by the shift. */
  levelsShifted: boolean
}

/** One file: the run that is being read, and what holds for all of them. */
export type Context = {
  readonly file: string
  readonly full: boolean
  readonly notes: Notes
  run: Run
  /** The newest run with an SCF that another run follows, and what went wrong in it: `properties` rests on it. */
  scf: { run: Run; diagnoses: readonly Diagnosis[] } | null
  runs: number
  /** Ranks are printed before the banner of their run. */
  ranks: number | null
  threads: number | null
  /** Where the batch system or a signal ended it. */
  killed: Diagnosis | null
}

export const emptyGeometry = (): Geometry => ({
  dimensions: null,
  parameters: null,
  volume: null,
  vectors: null,
  numbers: [],
  symbols: [],
  coordinates: [],
  cartesian: null,
  count: null,
})

export const newStep = (point: number | null, geometry: Geometry): Step => ({
  point,
  geometry,
  scf: null,
  energy: null,
  complete: false,
  corrections: [],
  free: null,
  entropyTerm: null,
  dispersion: null,
  smeared: false,
  converged: null,
  cycles: null,
  conducting: null,
  fermi: null,
  edges: {},
  spinNow: 'both',
  gap: null,
  gapDirect: null,
  forces: null,
  stress: null,
  magnetization: null,
  populations: null,
  spins: null,
})

export const newRun = (): Run => ({
  version: null,
  kind: null,
  ranks: null,
  threads: null,
  ended: false,
  failed: false,
  elapsed: null,
  cpu: null,
  optimising: false,
  optimisation: null,
  scfFailed: false,
  displaced: false,
  populationOf: 'populations',
  announcesDispersion: false,
  step: newStep(null, emptyGeometry()),
  last: null,
  cycles: [],
  energies: [],
  finalGeometry: false,
  path: [],
  atomCount: null,
  method: {},
  exchange: null,
  correlation: null,
  hybrid: null,
  frequencies: null,
  zeroPoint: null,
  electronic: null,
  thermochemistry: [],
  staticField: false,
  dielectric: null,
  dielectricIonic: null,
  born: [],
  elastic: { tensor: null, moduli: null, bulk: null },
  warnings: new Set(),
  levelsShifted: false,
})
