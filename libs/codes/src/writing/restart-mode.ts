import type { InputProblem } from '@crystalmath/contract'
import type { RestartPlan, Task } from '../code-writes.ts'
import { defined, isRecord, parameterProblem } from './problems.ts'

type Parameters = Readonly<Record<string, unknown>>

/** Where a restart plan writes what an attempt begins from. It goes with the files of one attempt, so it never outlives that attempt. */
const KEY = 'restart'

/** The `set` of a plan whose attempt begins in this way. */
export const beginsFrom = (mode: string): RestartPlan['set'] => ({ [`${KEY}.mode`]: mode })

/** Parameters without what an earlier attempt began from: for whatever begins anew. */
export function withoutRestart(parameters: Parameters): Parameters {
  const { [KEY]: _, ...rest } = parameters
  return rest
}

export type Beginning = {
  /** The task's parameters without the way it begins. */
  readonly parameters: Parameters
  /** How it begins, in the code's own words; null: from nothing. */
  readonly mode: string | null
  /** A user does not say how an attempt begins. */
  readonly problems: readonly InputProblem[]
}

/** How a task begins: by its plan, else by what the plan of this attempt left in the parameters. */
export function beginningOf({ request, parameters, restart }: Task): Beginning {
  const stored = parameters[KEY]
  const mode = restart === null ? (isRecord(stored) ? stored['mode'] : null) : restart.set[`${KEY}.mode`]
  const isUsers = request.parameters[KEY] !== undefined
  return {
    parameters: defined(withoutRestart(parameters)),
    mode: typeof mode === 'string' ? mode : null,
    problems: isUsers
      ? [parameterProblem(KEY, 'recovery decides what an attempt begins from', 'leave restart out', request.parameters[KEY])]
      : [],
  }
}
