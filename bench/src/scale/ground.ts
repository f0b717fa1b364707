import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClusterInventory, ClusterName, ClusterSpec, ProjectId, UserId } from '@crystalmath/contract'
import { startMongo, startNats } from '@crystalmath/local-servers'
import { createProject, createUser, openStore, type Store, saveCluster, saveInventory, saveToken } from '@crystalmath/store'

export const PROJECT = ProjectId.parse('bench')
export const CLUSTER = ClusterName.parse('paper')
export const USER = UserId.parse('ada')
const TOKEN = 'token-of-a-benchmark'

/** Real MongoDB and NATS in a folder of their own, with a user, a project and a cluster that nothing is connected to. */
export type Ground = {
  readonly store: Store
  readonly mongo: { readonly url: string; readonly pid: number }
  readonly nats: { readonly url: string; readonly pid: number }
  readonly token: string
  /** Whatever indexes are missing. */
  makeIndexes(): Promise<void>
  close(): Promise<void>
}

/** Another database of the same servers. */
export async function openGround(database: string): Promise<Ground> {
  const dir = await mkdtemp(join(tmpdir(), 'crystalmath-scale-'))
  const [mongo, nats] = await Promise.all([startMongo({ dir: join(dir, 'mongo') }), startNats({ dir: join(dir, 'nats') })])
  const store = await openStore({ url: mongo.url, database, source: '/crystalmath/bench' })
  await populate(store)
  return {
    ...{ store, mongo, nats, token: TOKEN },
    makeIndexes: async () => (await openStore({ url: mongo.url, database, source: '/crystalmath/bench' })).close(),
    close: async () => {
      await store.close()
      await Promise.all([mongo.stop(), nats.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function populate(store: Store): Promise<void> {
  const createdAt = new Date().toISOString()
  await createUser(store.db, { id: USER, name: 'Ada', admin: true, createdAt, disabledAt: null })
  await saveToken(store.db, TOKEN, { user: USER, name: 'bench', createdAt, expiresAt: null })
  await createProject(store.db, {
    ...{ id: PROJECT, title: 'Bench', createdAt, weight: 1, budgetCoreHours: null },
    members: [{ user: USER, role: 'owner' }],
  })
  const spec = ClusterSpec.parse({
    name: CLUSTER,
    scheduler: 'slurm',
    ssh: { host: '127.0.0.1', user: 'cm', key: 'none' },
    root: '/scratch/cm',
    maxInFlight: 100_000,
    codes: { script: { launcher: '' }, orca: { launcher: '' } },
  })
  await saveCluster(store, spec)
  await saveInventory(store, spec, INVENTORY)
}

const INVENTORY: ClusterInventory = {
  checkedAt: new Date().toISOString(),
  schedulerVersion: 'slurm 22.05.8',
  partitions: [],
  maxArraySize: 1_001,
  minJobAgeSeconds: 300,
  killWaitSeconds: 30,
  accounting: true,
  clockOffsetSeconds: 0,
  freeMebibytes: 1_000_000,
  pseudopotentials: {},
  findings: [],
}
