import type { InputProblem, Structure } from '@crystalmath/contract'
import { isElement } from '@crystalmath/structures/elements'
import type { CodeWrites, Prepared, Task } from '../code-writes.ts'
import { MP_MOMENTS, MP_OTHER_MOMENT } from './moment-table.ts'
import { isRecord, parameterProblem } from './problems.ts'

const KEY = 'initialMoments'
const RULE = 'materials-project'

type Parameters = Task['parameters']
type Moments = (symbol: string) => number

/** A code that starts from the moments of a structure, which `initialMoments` may give by element: the Materials Project's rule, or numbers. Moments of the structure itself, one per site, come first. */
export const withInitialMoments = (writes: CodeWrites): CodeWrites =>
  writes.takesInitialMoments === true ? { ...writes, prepare: (task) => prepared(writes, task) } : writes

function prepared(writes: CodeWrites, task: Task): Prepared {
  const asked = task.parameters[KEY]
  if (asked === undefined) return writes.prepare(task)
  const problems = problemsOf(asked, task.structure)
  if (problems.length > 0) return { ok: false, problems }
  const moments: Moments = (symbol) =>
    isRecord(asked) ? Number(asked[symbol] ?? 0) : (MP_MOMENTS.get(symbol) ?? MP_OTHER_MOMENT)
  const given = (structure: Structure | null) => structure && { ...structure, initialMomentsBohr: structure.species.map(moments) }
  return writes.prepare({
    ...task,
    parameters: without(task.parameters),
    request: { ...task.request, parameters: without(task.request.parameters) },
    structure: given(task.structure),
    restart: task.restart && { ...task.restart, structure: given(task.restart.structure) },
  })
}

const without = ({ [KEY]: _, ...rest }: Parameters): Parameters & Record<string, unknown> => rest

function problemsOf(asked: unknown, structure: Structure | null): readonly InputProblem[] {
  if (structure?.initialMomentsBohr !== undefined)
    return [
      parameterProblem(
        KEY,
        'the structure gives moments site by site, and initialMoments gives them by element',
        'leave one of them out',
        asked,
      ),
    ]
  if (asked === RULE) return []
  if (!isRecord(asked))
    return [
      parameterProblem(
        KEY,
        `${KEY} must be "${RULE}" or moments by element`,
        `write "${RULE}", or for example { "Fe": 4 }`,
        asked,
      ),
    ]
  return Object.entries(asked).flatMap(([symbol, moment]) => {
    const path = `${KEY}.${symbol}`
    if (!isElement(symbol) || structure?.species.includes(symbol) === false)
      return [
        parameterProblem(
          path,
          `the structure has no ${symbol}`,
          `there are ${[...new Set(structure?.species)].join(', ')}`,
          moment,
        ),
      ]
    return typeof moment === 'number' && Math.abs(moment) <= 20
      ? []
      : [parameterProblem(path, 'a moment must be a number of Bohr magnetons, at most 20', 'write 4 for example', moment)]
  })
}
