import { HoldRequest, JobView, RetryRequest, type Status } from '@crystalmath/contract'
import type { Command, Job } from '@crystalmath/job'
import { recordAudit, tell } from '@crystalmath/store'
import { z } from 'zod'
import { checkRetry } from '../checking/check-retry.ts'
import { conflict, invalid, notFound } from '../http/problem.ts'
import { type Answer, type Call, ok, type Route, route } from '../http/route.ts'
import { jobFor } from '../permissions.ts'
import { toJobView } from '../views/job-view.ts'

type Act = Call<unknown, unknown>
const answers = { 200: { description: 'The job as it is now', schema: JobView } }
const empty = z.strictObject({})

/** Tells the job a command of its user and answers with the job; whether the command did something the state tells. */
async function act(call: Act, action: string, command: (job: Job) => Command | Promise<Command>): Promise<Answer> {
  const { deps, caller, params, requestId } = call
  const before = await jobFor(deps, caller, params['id'], 'member')
  const after = await tell(deps.store, before.id, await command(before))
  if (after === null) throw notFound(`there is no job "${before.id}" any more`)
  if (after.version !== before.version) {
    await recordAudit(deps.store.db, {
      at: deps.now().toISOString(),
      user: caller.user.id,
      action,
      target: before.id,
      detail: { status: before.status },
      requestId,
    })
  }
  return ok(toJobView(after), { etag: `"${after.version}"` })
}

const OVER = ': there is nothing to hold'
/** A pending job is held by the scheduler's own hold; what runs could only be suspended, with its cores idle. */
const NOT_HELD: Readonly<Record<Exclude<Status, 'accepted' | 'pending'>, string>> = {
  submitting: ', on its way to its cluster: whether it got there is known within seconds; then hold it',
  running: ' already, and what runs is not held; cancel it, and retry it later',
  ended: OVER,
  completed: OVER,
  failed: OVER,
  cancelled: OVER,
}

const cancel = (call: Act): Promise<Answer> =>
  act(call, 'cancel', () => ({ type: 'RequestCancel', at: call.deps.now().toISOString(), by: call.caller.user.id }))

export const actOnJobRoutes: readonly Route[] = [
  route({
    method: 'delete',
    path: '/v1/jobs/{id}',
    tag: 'jobs',
    summary: 'Cancel a job',
    description: 'The same as POST …/cancel: nothing is deleted, and what has finished first keeps its result.',
    allow: 'user',
    answers,
    handle: cancel,
  }),
  route({
    method: 'post',
    path: '/v1/jobs/{id}/cancel',
    tag: 'jobs',
    summary: 'Cancel a job',
    description:
      'Not yet sent: cancelled at once. Else `cancelRequested` is set, and the status changes when the cluster proves the end.',
    allow: 'user',
    body: empty,
    answers,
    handle: cancel,
  }),
  route({
    method: 'post',
    path: '/v1/jobs/{id}/retry',
    tag: 'jobs',
    summary: 'A next attempt of a job that failed or was cancelled',
    allow: 'user',
    body: RetryRequest,
    answers,
    handle: (call) =>
      act(call, 'retry', async (job) => {
        if (job.status !== 'failed' && job.status !== 'cancelled')
          throw conflict(`job ${job.id} is ${job.status}; only failed and cancelled jobs are retried`)
        const checked = await checkRetry(call.deps, job, call.body.set)
        if (!checked.ok) throw invalid('the job was not retried; see errors', checked.problems)
        return { type: 'Retry', at: call.deps.now().toISOString(), by: call.caller.user.id, ...checked.retry }
      }),
  }),
  route({
    method: 'post',
    path: '/v1/jobs/{id}/hold',
    tag: 'jobs',
    summary: 'Hold a job that does not run yet, until it is released',
    description:
      'A job that is pending on its cluster is held there by the scheduler; if it begins before that, the hold is void.',
    allow: 'user',
    body: HoldRequest,
    answers,
    handle: (call) =>
      act(call, 'hold', (job) => {
        if (job.status !== 'accepted' && job.status !== 'pending')
          throw conflict(`job ${job.id} is ${job.status}${NOT_HELD[job.status]}`)
        const { reason, until } = call.body
        return {
          type: 'PutOnHold',
          at: call.deps.now().toISOString(),
          hold: { reason, by: call.caller.user.id, until: until ?? null },
        }
      }),
  }),
  route({
    method: 'post',
    path: '/v1/jobs/{id}/release',
    tag: 'jobs',
    summary: 'Release a held job',
    allow: 'user',
    body: empty,
    answers,
    handle: (call) =>
      act(call, 'release', () => ({ type: 'Release', at: call.deps.now().toISOString(), by: call.caller.user.id })),
  }),
]
