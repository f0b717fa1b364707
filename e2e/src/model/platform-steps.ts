import { isOver, type SubmitAnswer } from '@crystalmath/contract'
import { isSubmittable, type Judgement } from '@crystalmath/job'
import { AT, endBy, evidence, NATIVE, settled, told } from './deciding.ts'
import type { Rule } from './rules.ts'
import { type Held, MOST_ATTEMPTS, MOST_TRIES, type State, type Submitter } from './state.ts'
import { type Step, withFolder, withHeld } from './steps.ts'

type Without = ReadonlySet<Rule>

const ANSWERS: Readonly<Record<Extract<Held, { kind: 'answer' }>['answer'], SubmitAnswer>> = {
  submitted: { kind: 'submitted', nativeId: NATIVE },
  refused: { kind: 'refused', reason: 'OTHER', said: 'model' },
  cancelled: { kind: 'refused', reason: 'CANCELLED', said: 'model' },
  unknown: { kind: 'unknown', said: 'model' },
}

/** What one replica of the submitter may do next. */
export function submitterSteps(state: State, who: 0 | 1, without: Without): readonly Step[] {
  const { job, submitters } = state
  const me: Submitter = submitters[who]
  const name = who === 0 ? 'A' : 'B'
  const crash: readonly Step[] =
    me.crashes > 0 && me.held !== null ? [{ name: `${name} crashes`, next: withHeld(state, who, null, me.crashes - 1) }] : []
  const { held } = me
  if (held === null) return [...startSubmission(state, who, name, without), ...settleUnanswered(state, who, name, without)]
  const { attempt, tryNumber } = held
  const free = withHeld(state, who, null)
  switch (held.kind) {
    case 'intent':
      return [...crash, ...claim(state, who, name, without)]
    case 'answer': {
      const answer = ANSWERS[held.answer]
      const after = told(job, { type: 'RecordAnswer', at: AT, attempt, tryNumber, answer, evidence, nextActionAt: AT })
      return [...crash, { name: `${name}: submit records ${held.answer}`, next: { ...free, job: after } }]
    }
    case 'disproof': {
      const named = without.has('disproofNamesItsTry') ? job.tryNumber : tryNumber
      const judgement: Judgement = { kind: 'never-submitted', tryNumber: named, evidence }
      const known = told(job, { type: 'RecordJudgement', at: AT, attempt, judgement })
      const after = without.has('whatMayComeLateIsFenced') ? forgetful(known) : known
      return [
        ...crash,
        { name: `${name}: settleUnanswered records that try ${tryNumber} submitted nothing`, next: { ...free, job: after } },
      ]
    }
  }
}

const givingUp = (state: State, attempt: number): State => ({
  ...state,
  budget: { ...state.budget, veryLate: 0 },
  runs: state.runs.map((run) => (run.attempt === attempt && run.state === 'late' ? { ...run, givenUp: true } : run)),
})

/** A copy that takes a disproof for a refusal. */
const forgetful = (job: State['job']): State['job'] =>
  job.fencing === job.attempt
    ? { ...job, fencing: null, mayComeLate: false, status: 'cancelled' }
    : { ...job, mayComeLate: false }

function startSubmission(state: State, who: 0 | 1, name: string, without: Without): readonly Step[] {
  const job = without.has('fenceBeforeNext') ? { ...state.job, fencing: null } : state.job
  if (!isSubmittable(job) || job.tryNumber >= MOST_TRIES) return []
  const { attempt } = job
  const after = told(job, { type: 'StartSubmission', at: AT, attempt, nonce: 'n', keep: [], parse: '.' })
  const held = { kind: 'intent', attempt, tryNumber: after.tryNumber } as const
  return [
    {
      name: `${name}: submitReady starts try ${after.tryNumber} of attempt ${attempt}`,
      next: { ...withHeld(state, who, held), job: after },
    },
  ]
}

