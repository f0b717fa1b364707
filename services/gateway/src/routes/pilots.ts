import { randomUUID } from 'node:crypto'
import { commonestShape, takes } from '@crystalmath/campaigns'
import { BatchId, HandPilotRequest, HandPilotView, handPilotShape } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { createBatch, createHandPilot, findCluster, findHandPilot, findSubmittable, recordAudit } from '@crystalmath/store'
import { conflict, notFound } from '../http/problem.ts'
import { created, ok, type Route, route } from '../http/route.ts'
import { requireRole } from '../permissions.ts'

/** Waiting jobs that are looked at to find out what most of them ask for. */
const MOST_LOOKED_AT = 1_000

const NOT_YET = { state: 'asked', nativeId: null, slots: null, endsSeconds: null, begun: 0 } as const

export const pilotRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/pilots',
    tag: 'pilots',
    summary: 'A pilot that you start yourself, inside an allocation of your own',
    description:
      'It takes what most of the jobs ask for that wait on the cluster and match. Its script is there once its state is "ready"; no job is bound to it before somebody starts it.',
    allow: 'user',
    body: HandPilotRequest,
    answers: { 201: { description: 'The pilot', schema: HandPilotView } },
    handle: async ({ deps, caller, body, requestId }) => {
      const { cluster: name, project, campaign, labels, maxJobs } = body
      requireRole(caller, project, 'member')
      const cluster = await findCluster(deps.store, name)
      if (cluster === null) throw notFound(`there is no cluster "${name}"`)
      const { scheduler, root } = cluster.spec
      if (schedulerFor(scheduler, { root }).byHand === null)
        throw conflict(`${name} runs ${scheduler}, under which an allocation cannot be given the name that a pilot is found by`)
      const at = deps.now().toISOString()
      const ready = await findSubmittable(deps.store, name, at, MOST_LOOKED_AT)
      const matching = ready.filter((job) => takes(body, job))
      const shape = commonestShape(
        matching.map(({ resources, request, alone = false }) => ({ resources, packing: request.packing, alone })),
      )
      if (shape === null)
        throw conflict(
          `of ${matching.length} jobs that wait on ${name} and match, none may go into a pilot: those on one node without GPUs do, unless they are wanted alone`,
        )
      const id = BatchId.parse(randomUUID())
      const own = {
        kind: 'pilot' as const,
        cluster: name,
        resources: shape.member,
        pilot: handPilotShape(shape.member),
        members: [],
      }
      await createBatch(deps.store, { id, ...own, createdAt: at })
      const view: HandPilotView = {
        id,
        cluster: name,
        project,
        ...(campaign === undefined ? {} : { campaign }),
        labels,
        ...(maxJobs === undefined ? {} : { maxJobs }),
        ...shape,
        script: `${root}/.batches/${id}/pilot.sh`,
        sight: NOT_YET,
        createdBy: caller.user.id,
        createdAt: at,
      }
      await createHandPilot(deps.store, view)
      await recordAudit(deps.store.db, {
        at,
        user: caller.user.id,
        action: 'make pilot',
        target: id,
        detail: { cluster: name, project },
        requestId,
      })
      return created(view, `/v1/pilots/${id}`)
    },
  }),
  route({
    method: 'get',
    path: '/v1/pilots/{id}',
    tag: 'pilots',
    summary: 'A pilot that somebody starts himself, and what it says',
    allow: 'user',
    answers: { 200: { description: 'The pilot', schema: HandPilotView } },
    handle: async ({ deps, caller, params }) => {
      const id = BatchId.safeParse(params['id'])
      const pilot = id.success ? await findHandPilot(deps.store, id.data) : null
      if (pilot === null) throw notFound(`there is no pilot "${params['id']}" in your projects`)
      requireRole(caller, pilot.project, 'viewer')
      return ok(pilot)
    },
  }),
]
