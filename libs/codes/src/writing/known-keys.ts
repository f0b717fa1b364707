import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import { type Check, parameterProblem, shown } from './problems.ts'

export type MemberOptions = {
  /** Where the object stands, `smearing` or `steps[1]`; absent: the parameters themselves. */
  readonly path?: string
  /** Where a name that is unknown here belongs, `system`; null where nobody knows it. */
  readonly homeOf?: (name: string) => string | null
}

/** Checks the members of an object against a table of checks; an unknown member gets its right place or the nearest known name. */
export function memberProblems(
  members: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  { path = '', homeOf = () => null }: MemberOptions = {},
): readonly InputProblem[] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  return Object.entries(members).flatMap(([name, value]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (check === undefined) return [unknownMember(at(name), { name, known: Object.keys(checks), home: homeOf(name), value })]
    const wanted = value === undefined ? null : check(value)
    return wanted === null
      ? []
      : [parameterProblem(at(name), `${at(name)} must be ${wanted}, found ${shown(value)}`, `write ${wanted}`, value)]
  })
}

type Stranger = {
  readonly name: string
  readonly known: readonly string[]
  readonly home: string | null
  readonly value: unknown
}

function unknownMember(path: string, { name, known, home, value }: Stranger): InputProblem {
  const nearest = nearestWord(name, known)
  const mend =
    home !== null
      ? `move it to parameters.${home}`
      : nearest !== null
        ? `did you mean ${nearest}?`
        : `known are ${[...known].sort().join(', ')}`
  return parameterProblem(path, `there is no parameter "${name.slice(0, 60)}"`, mend, value)
}
