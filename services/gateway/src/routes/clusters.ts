import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { ask } from '@crystalmath/bus'
import {
  askSubject,
  CheckAnswer,
  CheckQuestion,
  ClusterInventory,
  ClusterName,
  ClusterPage,
  ClusterSpec,
  ClusterView,
  EXAMINE_SUBJECT,
  ExamineAnswer,
  stopsCluster,
  TransientError,
} from '@crystalmath/contract'
import {
  findCluster,
  listClusters,
  listJobs,
  recordAudit,
  removeCluster,
  saveCluster,
  saveInventory,
  viewBudget,
} from '@crystalmath/store'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { conflict, forbidden, invalid, notFound, unavailable } from '../http/problem.ts'
import { type Call, created, nothing, ok, type Route, route } from '../http/route.ts'
import { flag } from './query.ts'

const LIVE = ['accepted', 'submitting', 'pending', 'running', 'ended'] as const

async function clusterFor({ store }: Deps, name: string | undefined): Promise<ClusterView> {
  const parsed = ClusterName.safeParse(name)
  const cluster = parsed.success ? await findCluster(store, parsed.data) : null
  if (cluster === null) throw notFound(`there is no cluster "${name}"`)
  return cluster
}

const audit = ({ deps, caller, requestId }: Call<unknown, unknown>, action: string, target: string) =>
  recordAudit(deps.store.db, { at: deps.now().toISOString(), user: caller.user.id, action, target, detail: {}, requestId })

/** Between two tries to find whoever has the connection. */
const AGAIN_MS = 300

/** A cluster that was registered just now gets its poller within seconds: that is waited for, unless the cluster is known to be away. */
async function askDoctor(deps: Deps, name: ClusterName, dryRun: boolean): Promise<unknown> {
  const { CHECK_SECONDS, POLLER_SECONDS } = deps.config
  const deadline = performance.now() + POLLER_SECONDS * 1_000
  for (;;) {
    try {
      return await ask(deps.bus, askSubject('cluster.check', name), { dryRun }, CHECK_SECONDS * 1_000)
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      const { waitingFor } = await clusterFor(deps, name)
      if (waitingFor === null && performance.now() < deadline) await delay(AGAIN_MS)
      else {
        const state = waitingFor === null ? 'no poller has its connection yet' : `${waitingFor.kind}: ${waitingFor.because}`
        throw unavailable(`${name} cannot be looked at: ${error.message}; ${state}`, 10)
      }
    }
  }
}

/** Settings of ours, of which the cluster knows nothing. */
const OURS = { maxInFlight: null, queueIntervalSeconds: null }

/** Whether the doctor has seen all of it that the cluster must bear out. */
const isKnown = (before: ClusterView | null, spec: ClusterSpec): boolean =>
  before?.inventory != null && isDeepStrictEqual({ ...before.spec, ...OURS }, { ...spec, ...OURS })

/** What the doctor learnt of a cluster that can work; refuses any other. */
async function examined({ bus, config }: Deps, spec: ClusterSpec): Promise<ClusterInventory> {
  const { inventory, findings } = ExamineAnswer.parse(
    await ask(bus, EXAMINE_SUBJECT, spec, config.CHECK_SECONDS * 1_000).catch((error: unknown) => {
      if (!(error instanceof TransientError)) throw error
      throw unavailable(`nobody could look at ${spec.name}: ${error.message}; ?offline=true registers it unseen`, 10)
    }),
  )
  const bad = findings.filter(stopsCluster)
  if (inventory !== null && bad.length === 0) return inventory
  throw invalid(
    `${spec.name} cannot work as it is: ${bad.map(({ item, evidence }) => `${item}: ${evidence}`).join('; ')}; mend it, or register it unseen with ?offline=true (crystalmath cluster add --offline)`,
    bad.map(({ item, evidence, mend }) => ({ path: PATHS[item] ?? item, message: evidence, mend })),
  )
}

