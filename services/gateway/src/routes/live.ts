import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { streamNews } from '../live/stream.ts'
import { jobFor } from '../permissions.ts'
import { projectsAsked } from './list-jobs.ts'
import { jobFilters } from './query.ts'

const description =
  'Server-sent events; `data` is a CloudEvent. Ids are `<epoch>.<sequence>`: with Last-Event-ID (or ?lastEventId=) the stream goes on after it. ' +
  'Without one, or with one that is unknown or expired, it begins with an event `snapshot`. An event may come twice.'
const answers = { 200: { description: 'A stream of news', type: 'text/event-stream' } }
const lastEventId = z.string().max(100).optional()

export const liveRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/events',
    tag: 'live',
    summary: 'Live news of all jobs in your projects',
    description,
    allow: 'user',
    query: z.object({ project: jobFilters.project, lastEventId }),
    answers,
    serve: ({ deps, caller, query, header }, request, response) =>
      streamNews(
        deps,
        { projects: projectsAsked(caller, query.project), lastEventId: header('last-event-id') ?? query.lastEventId },
        request,
        response,
      ),
  }),
  route({
    method: 'get',
    path: '/v1/jobs/{id}/live',
    tag: 'live',
    summary: 'Live news of one job',
    description,
    allow: 'user',
    query: z.object({ lastEventId }),
    answers,
    serve: async ({ deps, caller, params, query, header }, request, response) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      const options = { projects: [job.projectId], jobId: job.id, lastEventId: header('last-event-id') ?? query.lastEventId }
      await streamNews(deps, options, request, response)
    },
  }),
]
