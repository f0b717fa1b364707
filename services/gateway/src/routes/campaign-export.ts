import { once } from 'node:events'
import { csvLine, type Exported, type ExportOptions, exportColumns, exportFrame, exportRow } from '@crystalmath/campaigns'
import { CampaignWord } from '@crystalmath/contract'
import { type CampaignRow, eachRow, energyKindsOf, findJobsById, findResult, type Store, wordOf } from '@crystalmath/store'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { campaignFor } from '../campaigns/campaign-view.ts'
import { type Call, type Route, route } from '../http/route.ts'
import { flag, several } from './query.ts'

const Query = z.object({
  format: z.enum(['csv', 'jsonl', 'extxyz']).default('csv'),
  /** Only jobs under these words. */
  word: several(CampaignWord).optional(),
  /** Also results that recovery altered, and those whose sources disagree. */
  all: flag.default(false),
})
type Query = z.infer<typeof Query>

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson', extxyz: 'chemical/x-extxyz' } as const
/** Rows whose jobs and results are loaded at once. */
const AT_ONCE = 50

export const campaignExportRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/campaigns/{id}/export',
    tag: 'campaigns',
    summary: 'All rows of a campaign with their results, as CSV, JSON Lines or extended XYZ',
    description:
      "Columns are the table's own and ours, in snake case with units. Energies of two kinds never share a column: then each kind has one. " +
      'Numbers of results that recovery altered, or whose sources disagree, are left out, and `left_out` says so; ?all=true gives them. ' +
      'Extended XYZ has frames of results only; X-Left-Out counts the altered ones that are not among them.',
    allow: 'user',
    query: Query,
    answers: { 200: { description: 'A stream', type: 'text/csv' } },
    serve,
  }),
]

async function serve(call: Call<Query, unknown>, _request: Request, response: Response): Promise<void> {
  const { deps, caller, params, query } = call
  const { _id, columns } = await campaignFor(deps, caller, params['id'], 'viewer')
  const options: ExportOptions = { columns, energyKinds: await energyKindsOf(deps.store.db, _id), all: query.all }
  const altered = await deps.store.db
    .collection('jobs')
    .countDocuments({ campaignId: _id, status: 'completed', 'origin.altered': true })
  response.status(200).type(TYPES[query.format])
  response.set('content-disposition', `attachment; filename="${_id}.${query.format}"`)
  response.set('x-left-out', query.all ? '0' : String(altered))
  if (query.format === 'csv') response.write(csvLine(exportColumns(options)))
  for await (const one of eachExported(deps.store, _id, query.word)) {
    const text = textOf(one, options, query.format)
    if (text !== null && !response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
    if (response.destroyed) return // the reader has left
  }
  response.end()
}

/** By the columns' order, not by the record's: numbers as names would come first there. */
function rowOf(one: Exported, options: ExportOptions) {
  const row = exportRow(one, options)
  return exportColumns(options).map((column) => row[column] ?? null)
}

function textOf(one: Exported, options: ExportOptions, format: Query['format']): string | null {
  switch (format) {
    case 'csv':
      return csvLine(rowOf(one, options))
    case 'jsonl':
      return `${JSON.stringify(exportRow(one, options))}\n`
    case 'extxyz':
      return exportFrame(one, options)
  }
}

async function* eachExported(
  store: Store,
  id: CampaignRow['campaignId'],
  words: readonly CampaignWord[] | undefined,
): AsyncGenerator<Exported> {
  let some: CampaignRow[] = []
  for await (const row of eachRow(store.db, id)) {
    some.push(row)
    if (some.length < AT_ONCE) continue
    yield* await load(store, some, words)
    some = []
  }
  yield* await load(store, some, words)
}

async function load(
  store: Store,
  rows: readonly CampaignRow[],
  words: readonly CampaignWord[] | undefined,
): Promise<readonly Exported[]> {
  const jobs = await findJobsById(
    store.db,
    rows.map(({ _id }) => _id),
  )
  const all = await Promise.all(
    rows.map(async ({ _id, row, cells }): Promise<Exported | null> => {
      const job = jobs.get(_id)
      if (job === undefined) return null
      const word = wordOf(job)
      if (words !== undefined && words.length > 0 && !words.includes(word)) return null
      const result = word === 'completed' && job.resultId !== null ? await findResult(store, job.resultId) : null
      const { name, attempt: attempts, origin, diagnosis, verdict } = job
      const facts = { row, jobId: _id, name, word, attempts, altered: origin.altered, diagnosis, verdict }
      return { ...facts, cells: Object.fromEntries(cells), result }
    }),
  )
  return all.filter((one) => one !== null)
}
