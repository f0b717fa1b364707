import type { IonicStep, Matrix3, Vector3 } from '@crystalmath/contract'

/** One `step` or the final `output`, in Hartree atomic units as they stand in the file. */
export type Snapshot = {
  achieved: boolean | null
  scfSteps: number | null
  scfError: number | null
  total: number | null
  demet: number | null
  dispersion: number | null
  labels: string[]
  positions: Vector3[]
  cell: Vector3[]
  forces: Vector3[] | null
  stress: Matrix3 | null
}

export const newSnapshot = (): Snapshot => ({
  achieved: null,
  scfSteps: null,
  scfError: null,
  total: null,
  demet: null,
  dispersion: null,
  labels: [],
  positions: [],
  cell: [],
  forces: null,
  stress: null,
})

export type Point = {
  readonly weight: number | null
  readonly k: Vector3 | null
  energies: number[] | null
  occupations: number[] | null
}

export type XmlState = {
  readonly words: Record<string, string>
  readonly numbers: Record<string, number>
  readonly flags: Record<string, boolean>
  readonly pseudopotentials: { element: string; title: string; hash: string | null }[]
  readonly axes: Vector3[]
  fermiUpDown: readonly number[] | null
  totalVector: Vector3 | null
  freePositions: Vector3[] | null
  mesh: [number, number, number] | null
  output: Snapshot
  step: Snapshot
  previous: Snapshot | null
  readonly steps: IonicStep[]
  readonly counts: number[]
  readonly points: Point[]
  species: string
}

export const newState = (): XmlState => ({
  words: {},
  numbers: {},
  flags: {},
  pseudopotentials: [],
  axes: [],
  fermiUpDown: null,
  totalVector: null,
  freePositions: null,
  mesh: null,
  output: newSnapshot(),
  step: newSnapshot(),
  previous: null,
  steps: [],
  counts: [],
  points: [],
  species: '',
})
