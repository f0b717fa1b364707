import type { Folder, Held, State, Submitter } from './state.ts'

/** One thing that may happen next, and what it would break. */
export type Step = { readonly name: string; readonly next: State; readonly breaks?: string | undefined }

export function withHeld(state: State, who: 0 | 1, held: Held | null, crashes = state.submitters[who].crashes): State {
  const me: Submitter = { held, crashes }
  const [a, b] = state.submitters
  return { ...state, submitters: who === 0 ? [me, b] : [a, me] }
}

export function withFolder(state: State, attempt: number, folder: Folder): State {
  const [first, second] = state.folders
  return { ...state, folders: attempt === 1 ? [folder, second] : [first, folder] }
}