/** Looks the silent try up: claims it again where nobody did, believes what shows, disproves what cannot be hidden any more. */
function settleUnanswered(state: State, who: 0 | 1, name: string, without: Without): readonly Step[] {
  const { job, runs, budget } = state
  if (job.status !== 'submitting') return []
  const { attempt, tryNumber } = job
  const folder = folderOf(state, attempt)
  const isClaimed = folder.claims[tryNumber - 1] != null
  const again: readonly Step[] = isClaimed
    ? folder.claims[tryNumber - 1] === 'silent'
      ? []
      : [{ name: `${name}: settleUnanswered asks the claim`, next: withHeld(state, who, { kind: 'intent', attempt, tryNumber }) }]
    : [
        {
          name: `${name}: settleUnanswered makes try ${tryNumber} again`,
          next: withHeld(state, who, { kind: 'intent', attempt, tryNumber }),
        },
      ]
  const shows = folder.lock !== null || runs.some((run) => run.attempt === attempt && run.state !== 'late')
  const isLate = runs.some((run) => run.attempt === attempt && run.state === 'late')
  const isYoung = isLate && budget.veryLate === 0 && !without.has('disproofNeedsAge')
  const mayDisprove =
    !shows && !isYoung && (isClaimed ? folder.claims[tryNumber - 1] === 'silent' : without.has('disproofNeedsAClaim'))
  return mayDisprove
    ? [
        ...again,
        {
          name: `${name}: settleUnanswered finds nothing of try ${tryNumber}${isLate ? ', which comes later than anybody waits' : ''}`,
          next: withHeld(isLate && budget.veryLate > 0 ? givingUp(state, attempt) : state, who, {
            kind: 'disproof',
            attempt,
            tryNumber,
          }),
        },
      ]
    : again
}

/** claim.sh: what it does on the cluster, and what of its answer arrives. */
function claim(state: State, who: 0 | 1, name: string, without: Without): readonly Step[] {
  const { held } = state.submitters[who]
  if (held === null) return []
  const { attempt, tryNumber } = held
  const folder = folderOf(state, attempt)
  const present = folder.claims[tryNumber - 1] ?? null
  const answer = (from: State, said: Extract<Held, { kind: 'answer' }>['answer'], what: string): readonly Step[] => {
    const hears = (heard: typeof said, how: string, next: State): Step => ({
      name: `${name}: claim of try ${tryNumber}, attempt ${attempt}: ${what}${how}`,
      next: withHeld(next, who, { kind: 'answer', attempt, tryNumber, answer: heard }),
    })
    const { budget } = from
    const lost = { ...from, budget: { ...budget, lostAnswers: budget.lostAnswers - 1 } }
    return [
      hears(said, '', from),
      ...(budget.lostAnswers > 0 && said !== 'unknown' ? [hears('unknown', ', answer lost', lost)] : []),
    ]
  }
  if (present !== null && !without.has('claimIsADirectory'))
    return answer(state, present === 'said' ? 'submitted' : present === 'refused' ? 'refused' : 'unknown', 'was made already')
  const claimed = (what: 'silent' | 'said' | 'refused', submitted: number): State =>
    withFolder(state, attempt, {
      ...folder,
      claims: folder.claims.map((one, i) => (i === tryNumber - 1 ? what : one)),
      submissions: folder.submissions.map((one, i) => (i === tryNumber - 1 ? one + submitted : one)),
    })
  if (folder.claims.some((one, i) => one !== null && i > tryNumber - 1))
    return answer(claimed('silent', 0), 'unknown', 'superseded')
  if (folder.cancel !== 'none') return answer(claimed('refused', 0), 'cancelled', 'finds the cancel file')
  const { budget, runs } = state
  const taken = (from: State, late: boolean): State => ({
    ...from,
    runs: [...runs, { attempt, state: late ? 'late' : 'pending', restart: 0, givenUp: false }],
  })
  const spent = (from: State, what: 'lateAnswers' | 'refusals'): State => ({
    ...from,
    budget: { ...budget, [what]: budget[what] - 1 },
  })
  return [
    ...answer(taken(claimed('said', 1), false), 'submitted', 'sbatch takes it'),
    ...(budget.lateAnswers > 0
      ? answer(spent(taken(claimed('silent', 1), true), 'lateAnswers'), 'unknown', 'sbatch takes it late')
      : []),
    ...(budget.lateAnswers > 0 ? answer(spent(claimed('silent', 1), 'lateAnswers'), 'unknown', 'sbatch never takes it') : []),
    ...(budget.refusals > 0 ? answer(spent(claimed('refused', 0), 'refusals'), 'refused', 'sbatch refuses') : []),
  ]
}

const folderOf = (state: State, attempt: number) => state.folders[attempt === 1 ? 0 : 1]

/** What the poller, parser, recovery, the fence and the user may do next. */
export function otherSteps(state: State, without: Without): readonly Step[] {
  return [...observe(state, without), ...finishing(state), ...fencing(state, without), ...cancelling(state, without)]
}

