import type {
  AuditEntry,
  BulkCreated,
  ClusterInventory,
  ClusterSpecInput,
  ClusterView,
  DeadLetterView,
  EvidenceView,
  FileList,
  HandPilotRequestInput,
  HandPilotView,
  InputsView,
  JobCounts,
  JobEventView,
  JobRequestInput,
  JobView,
  Me,
  Page,
  ProjectChange,
  ProjectUsage,
  ProjectView,
  ResultView,
  Role,
  TokenCreated,
  TokenView,
  UserView,
} from '@crystalmath/contract'
import { campaignCalls } from './campaigns.ts'
import { type ClientOptions, openHttp, type Query } from './http.ts'
import { type News, type WatchOptions, watchEvents } from './watch.ts'

/** Filters of the job list. Several values mean any of them. */
export type JobFilter = {
  readonly project?: string | readonly string[] | undefined
  readonly cluster?: string | readonly string[] | undefined
  readonly status?: string | readonly string[] | undefined
  /** to_run, ready, running, completed, failed, timeout, cancelled. */
  readonly word?: string | readonly string[] | undefined
  readonly code?: string | readonly string[] | undefined
  readonly campaign?: string | undefined
  /** `key=value`. */
  readonly label?: string | readonly string[] | undefined
  /** Part of the name, any case. */
  readonly name?: string | undefined
  readonly held?: boolean | undefined
  /** ISO time. */
  readonly since?: string | undefined
}

export type SubmitOptions = {
  readonly campaignId?: string | undefined
  /** The same key again makes nothing twice. A random one if absent. */
  readonly idempotencyKey?: string | undefined
  /** Rows that are wrong are left out instead of refusing all. */
  readonly skipBad?: boolean | undefined
  /** Checks everything, creates nothing. */
  readonly dryRun?: boolean | undefined
}

const BULK_TIMEOUT_MS = 300_000
/** A doctor's visit to a slow cluster. */
const CHECK_TIMEOUT_MS = 180_000

/** The platform's API with its types. Every method throws `ProblemError` (refused) or `UnreachableError` (nobody there). */
export type Client = ReturnType<typeof openClient>

