import type { Artefacts, Remedy, RestartPlan, Task } from '../code-writes.ts'
import { beginsFrom } from '../writing/restart-mode.ts'
import { SEED } from './command.ts'

/** Wannier90 goes on from its checkpoint, if it stopped by itself; geometry and density are not its own. */
export function restartWannier90(
  _task: Task,
  { attempt, cleanStop, files }: Artefacts,
  from: NonNullable<Remedy['restartFrom']>,
): RestartPlan | { readonly refused: string } {
  if (from === 'scratch')
    return { fromAttempt: attempt, files: [], set: {}, structure: null, because: `begins anew (attempt ${attempt})` }
  const needed = [`${SEED}.chk`, `${SEED}.mmn`]
  const whole = cleanStop && needed.every((path) => files.some((file) => file.path === path && file.size > 0))
  if (!whole)
    return { refused: cleanStop ? 'the attempt left no checkpoint' : 'the attempt was killed: its checkpoint may be torn' }
  return {
    fromAttempt: attempt,
    files: [{ from: `${SEED}.chk`, to: `${SEED}.chk` }],
    set: beginsFrom('checkpoint'),
    structure: null,
    because: `goes on from the checkpoint of attempt ${attempt}`,
  }
}
