import type { Reader } from '@crystalmath/contract'
import { eachLine } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { type BandEdges, collectBandEdges } from './band-edges.ts'
import { wholeLines } from './tail.ts'

export type ProcarReading = {
  readonly kPointCount: number | null
  readonly bandCount: number | null
  readonly ionCount: number | null
  readonly bandEdges: BandEdges | null
}

const HEAD = /# of k-points: *(\d+) +# of bands: *(\d+) +# of ions: *(\d+)/
const BAND = /^band +\d+ # energy +(\S+) # occ\. +(\S+)/
const K_POINT = /^ *k-point +(\d+) *:/

/** Reads the energies and occupations of PROCAR; its projections stay unread (vasprun.xml has them). */
export function procar(_file: string): Reader<ProcarReading> {
  let header: readonly number[] | null = null
  let spin = -1
  let kSeen = 0
  let bands = 0
  let largest = 0
  const kept: (readonly [number, number, number, number])[] = []

  const onLine = (line: string): void => {
    const head = HEAD.exec(line)
    if (head !== null) {
      spin += 1
      header = head.slice(1, 4).map(Number)
      return
    }
    if (K_POINT.test(line)) {
      kSeen += 1
      return
    }
    const band = BAND.exec(line)
    if (band === null || kept.length > MAX_KEPT) return
    bands += 1
    const occupation = toNumber(band[2]) ?? Number.NaN
    largest = Math.max(largest, occupation)
    kept.push([Math.max(spin, 0), kSeen, toNumber(band[1]) ?? Number.NaN, occupation])
  }

  return {
    feed: (block, firstLine) => eachLine(wholeLines(block), firstLine, onLine),
    end() {
      const [kPointCount = null, bandCount = null, ionCount = null] = header ?? []
      const whole = kPointCount !== null && bandCount !== null && bands === kPointCount * bandCount * (spin + 1)
      const edges = collectBandEdges()
      let at = -1
      for (const [of, k, energy, occupation] of kept) {
        if (k !== at) edges.startKPoint(of)
        at = k
        edges.add(energy, occupation / (largest > 1.5 ? 2 : 1))
      }
      return { kPointCount, bandCount, ionCount, bandEdges: whole ? edges.result() : null }
    },
  }
}

/** Bands × k points that are kept until the end, which tells what a full occupation is. */
const MAX_KEPT = 5_000_000
