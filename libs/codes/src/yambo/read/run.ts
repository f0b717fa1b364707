import type { Diagnosis, Method, Quasiparticle } from '@crystalmath/contract'
import type { Notes } from '../../reading/sections.ts'
import type { Energies } from './band-rules.ts'

/** Levels and gaps of one set of energies: `X` those of the input, `HF`, `K` (as the BSE uses them, with corrections). */
export type Levels = {
  fermi: number | null
  valence: number | null
  conduction: number | null
  direct: number | null
  indirect: number | null
  /** Highest filled band. */
  filled: number | null
  metallic: boolean
}

export type ReportRun = {
  version: string | null
  done: boolean
  failed: boolean
  ranks: number | null
  threads: number | null
  wallSeconds: number | null
  volume: number | null
  elements: Map<string, number>
  method: Method
  /** In the order printed; the first are those of the input. */
  levels: Map<string, Levels>
  quasiparticles: Quasiparticle[]
  /** Filled only where the full content was asked for. */
  energies: Energies
  warnings: Set<string>
}

export type ReportReading = ReportRun & { readonly diagnoses: readonly Diagnosis[] }

/** One report while it is read. */
export type Context = {
  readonly notes: Notes
  readonly run: ReportRun
  levels: Levels
  kPoint: number
  ended: boolean
}

export const noLevels = (): Levels => ({
  fermi: null,
  valence: null,
  conduction: null,
  direct: null,
  indirect: null,
  filled: null,
  metallic: false,
})
