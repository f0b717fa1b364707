import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import { type Check, parameterProblem, shown } from './problems.ts'

/** Checks the members of an object against a table of checks; an unknown member gets the nearest known name. */
export function memberProblems(
  members: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  path = '',
): readonly InputProblem[] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  return Object.entries(members).flatMap(([name, value]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (check === undefined) return [unknownMember(at(name), name, Object.keys(checks), value)]
    const wanted = value === undefined ? null : check(value)
    return wanted === null
      ? []
      : [parameterProblem(at(name), `${at(name)} must be ${wanted}, found ${shown(value)}`, `write ${wanted}`, value)]
  })
}

function unknownMember(path: string, name: string, known: readonly string[], value: unknown): InputProblem {
  const nearest = nearestWord(name, known)
  const mend = nearest === null ? `known are ${[...known].sort().join(', ')}` : `did you mean ${nearest}?`
  return parameterProblem(path, `there is no parameter "${name.slice(0, 60)}"`, mend, value)
}
