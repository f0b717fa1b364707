import type { Bands, Reader, Vector3 } from '@crystalmath/contract'
import { eachLine } from '../../reading/hits.ts'
import { type BandEdges, collectBandEdges } from './band-edges.ts'
import { decodeNumbers } from './decimals.ts'
import { wholeLines } from './tail.ts'

export type EigenvalReading = {
  readonly atomCount: number | null
  readonly electronCount: number | null
  readonly spinPolarized: boolean | null
  /** Null for files without occupations (VASP before 5.3) and torn ones. */
  readonly bandEdges: BandEdges | null
  /** Only where the full content was asked for. */
  readonly bands: Bands | null
  readonly complete: boolean
}

const words = new Float64Array(16)

/** Reads EIGENVAL: per k point its coordinates and weight, then per band number, energies and (since VASP 5.3) occupations of each spin. */
export function eigenval(_file: string, { full }: { readonly full: boolean }): Reader<EigenvalReading> {
  let atoms: number | null = null
  let spins = 1
  let electrons: number | null = null
  let kCount: number | null = null
  let bandCount: number | null = null
  let kSeen = 0
  let bandsSeen = 0
  let occupied = true
  let broken = false
  const all = collectBandEdges()
  const table: { energies: number[][]; occupations: number[][] }[] = [
    { energies: [], occupations: [] },
    { energies: [], occupations: [] },
  ]
  const kPoints: Vector3[] = []
  const kWeights: number[] = []
  const pending: number[][] = []

  const head = (line: string, number: number): void => {
    const count = decodeNumbers(line, 0, line.length, words)
    if (number === 1) {
      atoms = count > 0 ? (words[0] ?? null) : null
      spins = count > 3 && words[3] === 2 ? 2 : 1
    } else if (number === 6 && count === 3)
      [electrons, kCount, bandCount] = [words[0] ?? null, words[1] ?? null, words[2] ?? null]
  }

  const row = (line: string): void => {
    const count = decodeNumbers(line, 0, line.length, words)
    if (count === 0) return
    if (count === 4 && bandsSeen === (kSeen === 0 ? 0 : bandCount)) {
      kSeen += 1
      bandsSeen = 0
      kPoints.push([words[0] ?? 0, words[1] ?? 0, words[2] ?? 0])
      kWeights.push(words[3] ?? 0)
      return
    }
    bandsSeen += 1
    if (words[0] !== bandsSeen || kSeen === 0) broken = true
    if (count < 1 + 2 * spins) occupied = false
    for (let spin = 0; spin < spins; spin += 1) {
      const energy = words[1 + spin] ?? Number.NaN
      const occupation = occupied ? (words[1 + spins + spin] ?? Number.NaN) : Number.NaN
      pending.push([spin, kSeen, energy, occupation])
    }
    if (bandsSeen === bandCount) flush()
  }

  const flush = (): void => {
    for (let spin = 0; spin < spins; spin += 1) {
      all.startKPoint(spin)
      const rows = pending.filter(([of]) => of === spin)
      for (const [, , energy = Number.NaN, occupation = Number.NaN] of rows) all.add(energy, occupation)
      if (full) {
        table[spin]?.energies.push(rows.map(([, , energy = Number.NaN]) => energy))
        table[spin]?.occupations.push(rows.map(([, , , occupation = Number.NaN]) => occupation))
      }
    }
    pending.length = 0
    if (!full) [kPoints.length, kWeights.length] = [0, 0]
  }

  return {
    feed: (block, firstLine) =>
      eachLine(wholeLines(block), firstLine, (line, number) => (number <= 6 ? head(line, number) : row(line))),
    end() {
      const complete = kCount !== null && kSeen === kCount && bandsSeen === bandCount && !broken
      const spinTables = table.slice(0, spins)
      return {
        atomCount: atoms,
        electronCount: electrons,
        spinPolarized: atoms === null ? null : spins === 2,
        bandEdges: complete && occupied ? all.result() : null,
        bands:
          full && complete
            ? {
                kPoints,
                kWeights,
                eigenvaluesEv: spinTables.map(({ energies }) => energies),
                occupations: spinTables.map(({ occupations }) => occupations),
              }
            : null,
        complete,
      }
    },
  }
}
