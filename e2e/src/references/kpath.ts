import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { hasLattice, reciprocalLattice, rowTimes, symbolOf } from '@crystalmath/structures'
import { type KPath, kPathOf, pointsAlong } from '@crystalmath/symmetry'
import { askPython, type Compared, referencePython } from './python.ts'

type Said = {
  readonly extended: string
  readonly spaceGroup: number
  readonly path: readonly (readonly [string, string])[]
  readonly primitivePoints: Readonly<Record<string, Vector3>>
  readonly points: Readonly<Record<string, Vector3>>
  readonly multiple: number
  readonly along: number
}
type Case = {
  readonly name: string
  readonly lattice: Matrix3
  readonly positions: readonly Vector3[]
  readonly numbers: readonly number[]
  readonly reversal: Said
  readonly none: Said
}

/** Our paths against SeeK-path's, for its own example of each extended Bravais lattice. Answers how many cases differ. */
export function compareKPaths(say: (line: string) => void): Compared {
  const cases = askPython(referencePython(say), 'kpath.py', null) as readonly Case[]
  let different = 0
  for (const one of cases) {
    const faults = (['reversal', 'none'] as const).flatMap((kind) => faultsOf(one, kind))
    const { extended, spaceGroup, path } = one.reversal
    say(
      `${faults.length === 0 ? 'same' : 'DIFFERENT'}  ${one.name}: ${extended}, space group ${spaceGroup}, ${path.length} lines`,
    )
    for (const fault of faults) say(`    ${fault}`)
    if (faults.length > 0) different += 1
  }
  return { cases: cases.length, different }
}

function faultsOf(one: Case, kind: 'reversal' | 'none'): readonly string[] {
  const said = one[kind]
  const structure = {
    latticeAngstrom: one.lattice,
    species: one.numbers.map((number) => symbolOf(number) ?? '?'),
    positionsAngstrom: [...one.positions],
  }
  const ours = hasLattice(structure) ? kPathOf(structure, { withTimeReversal: kind === 'reversal' }) : null
  if (ours === null || !hasLattice(structure)) return ['no symmetry was found']
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['extended lattice', ours.extendedLattice, said.extended],
    ['space group', ours.spaceGroup, said.spaceGroup],
    ['path', ours.segments.map((pair) => pair.join('-')).join(' '), said.path.map((pair) => pair.join('-')).join(' ')],
    ['primitive cells', ours.cellMultiple, said.multiple],
    ['points along it', pointsAlong(ours, structure, 0.1).length, said.along],
  ]
  return [
    ...facts.flatMap(([what, a, b]) => (a === b ? [] : [`${kind}: ${what}: ${String(a)}, SeeK-path ${String(b)}`])),
    ...pointFaults(ours, said, one.lattice).map((fault) => `${kind}: ${fault}`),
  ]
}

/** In the primitive cell number by number; in the given cell by all lengths and angles between points, since equivalent settings of a cell may be turned into each other. */
function pointFaults(ours: KPath, said: Said, lattice: Matrix3): readonly string[] {
  const labels = Object.keys(said.primitivePoints)
  const at = (points: ReadonlyMap<string, Vector3>, label: string): Vector3 => points.get(label) ?? [Number.NaN, 0, 0]
  const far = (a: Vector3, b: Vector3) => !a.every((value, axis) => Math.abs(value - (b[axis] ?? 0)) < 1e-6)
  const wrong = labels.filter((label) => far(at(ours.primitivePoints, label), said.primitivePoints[label] ?? [0, 0, 0]))
  const reciprocal = reciprocalLattice(lattice)
  const cartesian = (v: Vector3) => rowTimes(v, reciprocal)
  const dot = (a: Vector3, b: Vector3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
  const metric = (points: (label: string) => Vector3) =>
    labels.flatMap((a) => labels.map((b) => dot(cartesian(points(a)), cartesian(points(b)))))
  const theirs = metric((label) => said.points[label] ?? [0, 0, 0])
  const apart = metric((label) => at(ours.points, label)).filter(
    (value, i) => !(Math.abs(value - (theirs[i] ?? 0)) < 1e-5),
  ).length
  return [
    ...wrong.map(
      (label) => `${label} is ${at(ours.primitivePoints, label).join(' ')}, SeeK-path ${said.primitivePoints[label]?.join(' ')}`,
    ),
    ...(apart > 0 ? [`${apart} of ${theirs.length} products of points in the given cell differ`] : []),
  ]
}
