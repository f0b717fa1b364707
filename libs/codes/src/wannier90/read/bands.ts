import type { Vector3 } from '@crystalmath/contract'
import { detached, eachLine } from '../../reading/hits.ts'
import { toNumbers } from '../../reading/numbers.ts'

export type BandsReading = {
  /** Å⁻¹ along the path. */
  readonly distances: readonly number[]
  /** [band][k], eV. */
  readonly bands: readonly (readonly number[])[]
}

const MAX_VALUES = 20_000_000

/** Reads `seed_band.dat`: one block of `distance energy` per band, blank lines between. A last line without an end is left out. */
export function bandFile() {
  const distances: number[] = []
  const bands: number[][] = []
  let band: number[] = []
  let count = 0
  const close = () => {
    if (band.length > 0) bands.push(band)
    band = []
  }
  return {
    feed(block: string, firstLine: number) {
      eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, (text) => {
        if (text.trim() === '') return close()
        const [distance, energy] = toNumbers(text) ?? []
        if (distance === undefined || energy === undefined || count > MAX_VALUES) return
        count += 1
        if (bands.length === 0) distances.push(distance)
        band.push(energy)
      })
    },
    end(): BandsReading {
      close()
      return { distances, bands: bands.filter((row) => row.length === distances.length) }
    },
  }
}

export type PathReading = { readonly kPoints: readonly Vector3[] }

/** Reads `seed_band.kpt`: the number of k points, then `kx ky kz weight` in fractions of the reciprocal lattice. */
export function pathFile() {
  const kPoints: Vector3[] = []
  return {
    feed(block: string, firstLine: number) {
      eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, (text) => {
        const row = toNumbers(text)
        if (row !== null && row.length >= 3 && kPoints.length < MAX_VALUES) kPoints.push(row.slice(0, 3) as Vector3)
      })
    },
    end: (): PathReading => ({ kPoints }),
  }
}

export type LabelsReading = { readonly labels: Readonly<Record<string, string>> }

/** Reads `seed_band.labelinfo.dat`: `LABEL  index  distance  kx ky kz`; the index counts from 1 in the file, from 0 here. */
export function labelFile() {
  const labels: Record<string, string> = {}
  return {
    feed(block: string, firstLine: number) {
      eachLine(block, firstLine, (text) => {
        const row = /^ *(\S+) +(\d+) +\S+ +\S+ +\S+ +\S+/.exec(text)
        if (row === null) return
        const index = String(Number(row[2]) - 1)
        const known = labels[index]
        labels[index] = detached(known === undefined || known === row[1] ? (row[1] ?? '') : `${known}|${row[1]}`)
      })
    },
    end: (): LabelsReading => ({ labels }),
  }
}

export type CentresReading = {
  readonly centres: readonly Vector3[]
  readonly species: readonly string[]
  readonly positions: readonly Vector3[]
}

/** Reads `seed_centres.xyz`: Wannier centres as `X`, then the atoms, Å. */
export function centresFile() {
  const centres: Vector3[] = []
  const species: string[] = []
  const positions: Vector3[] = []
  return {
    feed(block: string, firstLine: number) {
      eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, (text) => {
        const row = /^ *([A-Z][a-z]?)\d* +(.+)$/.exec(text)
        const position = row === null ? null : toNumbers(row[2] ?? '')
        if (row === null || position?.length !== 3) return
        if (row[1] === 'X') centres.push(position as Vector3)
        else {
          species.push(detached(row[1] ?? ''))
          positions.push(position as Vector3)
        }
      })
    },
    end: (): CentresReading => ({ centres, species, positions }),
  }
}
