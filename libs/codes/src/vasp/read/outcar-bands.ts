import { type BandEdgeCollector, collectBandEdges } from './band-edges.ts'
import { decodeNumbers } from './decimals.ts'

/** Text that waits is at most this long: an ionic step of more is decoded as it comes. */
const MAX_WAITING = 8 << 20

const words = new Float64Array(32)

/** Edges of tables whose rows are kept as text until they are asked for: of all ionic steps, only the last one's are. */
export type LateBandEdges = BandEdgeCollector & {
  /** Rows `band  energy  occupation` of the k point begun last, from band 1 on, perhaps in pieces. */
  keep(rows: string): void
}

/** `fullOccupation`: what is printed for a full band. */
export function collectLater(fullOccupation: number): LateBandEdges {
  const edges = collectBandEdges()
  let waiting: { readonly spin: number; rows: string }[] = []
  let length = 0

  const decode = (): void => {
    for (const { spin, rows } of waiting) {
      edges.startKPoint(spin)
      addRows(edges, rows, fullOccupation)
    }
    waiting = []
    length = 0
  }

  return {
    startKPoint(spin) {
      if (length > MAX_WAITING) decode()
      waiting.push({ spin, rows: '' })
    },
    add(energy, occupation) {
      decode()
      edges.add(energy, occupation)
    },
    keep(rows) {
      const last = waiting.at(-1)
      if (last === undefined) return
      last.rows = last.rows === '' ? rows : last.rows + rows
      length += rows.length
    },
    result() {
      decode()
      return edges.result()
    },
  }
}

function addRows(edges: BandEdgeCollector, rows: string, fullOccupation: number): void {
  let band = 1
  for (let from = 0; from < rows.length; band += 1) {
    const newline = rows.indexOf('\n', from)
    const to = newline === -1 ? rows.length : newline
    if (decodeNumbers(rows, from, to, words) < 3 || words[0] !== band) return
    edges.add(words[1] ?? Number.NaN, (words[2] ?? Number.NaN) / fullOccupation)
    from = to + 1
  }
}
