import { isOver } from '@crystalmath/contract'
import type { Rule } from './rules.ts'
import type { Run, State } from './state.ts'
import { type Step, withFolder } from './steps.ts'

/** What the scheduler, the nodes and the file system may do next. */
export function clusterSteps(state: State, without: ReadonlySet<Rule>): readonly Step[] {
  const steps = state.runs.flatMap((run, index) => stepsOf(state, run, index, without))
  for (const attempt of [1, 2]) {
    const folder = state.folders[attempt - 1]
    if (folder?.end != null && !folder.end.visible)
      steps.push({
        name: `the end of attempt ${attempt} becomes visible`,
        next: withFolder(state, attempt, { ...folder, end: { ...folder.end, visible: true } }),
      })
  }
  return steps
}

function stepsOf(state: State, run: Run, index: number, without: ReadonlySet<Rule>): readonly Step[] {
  const { budget } = state
  const folder = state.folders[run.attempt === 1 ? 0 : 1]
  const who = `job ${index + 1} of attempt ${run.attempt}`
  const become = (next: Partial<Run>, from: State = state): State => ({
    ...from,
    runs: from.runs.map((one, i) => (i === index ? { ...one, ...next } : one)),
  })
  const spend = (what: keyof typeof budget, from: State): State => ({ ...from, budget: { ...budget, [what]: budget[what] - 1 } })
  switch (run.state) {
    case 'late':
      return [{ name: `${who} appears`, next: become({ state: 'pending' }) }]
    case 'pending':
      return startOf(state, run, index, without)
    case 'running': {
      const finished = withFolder(state, run.attempt, { ...folder, finished: true, end: { exitCode: 0, visible: false } })
      const stopped = withFolder(state, run.attempt, { ...folder, end: { exitCode: 143, visible: false } })
      return [
        { name: `${who} finishes`, next: become({ state: 'over' }, finished) },
        ...(budget.nodeFailures > 0
          ? [{ name: `the node of ${who} fails`, next: spend('nodeFailures', become({ state: 'over' })) }]
          : []),
        ...(budget.preemptions > 0
          ? [{ name: `${who} is preempted`, next: spend('preemptions', become({ state: 'lingering' }, stopped)) }]
          : []),
        ...(budget.requeues > 0
          ? [{ name: `${who} is requeued`, next: spend('requeues', become({ state: 'pending', restart: run.restart + 1 })) }]
          : []),
      ]
    }
    case 'lingering':
      return [{ name: `${who} is dead at last`, next: become({ state: 'over' }) }]
    case 'over':
      return []
  }
}

/** job.sh up to its program. A compute node may see the cancel file or not yet. */
function startOf(state: State, run: Run, index: number, without: ReadonlySet<Rule>): readonly Step[] {
  const { job } = state
  const folder = state.folders[run.attempt === 1 ? 0 : 1]
  const who = `job ${index + 1} of attempt ${run.attempt}`
  const me = `${index}.${run.restart}`
  const winner = folder.lock ?? me
  const isSameJob = winner.split('.')[0] === String(index)
  const wins = winner === me || without.has('lockDecides') || (without.has('restartIsNotTheOwner') && isSameJob)
  const become = (next: Run['state'], from: State): State => ({
    ...from,
    runs: from.runs.map((one, i) => (i === index ? { ...one, state: next } : one)),
  })
  if (!wins) return [{ name: `${who} finds the lock taken`, next: become('over', state) }]
  const locked = { ...folder, lock: winner }
  const refused = withFolder(state, run.attempt, { ...locked, end: { exitCode: 143, visible: false } })
  const runs = withFolder(state, run.attempt, { ...locked, executions: folder.executions + 1 })
  const isFollowed =
    job.fencing === run.attempt ||
    (!isOver(job.status) &&
      job.attempt === run.attempt &&
      (job.status !== 'accepted' || (run.givenUp && job.mayComeLate === true)))
  const beside = state.runs.some((one) => one.attempt !== run.attempt && (one.state === 'running' || one.state === 'lingering'))
  const breaks =
    folder.executions > 0
      ? `attempt ${run.attempt} is executed twice`
      : beside
        ? 'two attempts are executed at the same time'
        : isFollowed
          ? undefined
          : `attempt ${run.attempt} is executed and nobody follows it: the job is ${job.status}, attempt ${job.attempt}`
  return [
    ...(folder.cancel === 'none' ? [] : [{ name: `${who} finds the cancel file`, next: become('over', refused) }]),
    ...(folder.cancel === 'old' ? [] : [{ name: `${who} is executed`, next: become('running', runs), breaks }]),
  ]
}
