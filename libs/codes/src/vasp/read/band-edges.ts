/** Occupations nearer than this to 0 or 1 count as empty or full. */
const FULL_ENOUGH = 0.01
/** Eigenvalues are printed with four decimals. */
const PRINTED = 5e-5

export type BandEdges = {
  /** eV; 0 for a metal; null where no gap can be defended (fractional occupations without a band that crosses). */
  readonly gapEv: number | null
  readonly vbmEv: number | null
  readonly cbmEv: number | null
  readonly direct: boolean | null
  readonly kPointCount: number
  readonly bandCount: number
}

export type BandEdgeCollector = {
  /** A new k point of spin channel `spin` (from 0). */
  startKPoint(spin: number): void
  /** Occupation from 0 to 1. NaN makes the whole set unreadable. */
  add(energyEv: number, occupation: number): void
  result(): BandEdges | null
}

/** Band edges from eigenvalues and occupations, in one pass; keeps two numbers per k point. */
export function collectBandEdges(): BandEdgeCollector {
  const topByK: number[] = []
  const bottomByK: number[] = []
  const kCounts: number[] = []
  const occupied = new Map<number, number>()
  let spin = 0
  let k = -1
  let bands = 0
  let full = 0
  let fractional = false
  let uneven = false
  let unreadable = false

  const closeKPoint = (): void => {
    if (k === -1) return
    const before = occupied.get(spin)
    if (before === undefined) occupied.set(spin, full)
    else if (before !== full) uneven = true
  }

  return {
    startKPoint(next) {
      closeKPoint()
      spin = next
      k = kCounts[spin] ?? 0
      kCounts[spin] = k + 1
      full = 0
      bands = 0
      topByK[k] ??= Number.NEGATIVE_INFINITY
      bottomByK[k] ??= Number.POSITIVE_INFINITY
    },
    add(energy, occupation) {
      bands += 1
      if (Number.isNaN(energy) || Number.isNaN(occupation)) unreadable = true
      const distance = Math.min(Math.abs(occupation), Math.abs(occupation - 1))
      if (distance > FULL_ENOUGH) fractional = true
      if (occupation > 0.5) {
        full += 1
        if (energy > (topByK[k] ?? 0)) topByK[k] = energy
      } else if (energy < (bottomByK[k] ?? 0)) bottomByK[k] = energy
    },
    result() {
      closeKPoint()
      if (k === -1 || bands === 0 || unreadable) return null
      const counts = { kPointCount: topByK.length, bandCount: bands }
      const nothing = { gapEv: null, vbmEv: null, cbmEv: null, direct: null, ...counts }
      if (uneven) return fractional ? { ...nothing, gapEv: 0 } : nothing
      if (fractional) return nothing
      return { ...edgesOf(topByK, bottomByK), ...counts }
    },
  }
}

function edgesOf(topByK: readonly number[], bottomByK: readonly number[]): Omit<BandEdges, 'kPointCount' | 'bandCount'> {
  let vbm = Number.NEGATIVE_INFINITY
  let cbm = Number.POSITIVE_INFINITY
  let smallestDirect = Number.POSITIVE_INFINITY
  topByK.forEach((top, i) => {
    const bottom = bottomByK[i] ?? Number.POSITIVE_INFINITY
    vbm = Math.max(vbm, top)
    cbm = Math.min(cbm, bottom)
    smallestDirect = Math.min(smallestDirect, bottom - top)
  })
  const gap = cbm - vbm
  if (!Number.isFinite(gap) || gap <= 0) return { gapEv: null, vbmEv: null, cbmEv: null, direct: null }
  return { gapEv: Math.round(gap * 1e8) / 1e8, vbmEv: vbm, cbmEv: cbm, direct: smallestDirect - gap < PRINTED }
}
