import { type CalculationResult, EV_PER_HARTREE } from '@crystalmath/contract/plain'
import { type Edges, edgesAtFermi, edgesOf, type Levels, NO_EDGES } from '../pw/edges.ts'
import { reciprocalToFractional, scaledMatrix, times } from '../units.ts'
import type { XmlState } from './state.ts'

const isFixed = ({ words }: XmlState): boolean => words['occupations'] === 'fixed' || words['occupations'] === 'from_input'

/** Eigenvalues in eV by spin; none where a list is incomplete. Spin-polarised lists hold the bands of both spins one after the other. */
function eigenvaluesOf({ points, numbers, flags }: XmlState): Levels[] {
  const lsda = flags['lsda'] === true
  return points.flatMap(({ energies }): Levels[] => {
    const all = (energies ?? []).map((energy) => energy * EV_PER_HARTREE)
    if (!lsda) return [{ spin: 0, energiesEv: all }]
    const up = numbers['bandsUp'] ?? all.length / 2
    return [
      { spin: 0, energiesEv: all.slice(0, up) },
      { spin: 1, energiesEv: all.slice(up) },
    ]
  })
}

function edgesIn(state: XmlState): Edges {
  const { points, numbers, flags, fermiUpDown } = state
  const levels = eigenvaluesOf(state)
  if (points.length === 0 || levels.some(({ energiesEv }) => energiesEv.length === 0)) return NO_EDGES
  const perBand = flags['lsda'] === true || flags['noncollinear'] === true ? 1 : 2
  const electrons = numbers['electrons'] ?? null
  if (!isFixed(state))
    return numbers['fermi'] === undefined || fermiUpDown !== null
      ? NO_EDGES
      : edgesAtFermi(levels, {
          fermiEv: numbers['fermi'] * EV_PER_HARTREE,
          electronCount: electrons,
          perBand,
          widthEv: (numbers['degauss'] ?? 0) * EV_PER_HARTREE,
        })
  const filled = filledBy(state, electrons, perBand)
  return filled === null ? NO_EDGES : edgesOf(levels, filled)
}

/** Filled bands of each spin: by the occupations where they are alike at all k points, else (bands) by the electrons. */
function filledBy({ points, numbers, flags }: XmlState, electrons: number | null, perBand: 1 | 2): [number, number] | null {
  const up = numbers['bandsUp'] ?? (points[0]?.occupations?.length ?? 0) / 2
  const counts = points.map(({ occupations }): [number, number] => {
    const all = occupations ?? []
    return flags['lsda'] === true ? [filledIn(all.slice(0, up)), filledIn(all.slice(up))] : [filledIn(all), 0]
  })
  const [first] = counts
  if (first === undefined || electrons === null) return null
  const alike = counts.every(([a, b]) => a === first[0] && b === first[1])
  if (alike && Math.abs((first[0] + first[1]) * perBand - electrons) < 1e-3) return first
  return flags['lsda'] === true || !Number.isInteger(electrons / perBand) ? null : [electrons / perBand, 0]
}

const filledIn = (occupations: readonly number[]): number => occupations.filter((occupation) => Math.abs(occupation) > 0.5).length

/** Fermi energy, band edges and gap. */
export function levelsOf(state: XmlState): Partial<CalculationResult> {
  const { numbers, words } = state
  const edges = edgesIn(state)
  const highest = isFixed(state) ? times(numbers['highest'] ?? null, EV_PER_HARTREE) : null
  return {
    fermiEnergyEv: isFixed(state) ? null : times(numbers['fermi'] ?? null, EV_PER_HARTREE),
    ...edges,
    vbmEv: edges.vbmEv ?? (edges.bandGapEv === 0 ? null : highest),
    bandGapSource: edges.bandGapEv === null ? null : words['calculation'] === 'bands' ? 'path' : 'mesh',
  }
}

/** All eigenvalues; k points in units of 2π/alat are made fractional with the final cell. */
export function bandsOf(state: XmlState): Pick<CalculationResult['properties'], 'bands'> {
  const levels = eigenvaluesOf(state)
  const { cell } = state.output
  const [a, b, c] = cell
  const alat = state.numbers['alat']
  if (levels.length === 0 || a === undefined || b === undefined || c === undefined || alat === undefined) return {}
  const axes = scaledMatrix([a, b, c], 1 / alat)
  const kPoints = state.points.map(({ k }) => (k === null ? null : reciprocalToFractional(k, axes))).filter((k) => k !== null)
  if (kPoints.length !== state.points.length) return {}
  const spins = state.flags['lsda'] === true ? ([0, 1] as const) : ([0] as const)
  return {
    bands: {
      kPoints,
      kWeights: state.points.map(({ weight }) => weight ?? 0),
      eigenvaluesEv: spins.map((spin) => levels.filter((level) => level.spin === spin).map(({ energiesEv }) => [...energiesEv])),
      fermiEnergyEv: isFixed(state) ? null : times(state.numbers['fermi'] ?? null, EV_PER_HARTREE),
    },
  }
}
