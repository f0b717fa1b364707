import type { AddressInfo } from 'node:net'
import { type Bus, openBus, publishEvents } from '@crystalmath/bus'
import type { ClusterInventory, ClusterSpecInput } from '@crystalmath/contract'
import { ClusterName, ClusterSpec, ProjectId, UserId } from '@crystalmath/contract'
import { type Log, Registry } from '@crystalmath/service'
import {
  createProject,
  createUser,
  openStore,
  type Store,
  saveCluster,
  saveInventory,
  saveToken,
  setMember,
} from '@crystalmath/store'
import { natsUrl, testDatabase, testPrefix } from '@crystalmath/testing'
import { createApp } from '../app.ts'
import type { GatewayConfig } from '../config.ts'
import { openBodies } from '../http/bodies.ts'
import { openFeed } from '../live/feed.ts'
import { openMetrics } from '../metrics.ts'
import { startSweeps } from '../sweeps/start-sweeps.ts'

/** A gateway in this process over the run's real servers, with users and a cluster. */
export type Platform = {
  readonly url: string
  readonly store: Store
  readonly bus: Bus
  /** `admin`, `olga` (owner), `mike` (member), `vera` (viewer) of project `oxides`; `eve` of none. */
  readonly tokens: Readonly<Record<Who, string>>
  /** A request as one of them; JSON both ways. */
  ask(who: Who | null, method: string, path: string, options?: AskOptions): Promise<Asked>
  close(): Promise<void>
}

const WHO = ['admin', 'olga', 'mike', 'vera', 'eve'] as const
export type Who = (typeof WHO)[number]
export type AskOptions = { readonly body?: unknown; readonly text?: string; readonly headers?: Readonly<Record<string, string>> }
export type Asked = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

export const NOW = '2026-11-21T09:00:00.000Z'

const SPEC: ClusterSpecInput = {
  name: ClusterName.parse('alps'),
  scheduler: 'slurm',
  ssh: { host: '127.0.0.1', user: 'cm', key: 'id_ed25519' },
  root: '/scratch/cm',
  codes: {
    'quantum-espresso': { pseudopotentialFolder: '/opt/pseudo', executables: { 'pw.x': '/opt/qe/bin/pw.x' } },
    script: { launcher: '' },
  },
}

export const INVENTORY: ClusterInventory = {
  checkedAt: NOW,
  schedulerVersion: 'slurm 23.11.4',
  partitions: [
    {
      name: 'debug',
      isDefault: true,
      available: true,
      maxWalltimeSeconds: 3_600,
      nodeCount: 2,
      coresPerNode: 16,
      memoryMebibytesPerNode: 64_000,
    },
    {
      name: 'normal',
      isDefault: false,
      available: true,
      maxWalltimeSeconds: 86_400,
      nodeCount: 100,
      coresPerNode: 64,
      memoryMebibytesPerNode: 256_000,
    },
  ],
  maxArraySize: 1_001,
  minJobAgeSeconds: 300,
  killWaitSeconds: 30,
  accounting: true,
  clockOffsetSeconds: 0,
  freeMebibytes: 1_000_000,
  pseudopotentials: {
    'quantum-espresso': [
      {
        fileName: 'Si.upf',
        element: 'Si',
        kind: 'NC',
        functional: 'PBE',
        valenceElectrons: 4,
        cutoffRydberg: 30,
        densityCutoffRydberg: 120,
        relativistic: 'scalar',
        md5: '0123456789abcdef0123456789abcdef',
      },
    ],
  },
  findings: [],
}

const QUIET = { info() {}, warn() {}, debug() {}, error() {} } as unknown as Log

const CONFIG = {
  BODY_MEBIBYTES: 50,
  CAMPAIGN_MEBIBYTES: 500,
  RATE_PER_SECOND: 10_000,
  RATE_BURST: 10_000,
  RECENT_EVENTS: 1_000,
  GATEWAY_SWEEP_SECONDS: 0.2,
  ASK_SECONDS: 1,
  CHECK_SECONDS: 2,
  POLLER_SECONDS: 0.5,
} as unknown as GatewayConfig

