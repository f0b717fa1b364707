import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMongo, startNats } from '@crystalmath/local-servers'
import type { TestProject } from 'vitest/node'
import './servers.ts'

/** Starts one real NATS and one real MongoDB for all integration tests of a run; vitest calls it only if such tests are selected. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'crystalmath-tests-'))
  const onProgress = (line: string) => project.vitest.logger.log(line)
  const nats = startNats({ dir: join(dir, 'nats'), onProgress })
  const mongo = startMongo({ dir: join(dir, 'mongo'), onProgress })
  const tearDown = async () => {
    const started = await Promise.allSettled([nats, mongo])
    await Promise.all(started.map(async (server) => server.status === 'fulfilled' && server.value.stop()))
    await rm(dir, { recursive: true, force: true })
  }
  try {
    project.provide('natsUrl', (await nats).url)
    project.provide('mongoUrl', (await mongo).url)
  } catch (error) {
    await tearDown()
    throw error
  }
  return tearDown
}
