import type { InputProblem, Structure } from '@crystalmath/contract'
import { atomicMassOf } from '@crystalmath/structures/elements'
import { parameterProblem } from '../../writing/problems.ts'

/** Atoms that pw.x treats alike: one element, one site label, one initial moment. */
export type Kind = {
  /** At most three characters, as pw.x demands: `Fe`, or `Fe1`, `Fe2` where an element comes in several kinds. */
  readonly name: string
  readonly element: string
  /** Atomic mass units. */
  readonly mass: number
  /** Bohr magnetons; null where none is given. */
  readonly momentBohr: number | null
}

export type Kinds = { readonly kinds: readonly Kind[] /** Per atom, index into `kinds`. */; readonly ofAtom: readonly number[] }

const momentOf = ({ initialMomentsBohr }: Structure, atom: number): number | null =>
  initialMomentsBohr === undefined ? null : Math.round((initialMomentsBohr[atom] ?? 0) * 1e6) / 1e6 + 0

/** `1` to `9`, then letters where two characters of the element leave one place. */
const suffixOf = (element: string, index: number): string | null => {
  if (element.length === 1) return index < 99 ? String(index + 1) : null
  return '123456789abcdefghijklmnopqrstuvwxyz'[index] ?? null
}

/** Splits an element into kinds by label and initial moment, so that up and down differ in an antiferromagnet. */
export function kindsOf(structure: Structure): Kinds | { readonly problem: InputProblem } {
  const keys = structure.species.map((element, atom) => ({
    element,
    key: `${element}|${structure.labels?.[atom] ?? element}|${momentOf(structure, atom)}`,
    atom,
  }))
  const unique = [...new Map(keys.map((one) => [one.key, one] as const).toReversed()).values()].sort((a, b) => a.atom - b.atom)
  const kinds: Kind[] = []
  for (const { element, atom } of unique) {
    const siblings = unique.filter((other) => other.element === element)
    const suffix =
      siblings.length === 1
        ? ''
        : suffixOf(
            element,
            siblings.findIndex((other) => other.atom === atom),
          )
    if (suffix === null) return { problem: tooManyKinds(element, siblings.length) }
    kinds.push({ name: `${element}${suffix}`, element, mass: atomicMassOf(element) ?? 1, momentBohr: momentOf(structure, atom) })
  }
  const at = new Map(unique.map(({ key }, index) => [key, index]))
  return { kinds, ofAtom: keys.map(({ key }) => at.get(key) ?? 0) }
}

const tooManyKinds = (element: string, count: number): InputProblem => ({
  ...parameterProblem(
    '',
    `${element} comes in ${count} kinds (by label and initial moment), more than pw.x can name`,
    'give equal atoms equal labels and moments',
  ),
  path: 'structure.initialMomentsBohr',
})
