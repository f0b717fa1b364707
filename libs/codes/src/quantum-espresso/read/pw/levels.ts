import { type Bands, EV_PER_RYDBERG } from '@crystalmath/contract/plain'
import { reciprocalToFractional } from '../units.ts'
import { type Edges, edgesAtFermi, edgesOf, type Levels, NO_EDGES } from './edges.ts'
import type { Header, Scf } from './state.ts'

const isSpinPolarized = (scf: Scf): boolean => scf.bands.some(({ spin }) => spin === 1)

/** The levels as printed; none where a list is incomplete. */
function levelsOf({ bands }: Scf, { bandCount }: Header): readonly Levels[] {
  const levels = bands.map(({ spin, energiesEv }): Levels => ({ spin, energiesEv: energiesEv ?? [] }))
  return bandCount === null || levels.some(({ energiesEv }) => energiesEv.length !== bandCount) ? [] : levels
}

/** How many bands of each spin are filled where occupations are fixed; null where that is no whole number. */
function filledBands(header: Header, spins: boolean): [number, number] | null {
  const { electronCount, electronsUpDown, noncollinear } = header
  const counts: [number, number] | null = spins
    ? electronsUpDown === null
      ? null
      : [electronsUpDown[0], electronsUpDown[1]]
    : electronCount === null
      ? null
      : [noncollinear ? electronCount : electronCount / 2, 0]
  return counts?.every((count) => Math.abs(count - Math.round(count)) < 1e-3)
    ? [Math.round(counts[0]), Math.round(counts[1])]
    : null
}

/** Band edges and gap: by the printed levels where there are some, else from the eigenvalues. */
export function edgesOfScf(scf: Scf, header: Header): Edges {
  const levels = levelsOf(scf, header)
  const spins = isSpinPolarized(scf)
  if (scf.fermiEv !== null) {
    if (levels.length === 0) return NO_EDGES
    const perBand = spins || header.noncollinear ? 1 : 2
    const widthEv = (header.smearingWidthRy ?? 0) * EV_PER_RYDBERG
    return edgesAtFermi(levels, { fermiEv: scf.fermiEv, electronCount: header.electronCount, perBand, widthEv })
  }
  if (scf.fermiUpDownEv !== null) return NO_EDGES
  const filled = filledBands(header, spins)
  const computed = levels.length === 0 || filled === null ? NO_EDGES : edgesOf(levels, filled)
  const { highestEv, lowestEv } = scf
  if (highestEv === null) return header.smearing === null ? computed : NO_EDGES
  if (lowestEv === null) return { ...NO_EDGES, vbmEv: highestEv }
  if (lowestEv <= highestEv) return { vbmEv: null, cbmEv: null, bandGapEv: 0, bandGapDirect: null }
  const agrees = computed.bandGapEv !== null && Math.abs(computed.bandGapEv - (lowestEv - highestEv)) < 1e-3
  return {
    vbmEv: highestEv,
    cbmEv: lowestEv,
    bandGapEv: lowestEv - highestEv,
    bandGapDirect: agrees ? computed.bandGapDirect : null,
  }
}

/** All eigenvalues, for `--full`; undefined where they are not printed completely. */
export function bandsOf(scf: Scf, header: Header): Bands | undefined {
  const levels = levelsOf(scf, header)
  if (levels.length === 0) return undefined
  const [a, b, c] = header.axes
  if (a === undefined || b === undefined || c === undefined) return undefined
  const spins = isSpinPolarized(scf) ? ([0, 1] as const) : ([0] as const)
  const points = scf.bands.filter(({ spin }) => spin === 0)
  const listed = listedPoints(header, points.length)
  const kPoints = points.map(({ k }, i) => listed?.[i]?.k ?? k)
  if (kPoints.some((k) => k === null)) return undefined
  const occupied = scf.bands.every(({ occupations }) => occupations !== null && occupations.length === header.bandCount)
  const scale = occupied ? occupationScale(scf, listed) : null
  return {
    kPoints: kPoints.filter((k) => k !== null).map((k) => reciprocalToFractional(k, [a, b, c])),
    ...(listed === null ? {} : { kWeights: listed.map(({ weight }) => weight) }),
    eigenvaluesEv: spins.map((spin) =>
      scf.bands.filter((point) => point.spin === spin).map(({ energiesEv }) => energiesEv ?? []),
    ),
    ...(scale === null
      ? {}
      : {
          occupations: spins.map((spin) =>
            scf.bands
              .filter((point) => point.spin === spin)
              .map(({ occupations }, i) => (occupations ?? []).map((o) => (o ?? 0) * (scale[i] ?? 1))),
          ),
        }),
    fermiEnergyEv: scf.fermiEv,
  }
}

/** The k points of one spin; pw.x 5 lists them for either spin, one after the other. */
function listedPoints({ kPoints }: Header, count: number): Header['kPoints'] | null {
  if (kPoints.length === count) return kPoints
  return count > 0 && kPoints.length === 2 * count ? kPoints.slice(0, count) : null
}

/**
 * What printed occupations are to be multiplied with, by k point: pw.x 4 prints them times the weight of the k point. Then not
 * even the lowest band is one that is filled; null where the weights are not known.
 */
function occupationScale({ bands }: Scf, listed: Header['kPoints'] | null): readonly number[] | null {
  const lowest = bands.map(({ occupations }) => occupations?.[0] ?? 0)
  if (lowest.some((one) => one > 0.99 && one < 1.5)) return []
  return listed === null ? null : listed.map(({ weight }) => (weight > 0 ? 1 / weight : 0))
}
