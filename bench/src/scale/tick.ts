import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { nodeOptionsOf } from '@crystalmath/cli/services'
import { jobsOf } from '@crystalmath/store'
import { fill } from './fill.ts'
import type { Ground } from './ground.ts'
import type { Ticks } from './tick-process.ts'

const KIND = 3
const PROCESS = fileURLToPath(new URL('tick-process.ts', import.meta.url))

/** Ticks of the poller's own code, in a process under its own options, over so many live jobs that go on as they did; the median of five. */
export async function measureTick({ store, mongo }: Ground, live: number): Promise<Readonly<Record<string, string>>> {
  await jobsOf(store).deleteMany({ status: 'running' })
  await fill(store, KIND, 0, live, true)
  const words = [...nodeOptionsOf('poller'), PROCESS, mongo.url, store.db.databaseName, String(live), String(KIND)]
  const { stdout } = await promisify(execFile)(process.execPath, words)
  const { ms, cpuMs, listings, writes, rssMebibytes, heapMebibytes } = JSON.parse(stdout) as Ticks
  return {
    [`a tick over ${live} live jobs`]: `${ms.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of CPU here`,
    '  listings of the queue': String(listings),
    '  writes to jobs that did not change': String(writes),
    '  memory of such a process': `${rssMebibytes.toFixed(0)} MiB, ${heapMebibytes.toFixed(0)} of it heap`,
  }
}
