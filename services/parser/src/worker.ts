import { type CalculationResult, type CodeName, PermanentError } from '@crystalmath/contract'
import { parsePath } from '@crystalmath/files'

/** Errors lose their class on the way out of a thread, so an answer says which it was. */
export type WorkerAnswer =
  | { readonly kind: 'read'; readonly result: CalculationResult }
  /** The outputs are not what a reader takes. */
  | { readonly kind: 'refused'; readonly message: string }
  /** A reader met a bug of ours. */
  | { readonly kind: 'fault'; readonly stack: string }

/** What piscina runs in each thread. */
export default async ({ path, code }: { readonly path: string; readonly code: CodeName }): Promise<WorkerAnswer> => {
  try {
    return { kind: 'read', result: await parsePath(path, { code, full: true }) }
  } catch (error) {
    if (error instanceof PermanentError) return { kind: 'refused', message: error.message }
    return { kind: 'fault', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
