import type { Diagnosis, Matrix3, Method, Vector3 } from '@crystalmath/contract'
import type { Notes } from '../../reading/sections.ts'

export type Centre = { readonly centre: Vector3; readonly spread: number }

/** What a `.wout` (or `.wpout` of postw90) said; lengths in Å. */
export type WoutRun = {
  version: string | null
  done: boolean
  failed: boolean
  ranks: number | null
  wallSeconds: number | null
  /** Å per unit of length of this file (`length_unit = bohr`). */
  unit: number
  lattice: Matrix3 | null
  volume: number | null
  species: string[]
  positions: Vector3[]
  /** The table of sites was closed. */
  sitesWhole: boolean
  wannierCount: number | null
  method: Method
  disentangling: boolean
  disentangled: boolean | null
  converged: boolean | null
  checksConvergence: boolean
  final: boolean
  centres: Centre[] | null
  spreads: { invariant: number | null; diagonal: number | null; offDiagonal: number | null; total: number | null }
  postprocessing: boolean
  warnings: string[]
}

export type WoutReading = WoutRun & { readonly diagnoses: readonly Diagnosis[] }

export const newRun = (): WoutRun => ({
  version: null,
  done: false,
  failed: false,
  ranks: null,
  wallSeconds: null,
  unit: 1,
  lattice: null,
  volume: null,
  species: [],
  positions: [],
  sitesWhole: false,
  wannierCount: null,
  method: {},
  disentangling: false,
  disentangled: null,
  converged: null,
  checksConvergence: false,
  final: false,
  centres: null,
  spreads: { invariant: null, diagonal: null, offDiagonal: null, total: null },
  postprocessing: false,
  warnings: [],
})

/** One file: the run that is being read, and what holds for all of them. */
export type Context = {
  readonly notes: Notes
  run: WoutRun
  runs: number
  /** Of the newest banner. */
  release: string | null
  /** The box of parameters of the minimisation of the spread is being read. */
  wannierising: boolean
}
