import type { Job } from '@crystalmath/job'

/** What a replica of the submitter has in hand between two awaits; a crash loses it. */
export type Held =
  | { readonly kind: 'intent'; readonly attempt: number; readonly tryNumber: number }
  | {
      readonly kind: 'answer'
      readonly attempt: number
      readonly tryNumber: number
      readonly answer: 'submitted' | 'refused' | 'cancelled' | 'unknown'
    }
  | { readonly kind: 'disproof'; readonly attempt: number; readonly tryNumber: number }

export type Submitter = { readonly held: Held | null; readonly crashes: number }

/** A job of the scheduler. `late`: taken, but not shown yet. `lingering`: its sentinel is written, its program not yet dead. */
export type Run = {
  readonly attempt: number
  readonly state: 'late' | 'pending' | 'running' | 'lingering' | 'over'
  readonly restart: number
  /** It came later than anybody waited. */
  readonly givenUp: boolean
}

/** An attempt's directory as the file server has it; `end` may still be hidden from the login node. */
export type Folder = {
  /** What each try's claim says; absent where nobody made it. */
  readonly claims: readonly ('silent' | 'said' | 'refused' | null)[]
  readonly submissions: readonly number[]
  readonly lock: string | null
  readonly executions: number
  readonly finished: boolean
  readonly end: { readonly exitCode: number; readonly visible: boolean } | null
  /** `old`: for so long that every node sees it. */
  readonly cancel: 'none' | 'new' | 'old'
}

/** What may still go wrong. */
export type Budget = {
  readonly lateAnswers: number
  /** Submissions that come when silence was taken for proof already. */
  readonly veryLate: number
  readonly lostAnswers: number
  readonly refusals: number
  readonly requeues: number
  readonly nodeFailures: number
  readonly preemptions: number
  readonly cancels: number
}

export type State = {
  readonly job: Job
  readonly submitters: readonly [Submitter, Submitter]
  readonly runs: readonly Run[]
  readonly folders: readonly [Folder, Folder]
  readonly budget: Budget
}

export const MOST_TRIES = 2
export const MOST_ATTEMPTS = 2

export const EMPTY_FOLDER: Folder = {
  claims: [null, null],
  submissions: [0, 0],
  lock: null,
  executions: 0,
  finished: false,
  end: null,
  cancel: 'none',
}

/** Equal keys behave alike: the two submitters may change places. */
export function keyOf({ job, submitters, runs, folders, budget }: State): string {
  const { status, attempt, tryNumber, fencing, mayComeLate, end, cancelRequested, resultId, past } = job
  const of = ({ held, crashes }: Submitter) =>
    held === null
      ? `-${crashes}`
      : `${held.kind}${held.attempt}${held.tryNumber}${held.kind === 'answer' ? held.answer : ''}${crashes}`
  return [
    status,
    attempt,
    tryNumber,
    fencing,
    mayComeLate === true,
    end?.provedBy,
    end?.ending,
    cancelRequested !== null,
    resultId !== null,
    past.length,
    submitters.map(of).sort().join(' '),
    runs.map((run) => `${run.attempt}${run.state}${run.restart}${run.givenUp}`).join(' '),
    folders
      .map(
        ({ claims, submissions, lock, executions, finished, end: sentinel, cancel }) =>
          `${claims.join()}:${submissions.join()}:${lock}:${executions}:${finished}:${sentinel?.exitCode}${sentinel?.visible}:${cancel}`,
      )
      .join(' '),
    Object.values(budget).join(),
  ].join('|')
}
