import { CampaignChange, CampaignReset, CampaignResetDone, CampaignView, HoldRequest } from '@crystalmath/contract'
import {
  type CampaignDocument,
  changeCampaign,
  failCountOf,
  findResettable,
  forgetCounts,
  recordAudit,
  reprioritize,
  tell,
} from '@crystalmath/store'
import { z } from 'zod'
import { campaignFor, toCampaignView } from '../campaigns/campaign-view.ts'
import { conflict, invalid } from '../http/problem.ts'
import { type Answer, type Call, ok, type Route, route } from '../http/route.ts'

type Act = Call<unknown, unknown>
const answers = { 200: { description: 'The campaign as it is now', schema: CampaignView } }
const empty = z.strictObject({})

/** Jobs told at once. */
const AT_ONCE = 20

async function audit(
  { deps, caller, requestId }: Act,
  action: string,
  target: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const at = deps.now().toISOString()
  await recordAudit(deps.store.db, { at, user: caller.user.id, action, target, detail, requestId })
}

async function shown({ deps }: Act, campaign: CampaignDocument | null): Promise<Answer> {
  if (campaign === null) throw conflict('the campaign is gone')
  forgetCounts(deps.store.db, campaign._id)
  return ok(await toCampaignView(deps.store, campaign))
}

function mustBeOpen({ _id, state }: CampaignDocument): void {
  if (state !== 'open') throw conflict(`campaign ${_id} is ${state === 'importing' ? 'still being imported' : state}`)
}

export const actOnCampaignRoutes: readonly Route[] = [
  route({
    method: 'patch',
    path: '/v1/campaigns/{id}',
    tag: 'campaigns',
    summary: 'Change the priority of jobs that are not sent yet, or how many may be in the queue at once',
    allow: 'user',
    body: CampaignChange,
    answers,
    handle: async (call) => {
      const { deps, params, body } = call
      const campaign = await campaignFor(deps, call.caller, params['id'], 'member')
      if (body.priority !== undefined) await reprioritize(deps.store.db, campaign._id, body.priority)
      const { maxInFlight } = body
      const after = maxInFlight === undefined ? campaign : await changeCampaign(deps.store.db, campaign._id, { maxInFlight })
      await audit(call, 'change campaign', campaign._id, body)
      return shown(call, after)
    },
  }),
  route({
    method: 'post',
    path: '/v1/campaigns/{id}/hold',
    tag: 'campaigns',
    summary: 'Send none of its jobs until it is released; those in the queue go on',
    allow: 'user',
    body: HoldRequest,
    answers,
    handle: async (call) => {
      const { deps, caller, params, body } = call
      if (body.until !== undefined) {
        const mend = 'leave it out, and release the campaign then'
        throw invalid('see errors', [
          { path: 'until', value: body.until, message: 'the hold of a campaign has no end of its own', mend },
        ])
      }
      const campaign = await campaignFor(deps, caller, params['id'], 'member')
      mustBeOpen(campaign)
      const held = { by: caller.user.id, at: deps.now().toISOString(), reason: body.reason }
      await audit(call, 'hold campaign', campaign._id, { reason: body.reason })
      return shown(call, await changeCampaign(deps.store.db, campaign._id, { held }))
    },
  }),
  route({
    method: 'post',
    path: '/v1/campaigns/{id}/release',
    tag: 'campaigns',
    summary: 'Send its jobs again',
    allow: 'user',
    body: empty,
    answers,
    handle: async (call) => {
      const campaign = await campaignFor(call.deps, call.caller, call.params['id'], 'member')
      await audit(call, 'release campaign', campaign._id, {})
      return shown(call, await changeCampaign(call.deps.store.db, campaign._id, { held: null }))
    },
  }),
  route({
    method: 'post',
    path: '/v1/campaigns/{id}/cancel',
    tag: 'campaigns',
    summary: 'Cancel all its jobs that are not over',
    description:
      'Nothing is sent any more from the first moment on; what has finished first keeps its result. Repeat it if it breaks off.',
    allow: 'user',
    body: empty,
    answers,
    handle: async (call) => {
      const { deps, caller, params } = call
      const campaign = await campaignFor(deps, caller, params['id'], 'member')
      if (campaign.state === 'importing') mustBeOpen(campaign)
      const after = await changeCampaign(deps.store.db, campaign._id, { state: 'cancelled' })
      const at = deps.now().toISOString()
      const cancelled = await onEach(
        findResettable(deps.store.db, campaign._id, ['to_run', 'ready', 'running']),
        async ({ id, version }) => {
          const job = await tell(deps.store, id, { type: 'RequestCancel', at, by: caller.user.id })
          return job !== null && job.version > version
        },
      )
      await audit(call, 'cancel campaign', campaign._id, { cancelled })
      return shown(call, after)
    },
  }),
  route({
    method: 'post',
    path: '/v1/campaigns/{id}/reset',
    tag: 'campaigns',
    summary: 'A next attempt of its failed, timed-out or cancelled jobs; chains from their beginning',
    description: 'With "maxFailures", jobs that failed so often are left alone. A cancelled campaign is open again.',
    allow: 'user',
    body: CampaignReset,
    answers: { 200: { description: 'How many', schema: CampaignResetDone } },
    handle: async (call) => {
      const { deps, caller, params, body } = call
      const campaign = await campaignFor(deps, caller, params['id'], 'member')
      if (campaign.state === 'importing') mustBeOpen(campaign)
      const at = deps.now().toISOString()
      let leftAlone = 0
      const reset = await onEach(findResettable(deps.store.db, campaign._id, body.filter), async (job) => {
        if (body.maxFailures !== undefined && failCountOf(job) >= body.maxFailures) {
          leftAlone += 1
          return false
        }
        const after = await tell(deps.store, job.id, { type: 'Retry', at, by: caller.user.id, changes: [] })
        return after !== null && after.version > job.version
      })
      if (campaign.state === 'cancelled') await changeCampaign(deps.store.db, campaign._id, { state: 'open' })
      forgetCounts(deps.store.db, campaign._id)
      await audit(call, 'reset campaign', campaign._id, { ...body, reset, leftAlone })
      return ok({ reset, leftAlone })
    },
  }),
]

/** Several at once, but a job after another one only when those before it are done. Returns for how many it was true. */
async function onEach<T extends { readonly request: { readonly after?: string | undefined } }>(
  jobs: AsyncIterable<T>,
  act: (job: T) => Promise<boolean>,
): Promise<number> {
  let done = 0
  let some: T[] = []
  const flush = async () => {
    done += (await Promise.all(some.map(act))).filter(Boolean).length
    some = []
  }
  for await (const job of jobs) {
    if (job.request.after !== undefined) await flush()
    some.push(job)
    if (some.length === AT_ONCE || job.request.after !== undefined) await flush()
  }
  await flush()
  return done
}
