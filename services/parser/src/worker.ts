import { PermanentError } from '@crystalmath/contract/plain'
import { type ReadResult, readResult, type Task } from './read-result.ts'

/** Errors lose their class on the way out of a thread, so an answer says which it was. */
export type WorkerAnswer =
  | { readonly kind: 'read'; readonly result: ReadResult }
  /** The outputs are not what a reader takes. */
  | { readonly kind: 'refused'; readonly message: string }
  /** A reader met a bug of ours. */
  | { readonly kind: 'fault'; readonly stack: string }

/** What piscina runs in each thread. The result leaves it as text or packed: to take a large one apart and put it together again keeps both sides for milliseconds. */
export default async (task: Task): Promise<WorkerAnswer> => {
  try {
    return { kind: 'read', result: await readResult(task) }
  } catch (error) {
    if (error instanceof PermanentError) return { kind: 'refused', message: error.message }
    return { kind: 'fault', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
