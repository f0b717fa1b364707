import { existsSync, statfsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMongo, startNats, startNatsCluster, startReplicaSet, stopLeftOver } from '@crystalmath/local-servers'
import type { TestProject } from 'vitest/node'
import { wantedServers } from './config.ts'
import { type Servers, startContainers, whyNoContainers } from './containers.ts'
import './servers.ts'

/** The process that runs the tests is part of the folder's name. */
const PREFIX = 'crystalmath-tests-'

/** Gives all integration tests of a run one real NATS and one real MongoDB; vitest calls it only if such tests are selected. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const say = (line: string) => project.vitest.logger.log(line)
  const servers = (await areContainersWanted(say)) ? await startContainers() : await startProcesses(say)
  project.provide('natsUrl', servers.natsUrl)
  project.provide('mongoUrl', servers.mongoUrl)
  project.provide('natsReplicas', wantedServers() === 'clustered' ? 3 : 1)
  return servers.stop
}

/** In containers where an engine has the images, so that nothing is pulled in the middle of a run. */
async function areContainersWanted(say: (line: string) => void): Promise<boolean> {
  const wanted = wantedServers()
  if (wanted === 'native' || wanted === 'clustered') return false
  const missing = await whyNoContainers()
  if (missing === null) say('NATS and MongoDB in containers (CRYSTALMATH_TEST_SERVERS=native takes those of this machine)')
  else if (wanted === 'containers') throw new Error(`CRYSTALMATH_TEST_SERVERS is "containers", but ${missing}`)
  return missing === null
}

/** Both as processes of this machine: one of each, or three. */
async function startProcesses(onProgress: (line: string) => void): Promise<Servers> {
  await clearLeftOvers()
  const dir = await mkdtemp(join(dataFolder(), `${PREFIX}${process.pid}-`))
  const at = (name: string) => ({ dir: join(dir, name), onProgress })
  const isClustered = wantedServers() === 'clustered'
  if (isClustered) onProgress('a cluster of three NATS servers and a replica set of three')
  const nats = isClustered ? startNatsCluster(at('nats')) : startNats(at('nats'))
  const mongo = isClustered ? startReplicaSet(at('mongo')) : startMongo(at('mongo'))
  const stop = async () => {
    const started = await Promise.allSettled([nats, mongo])
    await Promise.all(started.map(async (server) => server.status === 'fulfilled' && server.value.stop()))
    await rm(dir, { recursive: true, force: true })
  }
  try {
    return { natsUrl: (await nats).url, mongoUrl: (await mongo).url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const MEMORY = '/dev/shm'
/** MongoDB alone takes 300 MB for an empty database and its journal. */
const ROOM_BYTES = 2 * 1024 ** 3

/** In memory where there is room: the servers confirm each write to the disk, and tests write much. */
function dataFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir()
}

const listings = async (): Promise<readonly string[]> => {
  const folders = [MEMORY, tmpdir()].map(async (folder) =>
    (await readdir(folder).catch((): string[] => [])).map((name) => join(folder, name)),
  )
  return (await Promise.all(folders)).flat()
}

/** Stops the servers of runs that were killed, and removes their folders. */
async function clearLeftOvers(): Promise<void> {
  for (const path of await listings()) {
    const [, pid] = /crystalmath-tests-(\d+)-\w+$/.exec(path) ?? []
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    const dirs = ['nats', 'mongo'].map((name) => join(path, name))
    const members = dirs.map(async (dir) => (await readdir(dir).catch((): string[] => [])).map((name) => join(dir, name)))
    await stopLeftOver(...dirs, ...(await Promise.all(members)).flat())
    await rm(path, { recursive: true, force: true })
  }
}
