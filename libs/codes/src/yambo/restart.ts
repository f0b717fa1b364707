import type { Artefacts, Remedy, RestartPlan, Task } from '../code-writes.ts'

/** A job of several programs begins anew: which of its databases are whole is not certain. */
export const restartYambo = (
  _: Task,
  { attempt }: Artefacts,
  from: NonNullable<Remedy['restartFrom']>,
): RestartPlan | { readonly refused: string } =>
  from === 'scratch'
    ? { fromAttempt: attempt, files: [], set: {}, structure: null, because: `begins anew (attempt ${attempt})` }
    : { refused: 'a job of several programs begins anew: which of its databases are whole is not certain' }
