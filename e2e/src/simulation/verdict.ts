import { type JobId, type Token, tokenOf } from '@crystalmath/contract'
import { type End, evolve, type Job, type JobEvent } from '@crystalmath/job'
import type { Execution } from './run.ts'

export type Verdict = {
  /** Attempts executed twice, attempts of one job executed at once, further attempts that nothing explains. */
  readonly doubled: readonly string[]
  /** Jobs that are not over, or over without a reason; executions that nobody follows. */
  readonly lost: readonly string[]
  /** Jobs that are called completed without their run's own end, or not completed in spite of it. */
  readonly falseEnds: readonly string[]
}

export type Account = {
  readonly jobs: readonly Job[]
  readonly executions: readonly Execution[]
  /** Why an attempt may have ended badly, by token. */
  readonly explained: ReadonlyMap<string, string>
  /** Attempts that an administrator cancelled. */
  readonly cancelled: ReadonlySet<string>
  /** Attempts that an administrator requeued, and that nothing else befell. */
  readonly requeued: ReadonlySet<string>
  readonly unfollowed: readonly string[]
  /** Every fact of every job, in the order of the writes. */
  readonly events: ReadonlyMap<string, readonly JobEvent[]>
  /** How often each try asked the scheduler for a job. */
  readonly requests: ReadonlyMap<string, number>
  readonly bugs: readonly unknown[]
}

/** Holds what the platform believes against what was executed. */
export function judgeTrial(account: Account): Verdict {
  const { jobs, events, executions, requests, explained, cancelled, requeued, unfollowed, bugs } = account
  const doubled = [...requests].flatMap(([key, count]) => (count > 1 ? [`${key} was submitted ${count} times`] : []))
  const lost: string[] = [
    ...unfollowed,
    ...bugs.map((bug) => `a service met a bug: ${bug instanceof Error ? bug.stack : String(bug)}`),
  ]
  const falseEnds: string[] = []
  for (const job of jobs) {
    const of = (attempt: number) => executions.filter(({ token }) => token === tokenOf(job.id, attempt))
    const hasFinished = (attempt: number) => of(attempt).some(({ exitCode }) => exitCode === 0)
    const isExplained = (attempt: number) => explained.has(tokenOf(job.id, attempt))
    for (let attempt = 1; attempt <= job.attempt; attempt += 1) {
      const owners = of(attempt).map(({ owner }) => owner)
      if (owners.length > 1) doubled.push(`${tokenOf(job.id, attempt)} was executed by ${owners.join(' and ')}`)
      if (attempt === job.attempt) continue
      if (hasFinished(attempt)) doubled.push(`${tokenOf(job.id, attempt)} had finished when another attempt began`)
      else if (!isExplained(attempt)) doubled.push(`nothing explains the attempt after ${tokenOf(job.id, attempt)}`)
    }
    doubled.push(...overlaps(executions.filter(({ token }) => token.startsWith(job.id))))
    if (!isFoldOf(job, events.get(job.id) ?? [])) lost.push(`${job.id} is not what its events make of it: a write was lost`)
    const ends = endsOf(job.id, events.get(job.id) ?? [])
    falseEnds.push(...lostAlive(ends, executions))
    for (const { token, end } of ends)
      if (end.ending === 'FAILED' && requeued.has(token)) falseEnds.push(`${token} is called failed, and was merely requeued`)
    const finished = hasFinished(job.attempt)
    switch (job.status) {
      case 'completed':
        if (!finished) falseEnds.push(`${job.id} is completed, but its run never wrote a good end`)
        break
      case 'failed':
      case 'cancelled':
        if (finished) falseEnds.push(`${job.id} is ${job.status} ("${job.verdict}"), but its run wrote a good end`)
        else if (job.status === 'failed' && !isExplained(job.attempt))
          lost.push(`${job.id} is failed, nothing explains it: ${job.verdict}`)
        else if (job.status === 'failed' && job.diagnosis === 'CANCELLED' && !cancelled.has(tokenOf(job.id, job.attempt)))
          lost.push(`${job.id} is given up as cancelled, and nobody cancelled it: ${job.verdict}`)
        else if (job.status === 'cancelled' && job.cancelRequested === null && job.verdict?.includes('cancelled by') !== true)
          lost.push(`${job.id} is cancelled, nobody asked for it`)
        break
      default:
        lost.push(
          `${job.id} is still ${job.status} (attempt ${job.attempt}, try ${job.tryNumber}, fencing ${job.fencing}, waits for ${job.waitingFor?.because ?? 'nothing'})`,
        )
    }
  }
  return { doubled, lost, falseEnds }
}

type SeenEnd = { readonly token: Token; readonly atMs: number; readonly end: End }

/** Every end that was observed, and of which attempt. */
function endsOf(id: JobId, events: readonly JobEvent[]): readonly SeenEnd[] {
  let attempt = 1
  return events.flatMap((event) => {
    if (event.type === 'AttemptDerived' || event.type === 'LateEndAdopted') attempt = event.attempt
    return event.type === 'EndObserved' ? [{ token: tokenOf(id, attempt), atMs: Date.parse(event.at), end: event.end }] : []
  })
}

/** Attempts that were called lost while they ran. */
const lostAlive = (ends: readonly SeenEnd[], executions: readonly Execution[]): readonly string[] =>
  ends.flatMap(({ token, atMs, end }) => {
    const runs = executions.some(
      (one) => one.token === token && one.startedMs < atMs && (one.stoppedMs ?? Number.POSITIVE_INFINITY) > atMs,
    )
    return end.provedBy === 'absence' && runs ? [`${token} was called lost while it ran`] : []
  })

/** The version counts writes, which facts do not tell. */
function isFoldOf(job: Job, events: readonly JobEvent[]): boolean {
  const folded = events.reduce<Job | null>((state, event) => evolve(state, event), null)
  return folded !== null && JSON.stringify({ ...folded, version: 0 }) === JSON.stringify({ ...job, version: 0 })
}

/** Two attempts of one job executed at the same time. */
function overlaps(executions: readonly Execution[]): readonly string[] {
  return executions.flatMap((a, i) =>
    executions
      .slice(i + 1)
      .filter(
        (b) =>
          b.token !== a.token &&
          b.startedMs < (a.stoppedMs ?? Number.POSITIVE_INFINITY) &&
          a.startedMs < (b.stoppedMs ?? Number.POSITIVE_INFINITY),
      )
      .map((b) => `${a.token} by ${a.owner} and ${b.token} by ${b.owner} were executed at the same time`),
  )
}

/** All that is wrong, a line each. */
export const faultsOf = ({ doubled, lost, falseEnds }: Verdict): readonly string[] => [
  ...doubled.map((line) => `doubled: ${line}`),
  ...lost.map((line) => `lost: ${line}`),
  ...falseEnds.map((line) => `false end: ${line}`),
]