function observe(state: State, without: Without): readonly Step[] {
  const { job, runs } = state
  if (job.end !== null || !['submitting', 'pending', 'running'].includes(job.status)) return []
  const { attempt } = job
  const folder = folderOf(state, attempt)
  const judge = (name: string, judgement: Judgement): Step => ({
    name,
    next: { ...state, job: told(job, { type: 'RecordJudgement', at: AT, attempt, judgement }) },
  })
  const ended = (name: string, end: ReturnType<typeof endBy>) => judge(name, { kind: 'ended', end, nativeId: NATIVE })
  const sentinel = folder.end?.visible === true ? folder.end : null
  const ours = runs.filter((run) => run.attempt === attempt && run.state !== 'late')
  const live = ours.filter(({ state: now }) => now !== 'over')
  if (sentinel !== null) {
    return sentinel.exitCode === 0
      ? [ended('takeIn believes the owner’s end', endBy('COMPLETED', 'sentinel', 0))]
      : [ended('judgeAll believes a bad end without accounting', endBy('FAILED', 'exit-code', sentinel.exitCode))]
  }
  const steps: Step[] = []
  if (live.length > 0)
    steps.push(
      judge('judgeAll sees it alive', {
        kind: 'alive',
        status: 'pending',
        nativeId: NATIVE,
        startedAt: null,
        reason: null,
        evidence,
      }),
    )
  const mayHide = folder.end !== null // within the patience for a slow file system
  if (ours.length > 0 && live.length === 0 && !mayHide)
    steps.push(ended('judgeAll believes the scheduler’s word', endBy('NODE_FAILED', 'scheduler', 0)))
  if (job.status !== 'submitting' && ((live.length === 0 && !mayHide) || without.has('absenceIsProved')))
    steps.push(ended('judgeAll calls it lost after absences', endBy('LOST', 'absence', null)))
  return steps
}

const finishing = (state: State): readonly Step[] =>
  state.job.end !== null && !isOver(state.job.status) && state.job.resultId === null
    ? [{ name: 'fetchBatch, parseJob, recover', next: { ...state, job: settled(state.job, MOST_ATTEMPTS) } }]
    : []

function fencing(state: State, without: Without): readonly Step[] {
  const { job } = state
  if (job.fencing === null) return []
  const cancelled = cancelOnCluster(state, job.fencing)
  const isOverThere = cancelled.runs.every((run) => run.attempt !== job.fencing || run.state === 'over' || run.state === 'late')
  const steps: Step[] = [{ name: `fencePredecessors cancels attempt ${job.fencing}`, next: cancelled }]
  if (isOverThere || without.has('fenceBeforeNext'))
    steps.push({
      name: `fencePredecessors sees attempt ${job.fencing} over`,
      // it was not seen for longer than a node may overlook the cancel file
      next: {
        ...withFolder(cancelled, job.fencing, { ...folderOf(cancelled, job.fencing), cancel: 'old' }),
        job: told(job, { type: 'RecordFence', at: AT, fenced: job.fencing, evidence }),
      },
    })
  return steps
}

function cancelling(state: State, without: Without): readonly Step[] {
  const { job, budget } = state
  const steps: Step[] = []
  if (budget.cancels > 0 && !isOver(job.status))
    steps.push({
      name: 'a user cancels',
      next: { ...state, budget: { ...budget, cancels: 0 }, job: told(job, { type: 'RequestCancel', at: AT, by: 'ada' }) },
    })
  if (job.cancelRequested !== null && job.end === null && ['submitting', 'pending', 'running'].includes(job.status)) {
    if (!without.has('cancelledByName')) steps.push({ name: 'cancelWanted cancels', next: cancelOnCluster(state, job.attempt) })
    else steps.push({ name: 'cancelled without a word to the cluster', next: { ...state, job: { ...job, status: 'cancelled' } } })
  }
  return steps
}

/** The cancel file, then by name: pending jobs are over at once, running ones linger after their sentinel. */
function cancelOnCluster(state: State, attempt: number): State {
  const folder = folderOf(state, attempt)
  const wasRunning = state.runs.some((run) => run.attempt === attempt && run.state === 'running')
  return {
    ...withFolder(state, attempt, {
      ...folder,
      cancel: folder.cancel === 'none' ? 'new' : folder.cancel,
      end: wasRunning ? (folder.end ?? { exitCode: 143, visible: false }) : folder.end,
    }),
    runs: state.runs.map((run) =>
      run.attempt !== attempt
        ? run
        : run.state === 'pending'
          ? { ...run, state: 'over' as const }
          : run.state === 'running'
            ? { ...run, state: 'lingering' as const }
            : run,
    ),
  }
}
