import { isOver } from '@crystalmath/contract'
import { clusterSteps } from './cluster-steps.ts'
import { postedJob } from './deciding.ts'
import { otherSteps, submitterSteps } from './platform-steps.ts'
import type { Rule } from './rules.ts'
import { type Budget, EMPTY_FOLDER, keyOf, type State } from './state.ts'
import type { Step } from './steps.ts'

export type Exploration = {
  readonly states: number
  /** Names of all that happened. */
  readonly actions: ReadonlySet<string>
  /** What is broken, and the shortest way to it; null where nothing is. */
  readonly counterexample: { readonly breaks: string; readonly steps: readonly string[] } | null
}

const NOTHING: Budget = {
  lateAnswers: 0,
  veryLate: 0,
  lostAnswers: 0,
  refusals: 0,
  requeues: 0,
  nodeFailures: 0,
  preemptions: 0,
  cancels: 0,
}

/** What may go wrong, each once; both replicas may crash once in all of them, and the file system is always slow. */
export const TROUBLES = {
  silence: { ...NOTHING, lateAnswers: 1, lostAnswers: 1, refusals: 1, cancels: 1 },
  lateness: { ...NOTHING, lateAnswers: 1, veryLate: 1, refusals: 1, cancels: 1 },
  requeue: { ...NOTHING, lateAnswers: 1, lostAnswers: 1, requeues: 1, nodeFailures: 1 },
  preemption: { ...NOTHING, lateAnswers: 1, requeues: 1, preemptions: 1, cancels: 1 },
} as const satisfies Record<string, Budget>

const beginning = (budget: Budget): State => ({
  job: postedJob(),
  submitters: [
    { held: null, crashes: 1 },
    { held: null, crashes: 1 },
  ],
  runs: [],
  folders: [EMPTY_FOLDER, EMPTY_FOLDER],
  budget,
})

type Way = { readonly name: string; readonly before: Way | null }

/** Every state that the protocol can reach, breadth first, without the given rules. Ends at the first that breaks an invariant. */
export function explore(budget: Budget, without: readonly Rule[] = [], mostStates = 2_000_000): Exploration {
  const first = beginning(budget)
  const lacking = new Set(without)
  const seen = new Set([keyOf(first)])
  const actions = new Set<string>()
  let front: { readonly state: State; readonly way: Way | null }[] = [{ state: first, way: null }]
  while (front.length > 0) {
    const next: typeof front = []
    for (const { state, way } of front) {
      const here = keyOf(state)
      let moves = false
      for (const step of stepsFrom(state, lacking)) {
        actions.add(step.name)
        const there: Way = { name: step.name, before: way }
        const breaks = step.breaks ?? brokenBy(state, step.next)
        if (breaks !== null) return { states: seen.size, actions, counterexample: { breaks, steps: namesOf(there) } }
        const key = keyOf(step.next)
        moves ||= key !== here
        if (seen.has(key)) continue
        seen.add(key)
        next.push({ state: step.next, way: there })
      }
      if (seen.size > mostStates) throw new Error(`more than ${mostStates} states`)
      if (!moves && isStuck(state))
        return {
          states: seen.size,
          actions,
          counterexample: { breaks: `the job stays ${state.job.status} for ever`, steps: namesOf(way) },
        }
    }
    front = next
  }
  return { states: seen.size, actions, counterexample: null }
}

const stepsFrom = (state: State, without: ReadonlySet<Rule>): readonly Step[] => [
  ...submitterSteps(state, 0, without),
  ...submitterSteps(state, 1, without),
  ...otherSteps(state, without),
  ...clusterSteps(state, without),
]

/** Invariants of a state, and of an end: it is proved by what really was. */
function brokenBy(before: State, { job, folders, runs }: State): string | null {
  for (const { submissions } of folders) if (submissions.some((count) => count > 1)) return 'one try submitted twice'
  if (before.job.end === null && job.end !== null && job.attempt === before.job.attempt) {
    const folder = folders[job.attempt === 1 ? 0 : 1]
    // what waits while another holds the lock will find it taken
    const mayRun = (index: number) => folder.lock === null || folder.lock.startsWith(`${index}.`)
    const isLive = runs.some(
      (run, index) => run.attempt === job.attempt && (run.state === 'running' || (run.state === 'pending' && mayRun(index))),
    )
    if (job.end.ending === 'COMPLETED' && !folder.finished) return 'an end without proof: called completed, never finished'
    if (job.end.ending !== 'COMPLETED' && folder.finished) return 'an end against the proof: it had finished'
    if (isLive) return 'an end without proof: it still runs or waits'
  }
  const lastFolder = folders[job.attempt === 1 ? 0 : 1]
  if (job.status === 'completed' && !lastFolder.finished) return 'completed, but never finished'
  return null
}

/** Nothing can happen any more, and the job is not over; running out of tries is the model's own bound. */
const isStuck = ({ job }: State): boolean => !isOver(job.status) && !(job.status === 'accepted' && job.tryNumber >= 2)

function namesOf(way: Way | null): readonly string[] {
  const names: string[] = []
  for (let one = way; one !== null; one = one.before) names.unshift(one.name)
  return names
}
