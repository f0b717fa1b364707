import type { Diagnosis, Matrix3, Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import type { Notes } from '../../reading/sections.ts'

/** A cell as the file has it: in its own unit of length. */
export type Cell = { readonly lattice: Vector3[]; readonly symbols: string[]; readonly coordinates: Vector3[] }

/** Phonons at one q point, in the file's unit of frequency. */
export type Mode = {
  readonly q: Vector3
  readonly weight: number | null
  readonly label: string | null
  readonly distance: number | null
  readonly frequencies: number[]
}

/** Per mole of the cell that the calculation used. */
export type ThermalRow = {
  readonly temperature: number
  readonly free: number | null
  readonly entropy: number | null
  readonly heatCapacity: number | null
}

export type PhononReading = {
  version: string | null
  calculator: string | null
  /** `angstrom` or `au`, null where not said. */
  lengthUnit: string | null
  conversionFactor: number | null
  /** By name: `primitive_cell`, `unit_cell`, `supercell`; `''` for the one cell of band, mesh and qpoints files. */
  readonly cells: Map<string, Cell>
  readonly matrices: Map<string, Vector3[]>
  readonly born: Matrix3[]
  displacementCount: number
  forceSets: number
  mesh: Vector3 | null
  /** How many q points and atoms the file says that it has. */
  pointCount: number | null
  atomCount: number | null
  /** All q points if `full`, else those at Γ. */
  readonly modes: Mode[]
  seenPoints: number
  lowest: number | null
  highest: number | null
  /** Frequencies of the q point at hand were broken, somewhere. */
  broken: boolean
  readonly labels: string[][]
  zeroPoint: number | null
  readonly thermal: ThermalRow[]
  readonly units: Map<string, string>
  /** The last line of the file has an end. */
  whole: boolean
  readonly diagnoses: readonly Diagnosis[]
}

/** Rows of a list beyond this are not kept. */
export const MAX_ROWS = 200_000
/** A list in brackets on one line. */
export const LIST = /^[ -]*\[(.*)\]/

/** One file while it is read: the cell, the q point and the temperature at hand. */
export type Context = {
  readonly reading: PhononReading
  readonly notes: Notes
  readonly full: boolean
  cell: string
  mode: {
    q: Vector3
    weight: number | null
    label: string | null
    distance: number | null
    frequencies: (number | null)[]
  } | null
  modeCount: number
  row: { temperature: number; free: number | null; entropy: number | null; heatCapacity: number | null } | null
  inPhonopy: boolean
}

/** A word without the quotes that YAML allows around it. */
export const unquoted = (text: string | undefined): string => detached((text ?? '').trim().replace(/^["']|["']$/g, ''))

/** `[ 0.5, 0.5, 0.0 ]`, also behind dashes and blanks; null if it is not three numbers. */
export function vectorOf(text: string): Vector3 | null {
  const words = LIST.exec(text)?.[1]?.split(',').map(toNumber)
  return words?.length === 3 && words.every((word) => word !== null) ? (words as Vector3) : null
}

/** A rule that only notes something opens no section. */
export function set(note: () => unknown): undefined {
  note()
}