/** Starts it; a database and a stream prefix of its own. */
export async function startPlatform(
  options: {
    readonly config?: Partial<GatewayConfig> | undefined
    readonly log?: Log | undefined
    /** Another MongoDB than the run's. */
    readonly mongoUrl?: string | undefined
  } = {},
): Promise<Platform> {
  const database = testDatabase('gateway')
  const bus = await openBus({ url: natsUrl(), name: 'test', prefix: testPrefix('gw') })
  const store = await openStore({
    url: options.mongoUrl ?? database.url,
    database: database.name,
    source: '/crystalmath/gateway',
    publish: (events) => publishEvents(bus, events),
  })
  const stop = new AbortController()
  const config = { ...CONFIG, ...options.config }
  const feed = await openFeed(bus, { keep: config.RECENT_EVENTS, signal: stop.signal, onError: () => undefined })
  const log = options.log ?? QUIET
  const registry = new Registry()
  const observe = openMetrics(registry, store, bus)
  const metrics = async () => ({ type: registry.contentType, text: await registry.metrics() })
  const bodies = openBodies(config.BODY_MEBIBYTES * 2 ** 20)
  const deps = { store, bus, bodies, feed, log, config, signal: stop.signal, now: () => new Date(), observe, metrics }
  const sweeps = startSweeps(deps)
  const app = createApp(deps)
  const server = app.listen(0, '127.0.0.1')
  await new Promise<void>((done) => void server.once('listening', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const tokens = await populate(store)
  return {
    url,
    store,
    bus,
    tokens,
    ask: (who, method, path, request) => ask(url, who === null ? null : tokens[who], method, path, request),
    close: async () => {
      stop.abort()
      server.closeAllConnections()
      await new Promise<void>((done) => void server.close(() => done()))
      await Promise.all([feed.done, sweeps])
      // each stream reserves its largest size: the run's server would soon be full
      for (const name of [bus.names.jobs, bus.names.deadLetters, bus.names.advisories]) await bus.manager.streams.delete(name)
      await bus.close()
      await store.close()
      if (options.mongoUrl === undefined) await database.drop()
    },
  }
}

async function populate({ db, ...store }: Store): Promise<Record<Who, string>> {
  const oxides = ProjectId.parse('oxides')
  await createProject(db, { id: oxides, title: 'Oxides', createdAt: NOW, members: [], weight: 1, budgetCoreHours: null })
  await createProject(db, {
    id: ProjectId.parse('nitrides'),
    title: 'Nitrides',
    createdAt: NOW,
    members: [],
    weight: 1,
    budgetCoreHours: null,
  })
  for (const name of WHO) {
    const user = UserId.parse(name)
    await createUser(db, { id: user, name, admin: name === 'admin', createdAt: NOW, disabledAt: null })
    await saveToken(db, `token-of-${name}`, { user, name: 'test', createdAt: NOW, expiresAt: null })
  }
  await setMember(db, oxides, UserId.parse('olga'), 'owner')
  await setMember(db, oxides, UserId.parse('mike'), 'member')
  await setMember(db, oxides, UserId.parse('vera'), 'viewer')
  await saveCluster({ db, ...store }, ClusterSpec.parse(SPEC))
  await saveCluster({ db, ...store }, ClusterSpec.parse({ ...SPEC, name: 'unseen' }))
  await saveInventory({ db, ...store }, ClusterSpec.parse(SPEC), INVENTORY)
  return Object.fromEntries(WHO.map((name) => [name, `token-of-${name}`])) as Record<Who, string>
}

async function ask(
  url: string,
  token: string | null,
  method: string,
  path: string,
  { body, text, headers }: AskOptions = {},
): Promise<Asked> {
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  })
  const said = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text: said,
    json: isJson ? (JSON.parse(said) as Record<string, unknown>) : {},
  }
}

/** A job that is good as it is. */
export const SILICON = {
  project: 'oxides',
  cluster: 'alps',
  code: 'quantum-espresso',
  name: 'si',
  structure: {
    latticeAngstrom: [
      [0, 2.7155, 2.7155],
      [2.7155, 0, 2.7155],
      [2.7155, 2.7155, 0],
    ],
    species: ['Si', 'Si'],
    positionsAngstrom: [
      [0, 0, 0],
      [1.35775, 1.35775, 1.35775],
    ],
  },
  parameters: { calculation: 'scf' },
  resources: { ranks: 4, walltimeSeconds: 1_800 },
} as const

export const SCRIPT = {
  project: 'oxides',
  cluster: 'alps',
  code: 'script',
  name: 'hello',
  parameters: { script: 'echo hello' },
} as const
