import type { Vector3 } from '@crystalmath/contract'
import { dot, type LatticeStructure, norm, reciprocalLattice, rowTimes } from '@crystalmath/structures'
import { BAND_PATHS } from './band-paths.ts'
import { evaluate } from './expression.ts'
import { type ExtendedLattice, extendedLatticeOf } from './extended-lattice.ts'
import { determinant, inverse, timesColumn } from './matrix.ts'
import { symmetryOf } from './moyo.ts'
import { inSpglibSetting } from './setting.ts'

export type KPath = {
  /** `cF2`, of HPKOT. */
  readonly extendedLattice: string
  readonly spaceGroup: number
  readonly symbol: string
  /** Label → fractional coordinates in the reciprocal basis of the given cell. */
  readonly points: ReadonlyMap<string, Vector3>
  /** Label → the same in the reciprocal basis of the crystallographic primitive cell, as the tables have them. */
  readonly primitivePoints: ReadonlyMap<string, Vector3>
  /** Lines from label to label. */
  readonly segments: readonly (readonly [string, string])[]
  /** How many primitive cells the given cell holds: above 1 bands are folded, and labels lose their meaning. */
  readonly cellMultiple: number
}

export type KPathOptions = {
  /** Whether k and −k have the same energies; false for noncollinear magnets, whose path is longer without inversion. */
  readonly withTimeReversal?: boolean
  readonly symprecAngstrom?: number
}

/** The path of HPKOT (SeeK-path's conventions) for a crystal; null where no space group is found. */
export function kPathOf(
  structure: LatticeStructure,
  { withTimeReversal = true, symprecAngstrom }: KPathOptions = {},
): KPath | null {
  const symmetry = symmetryOf(structure, symprecAngstrom)
  if (symmetry === null) return null
  const lattice = extendedLatticeOf(inSpglibSetting(symmetry))
  const lines = BAND_PATHS[lattice.name].path
    .split(' | ')
    .map((line) => line.split(' '))
    .flatMap((line) => line.slice(1).map((end, index) => [line[index] ?? '', end] as const))
  const isLonger = !symmetry.hasInversion && !withTimeReversal
  const found = pointsOf(lattice)
  const primitivePoints = isLonger ? new Map([...found, ...mirrored(found)]) : found
  const backToGiven = inverse(lattice.primitiveFromGiven)
  return {
    extendedLattice: lattice.name,
    spaceGroup: symmetry.spaceGroup,
    symbol: symmetry.symbol,
    points: new Map([...primitivePoints].map(([label, point]) => [label, timesColumn(backToGiven, point)])),
    primitivePoints,
    segments: isLonger ? [...lines, ...lines.map(([from, to]) => [primed(from), primed(to)] as const)] : lines,
    cellMultiple: Math.round(1 / Math.abs(determinant(lattice.primitiveFromGiven))),
  }
}

const primed = (label: string): string => (label === 'GAMMA' ? label : `${label}'`)
const mirrored = (points: ReadonlyMap<string, Vector3>) =>
  [...points].flatMap(([label, [x, y, z]]): [string, Vector3][] => (label === 'GAMMA' ? [] : [[primed(label), [-x, -y, -z]]]))

function pointsOf({ name, conventional: [a, b, c] }: ExtendedLattice): ReadonlyMap<string, Vector3> {
  const cosbeta = dot(a, c) / (norm(a) * norm(c))
  const names = new Map([
    ['a', norm(a)],
    ['b', norm(b)],
    ['c', norm(c)],
    ['cosbeta', cosbeta],
    ['sinbeta', Math.sqrt(1 - cosbeta ** 2)],
  ])
  const { parameters, points } = BAND_PATHS[name]
  for (const definition of parameters === '' ? [] : parameters.split('; ')) {
    const [parameter = '', expression = ''] = definition.split(' = ')
    names.set(parameter, evaluate(expression, names))
  }
  return new Map(
    points.split('; ').map((point) => {
      const [label = '', x = '', y = '', z = ''] = point.split(' ')
      return [label, [evaluate(x, names), evaluate(y, names), evaluate(z, names)]]
    }),
  )
}

/** A point on the way, with its label where it is an end of a line. */
export type PathPoint = { readonly kPoint: Vector3; readonly label: string | null }

/** Points along the path, neighbours about `spacingPerAngstrom` apart (1/Å, 2π included), as SeeK-path's `get_explicit_k_path_orig_cell` places them. */
export function pointsAlong(path: KPath, structure: LatticeStructure, spacingPerAngstrom: number): readonly PathPoint[] {
  const reciprocal = reciprocalLattice(structure.latticeAngstrom)
  const all: PathPoint[] = []
  for (const [from, to] of path.segments) {
    const [begin, end] = [path.points.get(from), path.points.get(to)]
    if (begin === undefined || end === undefined) continue
    const step: Vector3 = [end[0] - begin[0], end[1] - begin[1], end[2] - begin[2]]
    const count = Math.max(2, Math.floor(norm(rowTimes(step, reciprocal)) / spacingPerAngstrom))
    for (let i = all.at(-1)?.label === from ? 1 : 0; i < count; i += 1) {
      const t = i / (count - 1)
      all.push({
        kPoint: [begin[0] + t * step[0], begin[1] + t * step[1], begin[2] + t * step[2]],
        label: i === 0 ? from : i === count - 1 ? to : null,
      })
    }
  }
  return all
}
