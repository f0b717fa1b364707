import { statisticsOf } from '@crystalmath/campaigns'
import {
  ANGSTROM_PER_BOHR,
  CampaignCreate,
  CampaignCreated,
  CampaignFailures,
  CampaignPage,
  CampaignStatistics,
  CampaignView,
  EV_PER_HARTREE,
} from '@crystalmath/contract'
import {
  countFailures,
  eachCompleted,
  failCountOf,
  findFailures,
  findRowsOf,
  listCampaigns,
  sumChargesOfCampaign,
  wordOf,
} from '@crystalmath/store'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { campaignFor, toCampaignView, toCampaignViews } from '../campaigns/campaign-view.ts'
import { importCampaign } from '../campaigns/import-campaign.ts'
import { readIncoming, TABLE_TYPES } from '../campaigns/read-table.ts'
import { type Call, ok, type Route, route } from '../http/route.ts'
import { projectsAsked } from './list-jobs.ts'
import { flag, jobFilters } from './query.ts'

const Create = z.object({ skipBad: flag.default(false), dryRun: flag.default(false), head: z.string().max(100_000).optional() })

export const campaignRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/campaigns',
    tag: 'campaigns',
    summary: 'Make a campaign: a table of structures and a template',
    description:
      'JSON, or a table as a stream (CSV, extended XYZ of many frames, JSON Lines; gzip too) with everything but the rows as JSON in ?head= or in the first line of the body. ' +
      'Every row is checked, down to its rendered inputs, and nothing is created unless all rows are good; ?skipBad=true leaves bad rows out, ' +
      '?dryRun=true creates nothing. Row numbers count from 0, the header not counted. No job is sent before all are stored. ' +
      'With an Idempotency-Key, the same request again goes on where it broke off and makes nothing twice.',
    allow: 'user',
    query: Create,
    streams: { schema: CampaignCreate, types: Object.keys(TABLE_TYPES) },
    answers: {
      201: { description: 'Created', schema: CampaignCreated },
      200: { description: 'Checked only', schema: CampaignCreated },
    },
    serve: create,
  }),
  route({
    method: 'get',
    path: '/v1/campaigns',
    tag: 'campaigns',
    summary: 'List campaigns, the newest first',
    allow: 'user',
    query: z.object({
      project: jobFilters.project,
      cursor: z.iso.datetime().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answers: { 200: { description: 'One page', schema: CampaignPage } },
    handle: async ({ deps, caller, query: { project, cursor, limit } }) => {
      const found = await listCampaigns(deps.store.db, projectsAsked(caller, project), { before: cursor, limit: limit + 1 })
      const next = found.length > limit ? (found[limit - 1]?.createdAt ?? null) : null
      return ok({ items: await toCampaignViews(deps.store, found.slice(0, limit)), next })
    },
  }),
  route({
    method: 'get',
    path: '/v1/campaigns/{id}',
    tag: 'campaigns',
    summary: 'One campaign with the counts of its jobs',
    allow: 'user',
    answers: { 200: { description: 'The campaign', schema: CampaignView } },
    handle: async ({ deps, caller, params }) =>
      ok(await toCampaignView(deps.store, await campaignFor(deps, caller, params['id'], 'viewer'))),
  }),
  route({
    method: 'get',
    path: '/v1/campaigns/{id}/statistics',
    tag: 'campaigns',
    summary: 'Forces, steps, times and core-hours of its completed jobs; results that recovery altered are left out',
    allow: 'user',
    query: z.object({ unit: z.enum(['ev', 'hartree']).default('ev') }),
    answers: { 200: { description: 'Statistics', schema: CampaignStatistics } },
    handle: async ({ deps, caller, params, query: { unit } }) => {
      const { _id } = await campaignFor(deps, caller, params['id'], 'viewer')
      const [numbers, chargedCoreHours] = await Promise.all([
        statistics(deps.store.db, _id, unit),
        sumChargesOfCampaign(deps.store.db, _id),
      ])
      return ok({ ...numbers, chargedCoreHours })
    },
  }),
  route({
    method: 'get',
    path: '/v1/campaigns/{id}/failures',
    tag: 'campaigns',
    summary: 'Failed jobs with how often each failed; ?atLeast=N for the chronic ones',
    allow: 'user',
    query: z.object({
      atLeast: z.coerce.number().int().min(1).max(1_000).default(1),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
    answers: { 200: { description: 'Failures', schema: CampaignFailures } },
    handle: async ({ deps, caller, params, query: { atLeast, limit } }) => {
      const { _id } = await campaignFor(deps, caller, params['id'], 'viewer')
      const { db } = deps.store
      const [total, jobs] = await Promise.all([countFailures(db, _id, atLeast), findFailures(db, _id, atLeast, limit)])
      const rows = await findRowsOf(
        db,
        jobs.map(({ id }) => id),
      )
      const items = jobs.map((job) => ({
        id: job.id,
        row: rows.get(job.id) ?? null,
        name: job.name,
        word: wordOf(job),
        failCount: failCountOf(job),
        ending: job.end?.ending ?? null,
        diagnosis: job.diagnosis,
        verdict: job.verdict,
      }))
      return ok({ total, items })
    },
  }),
]

async function create(call: Call<z.infer<typeof Create>, unknown>, request: Request, response: Response): Promise<void> {
  const { deps, query } = call
  const incoming = await readIncoming(deps, request, response, query.head)
  const answer = await importCampaign({ ...call, skipBad: query.skipBad, dryRun: query.dryRun }, incoming)
  const { campaign } = answer
  if (campaign !== null) response.set('location', `/v1/campaigns/${campaign.id}`)
  response
    .status(campaign === null ? 200 : 201)
    .type('application/json')
    .send(JSON.stringify(answer))
}

/** Exact: a median of a sample is no median. */
async function statistics(
  db: Parameters<typeof eachCompleted>[0],
  id: Parameters<typeof eachCompleted>[1],
  unit: CampaignStatistics['unit'],
): Promise<Omit<CampaignStatistics, 'chargedCoreHours'>> {
  const all = {
    force: [] as (number | null)[],
    steps: [] as (number | null)[],
    wall: [] as (number | null)[],
    cores: [] as (number | null)[],
  }
  let [completed, altered, coreSeconds, withoutCoreHours] = [0, 0, 0, 0]
  for await (const one of eachCompleted(db, id)) {
    completed += 1
    const { wallSeconds = null, coreCount = null, maxForceEvPerAngstrom = null, scfStepCount = null } = one.summary ?? {}
    if (wallSeconds === null || coreCount === null) withoutCoreHours += 1
    else coreSeconds += wallSeconds * coreCount
    if (one.altered) altered += 1
    all.force.push(one.altered ? null : maxForceEvPerAngstrom)
    all.steps.push(one.altered ? null : scfStepCount)
    all.wall.push(one.altered ? null : wallSeconds)
    all.cores.push(one.altered ? null : coreCount)
  }
  const inUnit = unit === 'ev' ? 1 : ANGSTROM_PER_BOHR / EV_PER_HARTREE
  return {
    unit,
    completed,
    maxForce: statisticsOf(all.force.map((force) => (force === null ? null : force * inUnit))),
    scfSteps: statisticsOf(all.steps),
    wallSeconds: statisticsOf(all.wall),
    cores: statisticsOf(all.cores),
    totalCoreHours: coreSeconds / 3_600,
    withoutCoreHours,
    altered,
  }
}
