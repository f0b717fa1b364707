import { EvidenceView, InputsView, JobEventList, ResultView } from '@crystalmath/contract'
import type { Job, Origin } from '@crystalmath/job'
import { findJobEvents, findResult, findStructure, resultIdOf } from '@crystalmath/store'
import { z } from 'zod'
import { notFound } from '../http/problem.ts'
import { ok, type Route, route } from '../http/route.ts'
import { jobFor } from '../permissions.ts'
import { toEventView } from '../views/event-view.ts'
import { toEvidenceView } from '../views/evidence-view.ts'
import { toOriginView } from '../views/job-view.ts'
import { attempt } from './query.ts'

/** What made each attempt up to one of them, oldest first. */
const originsUpTo = (job: Job, last: number): readonly Origin[] =>
  [...job.past, { attempt: job.attempt, origin: job.origin }].filter((past) => past.attempt <= last).map(({ origin }) => origin)

export const readJobRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/jobs/{id}/events',
    tag: 'jobs',
    summary: 'Everything that happened to a job, oldest first',
    allow: 'user',
    answers: { 200: { description: 'Facts in order', schema: JobEventList } },
    handle: async ({ deps, caller, params }) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      return ok({ items: (await findJobEvents(deps.store, job.id)).map(toEventView) })
    },
  }),
  route({
    method: 'get',
    path: '/v1/jobs/{id}/evidence',
    tag: 'jobs',
    summary: 'Why the state of a job is believed, and what would change that',
    allow: 'user',
    answers: { 200: { description: 'Belief, observation, history', schema: EvidenceView } },
    handle: async ({ deps, caller, params }) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      return ok(toEvidenceView(job, await findJobEvents(deps.store, job.id)))
    },
  }),
  route({
    method: 'get',
    path: '/v1/jobs/{id}/inputs',
    tag: 'jobs',
    summary: 'What a job was asked to do, its structure as it was understood, and the settings in force',
    allow: 'user',
    answers: { 200: { description: 'Inputs', schema: InputsView } },
    handle: async ({ deps, caller, params }) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      const structure = job.structureHash === null ? null : await findStructure(deps.store, job.structureHash)
      const { id, request, parameters, resources } = job
      return ok({ id, attempt: job.attempt, request, parameters, resources, structure, effects: request.recovery.effects })
    },
  }),
  route({
    method: 'get',
    path: '/v1/jobs/{id}/result',
    tag: 'jobs',
    summary: 'The result of a job, or of one of its attempts',
    allow: 'user',
    query: z.object({ attempt }),
    answers: { 200: { description: 'The result', schema: ResultView } },
    handle: async ({ deps, caller, params, query }) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      const number = query.attempt ?? lastWithResult(job)
      const resultId = resultIdOf(job.id, number)
      const result = await findResult(deps.store, resultId)
      if (result === null) throw notFound(`attempt ${number} of job ${job.id} has no result; the job is ${job.status}`)
      const origins = originsUpTo(job, number)
      const altered = origins.at(-1)?.altered ?? false
      const changes = altered ? origins.flatMap((origin) => toOriginView(origin).changes) : []
      return ok({ id: resultId, jobId: job.id, attempt: number, altered, alteredSettings: changes, result })
    },
  }),
]

/** The present attempt if it has a result, else the last one that has. */
const lastWithResult = (job: Job): number =>
  job.resultId !== null ? job.attempt : (job.past.findLast(({ resultId }) => resultId !== null)?.attempt ?? job.attempt)
