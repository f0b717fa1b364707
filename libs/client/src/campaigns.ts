import type {
  CampaignCreated,
  CampaignFailures,
  CampaignHeadInput,
  CampaignResetDone,
  CampaignStatistics,
  CampaignView,
  Page,
} from '@crystalmath/contract'
import type { Http } from './http.ts'

/** Importing 10⁵ rows, or cancelling as many jobs, takes minutes. */
const LONG_MS = 3_600_000

const TYPES = { csv: 'text/csv', extxyz: 'chemical/x-extxyz', jsonl: 'application/x-ndjson' } as const

/** A table of structures, begun anew by each call of `open`. */
export type TableSource = { readonly format: keyof typeof TYPES; readonly open: () => AsyncIterable<Uint8Array> }

export type CampaignOptions = {
  readonly skipBad?: boolean | undefined
  readonly dryRun?: boolean | undefined
  /** The same key again goes on where an import broke off. A random one if absent. */
  readonly idempotencyKey?: string | undefined
}

export type ExportQuery = {
  readonly format?: 'csv' | 'jsonl' | 'extxyz' | undefined
  readonly word?: readonly string[] | undefined
  /** Also results that recovery altered. */
  readonly all?: boolean | undefined
}

/** The part of the API that is about campaigns. */
export function campaignCalls(http: Http) {
  const at = (id: string, what = '') => `/v1/campaigns/${encodeURIComponent(id)}${what}`
  const act = <T>(id: string, what: string, body: unknown = {}) =>
    http.json<T>('POST', at(id, what), { body, idempotencyKey: crypto.randomUUID(), timeoutMs: LONG_MS })
  return {
    /** Streams the table: memory does not grow with it. */
    createCampaign: (head: CampaignHeadInput, table: TableSource, { skipBad, dryRun, idempotencyKey }: CampaignOptions = {}) =>
      http.json<CampaignCreated>('POST', '/v1/campaigns', {
        query: { skipBad, dryRun },
        stream: () => withHead(head, table.open()),
        headers: { 'content-type': TYPES[table.format] },
        idempotencyKey: idempotencyKey ?? crypto.randomUUID(),
        timeoutMs: LONG_MS,
      }),
    campaign: (id: string) => http.json<CampaignView>('GET', at(id)),
    campaigns: (
      query: {
        readonly project?: string | undefined
        readonly cursor?: string | undefined
        readonly limit?: number | undefined
      } = {},
    ) => http.json<Page<CampaignView>>('GET', '/v1/campaigns', { query }),
    campaignStatistics: (id: string, unit: 'ev' | 'hartree' = 'ev') =>
      http.json<CampaignStatistics>('GET', at(id, '/statistics'), { query: { unit } }),
    campaignFailures: (id: string, query: { readonly atLeast?: number | undefined; readonly limit?: number | undefined } = {}) =>
      http.json<CampaignFailures>('GET', at(id, '/failures'), { query }),
    changeCampaign: (
      id: string,
      change: { readonly priority?: number | undefined; readonly maxInFlight?: number | null | undefined },
    ) => http.json<CampaignView>('PATCH', at(id), { body: change }),
    holdCampaign: (id: string, reason?: string) => act<CampaignView>(id, '/hold', reason === undefined ? {} : { reason }),
    releaseCampaign: (id: string) => act<CampaignView>(id, '/release'),
    cancelCampaign: (id: string) => act<CampaignView>(id, '/cancel'),
    resetCampaign: (
      id: string,
      reset: { readonly filter?: readonly string[] | undefined; readonly maxFailures?: number | undefined } = {},
    ) => act<CampaignResetDone>(id, '/reset', reset),
    /** The answer, to be read as it comes; `x-left-out` counts results that are not in it. */
    exportCampaign: (id: string, query: ExportQuery = {}) =>
      http.raw('GET', at(id, '/export'), { query: { ...query }, headers: { accept: '*/*' }, timeoutMs: LONG_MS }),
  }
}

/** The head as the first line, then the table. */
async function* withHead(head: CampaignHeadInput, table: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(`${JSON.stringify(head)}\n`)
  yield* table
}