export function openClient(options: ClientOptions) {
  const http = openHttp(options)
  const get = <T>(path: string, query?: Query) => http.json<T>('GET', path, { query })
  const post = <T>(path: string, body?: unknown, idempotencyKey: string = crypto.randomUUID()) =>
    http.json<T>('POST', path, { body: body ?? {}, idempotencyKey })
  const job = (id: string) => `/v1/jobs/${encodeURIComponent(id)}`

  return {
    url: http.url,
    me: () => get<Me>('/v1/me'),

    /** One job; refused as a whole, with every problem. */
    submit: (request: JobRequestInput, idempotencyKey?: string) => post<JobView>('/v1/jobs', request, idempotencyKey),
    /** Up to 10 000 jobs in one call. */
    submitMany: (jobs: readonly JobRequestInput[], { campaignId, idempotencyKey, skipBad, dryRun }: SubmitOptions = {}) =>
      http.json<BulkCreated>('POST', '/v1/jobs', {
        query: { skipBad, dryRun },
        body: { jobs, ...(campaignId === undefined ? {} : { campaignId }) },
        idempotencyKey: idempotencyKey ?? crypto.randomUUID(),
        timeoutMs: BULK_TIMEOUT_MS,
      }),
    job: (id: string) => get<JobView>(job(id)),
    /** One page, the newest first. */
    jobs: (filter: JobFilter = {}, page: { readonly cursor?: string | undefined; readonly limit?: number | undefined } = {}) =>
      get<Page<JobView>>('/v1/jobs', { ...filter, ...page }),
    counts: (filter: JobFilter = {}) => get<JobCounts>('/v1/jobs/counts', { ...filter }),
    cancel: (id: string) => post<JobView>(`${job(id)}/cancel`),
    retry: (id: string, set: Readonly<Record<string, unknown>> = {}) => post<JobView>(`${job(id)}/retry`, { set }),
    hold: (id: string, hold: { readonly reason?: string | undefined; readonly until?: string | undefined } = {}) =>
      post<JobView>(`${job(id)}/hold`, hold),
    release: (id: string) => post<JobView>(`${job(id)}/release`),
    events: async (id: string) => (await get<{ items: readonly JobEventView[] }>(`${job(id)}/events`)).items,
    evidence: (id: string) => get<EvidenceView>(`${job(id)}/evidence`),
    inputs: (id: string) => get<InputsView>(`${job(id)}/inputs`),
    result: (id: string, attempt?: number) => get<ResultView>(`${job(id)}/result`, { attempt }),
    files: (id: string, attempt?: number) => get<FileList>(`${job(id)}/files`, { attempt }),
    /** A kept file, or the last bytes of one of a running job. */
    file: async (
      id: string,
      path: string,
      { tail, attempt }: { readonly tail?: number | undefined; readonly attempt?: number | undefined } = {},
    ) => {
      const response = await http.raw('GET', `${job(id)}/files/${path.split('/').map(encodeURIComponent).join('/')}`, {
        query: { tail, attempt },
        headers: { accept: '*/*' },
      })
      return new Uint8Array(await response.arrayBuffer())
    },
    /** Live news of everything that the caller may see, until the signal; resumes by itself. */
    watch: (watch: WatchOptions): AsyncGenerator<News> => watchEvents(http, watch),

    ...campaignCalls(http),

    /** A pilot that the caller starts inside an allocation of his own. */
    createPilot: (request: HandPilotRequestInput) => post<HandPilotView>('/v1/pilots', request),
    pilot: (id: string) => get<HandPilotView>(`/v1/pilots/${encodeURIComponent(id)}`),

    clusters: async () => (await get<Page<ClusterView>>('/v1/clusters')).items,
    cluster: (name: string) => get<ClusterView>(`/v1/clusters/${encodeURIComponent(name)}`),
    /** The doctor looks at it first, and what cannot work is refused; `offline` registers it unseen. */
    saveCluster: (spec: ClusterSpecInput, { offline = false }: { readonly offline?: boolean | undefined } = {}) =>
      http.json<ClusterView>('POST', '/v1/clusters', {
        body: spec,
        query: { offline },
        idempotencyKey: crypto.randomUUID(),
        timeoutMs: CHECK_TIMEOUT_MS,
      }),
    removeCluster: (name: string) => http.json<null>('DELETE', `/v1/clusters/${encodeURIComponent(name)}`),
    checkCluster: (name: string, dryRun = false) =>
      http.json<ClusterInventory>('POST', `/v1/clusters/${encodeURIComponent(name)}/check`, {
        body: { dryRun },
        idempotencyKey: crypto.randomUUID(),
        timeoutMs: CHECK_TIMEOUT_MS,
      }),

    users: async () => (await get<Page<UserView>>('/v1/users')).items,
    createUser: (user: { readonly id: string; readonly name?: string | undefined; readonly admin?: boolean | undefined }) =>
      post<UserView>('/v1/users', user),
    changeUser: (id: string, change: { readonly name?: string; readonly admin?: boolean; readonly disabled?: boolean }) =>
      http.json<UserView>('PATCH', `/v1/users/${encodeURIComponent(id)}`, { body: change }),
    projects: async () => (await get<Page<ProjectView>>('/v1/projects')).items,
    project: (id: string) => get<ProjectView>(`/v1/projects/${encodeURIComponent(id)}`),
    createProject: (project: { readonly id: string; readonly title?: string | undefined }) =>
      post<ProjectView>('/v1/projects', project),
    projectUsage: (id: string) => get<ProjectUsage>(`/v1/projects/${encodeURIComponent(id)}/usage`),
    changeProject: (id: string, change: ProjectChange) =>
      http.json<ProjectView>('PATCH', `/v1/projects/${encodeURIComponent(id)}`, { body: change }),
    setMember: (project: string, user: string, role: Role) =>
      http.json<ProjectView>('PUT', `/v1/projects/${encodeURIComponent(project)}/members/${encodeURIComponent(user)}`, {
        body: { role },
      }),
    removeMember: (project: string, user: string) =>
      http.json<ProjectView>('DELETE', `/v1/projects/${encodeURIComponent(project)}/members/${encodeURIComponent(user)}`),
    tokens: async () => (await get<Page<TokenView>>('/v1/tokens')).items,
    createToken: (token: {
      readonly user?: string | undefined
      readonly name?: string | undefined
      readonly expiresInDays?: number | undefined
    }) => post<TokenCreated>('/v1/tokens', token),
    revokeToken: (id: string) => http.json<TokenView>('DELETE', `/v1/tokens/${encodeURIComponent(id)}`),
    audit: async (
      query: {
        readonly user?: string | undefined
        readonly target?: string | undefined
        readonly limit?: number | undefined
      } = {},
    ) => (await get<Page<AuditEntry>>('/v1/audit', query)).items,

    deadLetters: async (limit?: number) => (await get<Page<DeadLetterView>>('/v1/dead-letters', { limit })).items,
    deadLetter: (sequence: number) => get<DeadLetterView>(`/v1/dead-letters/${sequence}`),
    resendDeadLetter: (sequence: number) => post<DeadLetterView>(`/v1/dead-letters/${sequence}/resend`),
    ready: async () => http.raw('GET', '/readyz').then((response) => response.ok),
  }
}

/** Everything of a paged list, page by page. */
export async function* eachJob(client: Client, filter: JobFilter, limit: number): AsyncGenerator<JobView> {
  let left = limit
  let cursor: string | undefined
  do {
    const page: Page<JobView> = await client.jobs(filter, { cursor, limit: Math.min(left, 500) })
    yield* page.items
    left -= page.items.length
    cursor = page.next ?? undefined
  } while (cursor !== undefined && left > 0)
}