/** Which part of the registration a finding is about. */
const PATHS: Readonly<Record<string, string>> = {
  REACHABILITY: 'ssh',
  ROOT: 'root',
  FREE_SPACE: 'root',
  SCHEDULER: 'scheduler',
  PARTITIONS: 'defaults.partition',
}

export const clusterRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/clusters',
    tag: 'clusters',
    summary: 'All clusters, with what the doctor learnt of them',
    allow: 'user',
    answers: { 200: { description: 'Clusters', schema: ClusterPage } },
    handle: async ({ deps }) => ok({ items: await listClusters(deps.store), next: null }),
  }),
  route({
    method: 'post',
    path: '/v1/clusters',
    tag: 'clusters',
    summary: 'Register a cluster, or change it',
    description:
      'The doctor looks at it first: what cannot work is refused with 422, every finding with what mends it. With ?offline=true it is ' +
      'registered unseen, and nothing is sent there before the doctor has been. Jobs on their way follow the new settings.',
    allow: 'admin',
    query: z.object({ offline: flag.default(false) }),
    body: ClusterSpec,
    answers: { 201: { description: 'Registered', schema: ClusterView }, 200: { description: 'Changed', schema: ClusterView } },
    handle: async (call) => {
      const { deps, body, query } = call
      const before = await findCluster(deps.store, body.name)
      const inventory = query.offline || isKnown(before, body) ? null : await examined(deps, body)
      await saveCluster(deps.store, body)
      if (inventory !== null) await saveInventory(deps.store, body, inventory)
      await audit(call, before === null ? 'register cluster' : 'change cluster', body.name)
      const after = await clusterFor(deps, body.name)
      return before === null ? created(after, `/v1/clusters/${body.name}`) : ok(after)
    },
  }),
  route({
    method: 'get',
    path: '/v1/clusters/{name}',
    tag: 'clusters',
    summary: 'One cluster',
    allow: 'user',
    answers: { 200: { description: 'The cluster', schema: ClusterView } },
    handle: async ({ deps, params }) => {
      const cluster = await clusterFor(deps, params['name'])
      const specs = (await listClusters(deps.store)).map(({ spec }) => spec)
      return ok({ ...cluster, budget: await viewBudget(deps.store, cluster.spec, specs) })
    },
  }),
  route({
    method: 'delete',
    path: '/v1/clusters/{name}',
    tag: 'clusters',
    summary: 'Forget a cluster that has no live jobs',
    allow: 'admin',
    answers: { 204: { description: 'Forgotten; what is on it stays' } },
    handle: async (call) => {
      const { spec } = await clusterFor(call.deps, call.params['name'])
      const live = await listJobs(call.deps.store.db, { projects: null, clusters: [spec.name], statuses: LIVE }, { limit: 1 })
      const [job] = live
      if (job !== undefined)
        throw conflict(`cluster ${spec.name} has live jobs, ${job.id} (${job.status}) among them; cancel them or let them end`)
      await removeCluster(call.deps.store, spec.name)
      await audit(call, 'forget cluster', spec.name)
      return nothing
    },
  }),
  route({
    method: 'post',
    path: '/v1/clusters/{name}/check',
    tag: 'clusters',
    summary: 'Let the doctor look at a cluster now',
    description: 'With { "dryRun": true }, administrators only, a trivial job is submitted too.',
    allow: 'user',
    body: CheckQuestion.partial(),
    answers: { 200: { description: 'What it found', schema: ClusterInventory } },
    handle: async ({ deps, params, caller, body }) => {
      const { spec } = await clusterFor(deps, params['name'])
      const dryRun = body.dryRun ?? false
      if (dryRun && !caller.user.admin) throw forbidden('a dry-run job is for administrators only; check without it')
      return ok(CheckAnswer.parse(await askDoctor(deps, spec.name, dryRun)))
    },
  }),
]
