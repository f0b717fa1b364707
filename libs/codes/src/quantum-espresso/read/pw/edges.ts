/** One list of eigenvalues, eV in growing order, of one k point and spin. */
export type Levels = { readonly spin: 0 | 1; readonly energiesEv: readonly (number | null)[] }

export type Edges = {
  readonly vbmEv: number | null
  readonly cbmEv: number | null
  readonly bandGapEv: number | null
  readonly bandGapDirect: boolean | null
}

export const NO_EDGES: Edges = { vbmEv: null, cbmEv: null, bandGapEv: null, bandGapDirect: null }
const METAL: Edges = { vbmEv: null, cbmEv: null, bandGapEv: 0, bandGapDirect: null }

/** Two levels nearer than the text prints them are at one energy. */
const SAME_EV = 2e-4

/**
 * Band edges from eigenvalues and how many bands of each spin are filled. Null members where the bands are not known above or
 * below; a gap of 0 and no edges where the highest filled band rises above the lowest empty one.
 */
export function edgesOf(levels: readonly Levels[], filled: readonly [number, number]): Edges {
  let vbm = Number.NEGATIVE_INFINITY
  let cbm = Number.POSITIVE_INFINITY
  for (const { spin, energiesEv } of levels) {
    const count = filled[spin]
    const top = count === 0 ? Number.NEGATIVE_INFINITY : energiesEv[count - 1]
    const bottom = energiesEv[count] === undefined ? Number.POSITIVE_INFINITY : energiesEv[count]
    if (top === undefined || top === null || bottom === null || bottom === undefined) return NO_EDGES
    vbm = Math.max(vbm, top)
    cbm = Math.min(cbm, bottom)
  }
  if (!Number.isFinite(vbm)) return NO_EDGES
  if (!Number.isFinite(cbm)) return { ...NO_EDGES, vbmEv: vbm }
  if (cbm <= vbm) return METAL
  return { vbmEv: vbm, cbmEv: cbm, bandGapEv: cbm - vbm, bandGapDirect: isDirect(levels, filled, vbm, cbm) }
}

/** Both edges at one k point; lists of the two spins come in the same order of k points. */
function isDirect(levels: readonly Levels[], filled: readonly [number, number], vbm: number, cbm: number): boolean {
  const tops = new Set<number>()
  const bottoms = new Set<number>()
  const seen: [number, number] = [0, 0]
  for (const { spin, energiesEv } of levels) {
    const k = seen[spin]
    seen[spin] += 1
    const top = energiesEv[filled[spin] - 1]
    const bottom = energiesEv[filled[spin]]
    if (typeof top === 'number' && Math.abs(top - vbm) < SAME_EV) tops.add(k)
    if (typeof bottom === 'number' && Math.abs(bottom - cbm) < SAME_EV) bottoms.add(k)
  }
  return [...tops].some((k) => bottoms.has(k))
}

/** What tells filled bands from empty ones where occupations are smeared. */
export type FermiFilling = {
  readonly fermiEv: number
  readonly electronCount: number | null
  /** Electrons that one band holds: 2, or 1 with spin. */
  readonly perBand: 1 | 2
  /** Of the smearing; 0 for tetrahedra. */
  readonly widthEv: number
}

/**
 * Band edges where occupations are smeared; nothing where the gap is no wider than twice the smearing, so that they are fractional on
 * both sides. Without spin the electrons tell how many bands are filled: a wide smearing puts the Fermi energy of an insulator into one
 * of its bands, which is no metal. With spin the Fermi energy tells it: a metal where bands cross it, nothing where those below it do
 * not hold the electrons.
 */
export function edgesAtFermi(levels: readonly Levels[], filling: FermiFilling): Edges {
  const filled = filledByElectrons(levels, filling) ?? filledBelowFermi(levels, filling)
  if (filled === 'unknown') return NO_EDGES
  const edges = filled === 'crossed' ? METAL : edgesOf(levels, filled)
  return edges.bandGapEv !== null && edges.bandGapEv > 0 && edges.bandGapEv < 2 * filling.widthEv ? NO_EDGES : edges
}

/** Null with spin, where the electrons fill no whole number of bands, or where no band above these is known. */
function filledByElectrons(levels: readonly Levels[], { electronCount, perBand }: FermiFilling): [number, number] | null {
  const bands = Math.round((electronCount ?? Number.NaN) / perBand)
  const isWhole = electronCount !== null && Math.abs(bands * perBand - electronCount) < 1e-3
  return isWhole && levels.every(({ spin, energiesEv }) => spin === 0 && energiesEv.length > bands) ? [bands, 0] : null
}

function filledBelowFermi(
  levels: readonly Levels[],
  { fermiEv, electronCount, perBand }: FermiFilling,
): [number, number] | 'crossed' | 'unknown' {
  const filled: [number | null, number | null] = [null, null]
  for (const { spin, energiesEv } of levels) {
    if (energiesEv.some((energy) => energy === null)) return 'unknown'
    const below = energiesEv.filter((energy) => energy !== null && energy <= fermiEv).length
    if (filled[spin] !== null && filled[spin] !== below) return 'crossed'
    filled[spin] = below
  }
  const counts: [number, number] = [filled[0] ?? 0, filled[1] ?? 0]
  return electronCount === null || Math.abs((counts[0] + counts[1]) * perBand - electronCount) > 1e-3 ? 'unknown' : counts
}
