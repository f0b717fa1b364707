import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { openBus, publishEvents } from '@crystalmath/bus'
import { mainOf, NODE_COMPILE_CACHE, nodeOptionsOf } from '@crystalmath/cli/services'
import { type JobId, tokenOf } from '@crystalmath/contract'
import { jobsOf, openStore, type Store, saveOutputs, tellAgain } from '@crystalmath/store'
import { canPin, pinned } from '../pinned.ts'
import { jobDocument, jobIdOf } from '../scale/fill.ts'
import { type Ground, openGround } from '../scale/ground.ts'
import { outcarOf } from './outputs.ts'

/** Attempts that each replica reads while it is timed, those that it reads before, and the ionic steps of each: some 5 MB. */
const [JOBS, WARM, STEPS] = [60, 20, 150] as const
/** Jobs of this bench among those that are made. */
const KIND = 7

export type Parsing = { readonly isPinned: boolean; readonly one: readonly number[]; readonly two: number; readonly gain: number }

/** Attempts per second that one parser reads, and two, one worker each, on a core each where this machine can hold them there: from the news of their ends to their stored results, by real servers. */
export async function measureParsing(): Promise<Parsing> {
  const ground = await openGround('replicas')
  const bus = await openBus({ url: ground.nats.url, name: 'bench' })
  const store = await openStore({
    ...{ url: ground.mongo.url, database: ground.store.db.databaseName, source: '/crystalmath/bench' },
    publish: (events) => publishEvents(bus, events),
  })
  const isPinned = canPin()
  const parsers: ChildProcess[] = []
  try {
    const ended = endings(store)
    parsers.push(startParser(ground, isPinned ? 0 : null))
    await ended.read(WARM)
    const before = await ended.read(JOBS)
    parsers.push(startParser(ground, isPinned ? 1 : null))
    await ended.read(2 * WARM)
    const two = await ended.read(2 * JOBS)
    await stop(parsers.pop())
    const after = await ended.read(JOBS)
    return { isPinned, one: [before, after], two, gain: two / ((before + after) / 2) }
  } finally {
    await Promise.all(parsers.map(stop))
    await store.close()
    await bus.close()
    await ground.close()
  }
}

/** Jobs that have just ended, none of them read before. */
function endings(store: Store) {
  let made = 0
  return {
    /** Ends so many and waits until their results are stored: how many a second. */
    async read(count: number): Promise<number> {
      const ids: JobId[] = []
      for (const end = made + count; made < end; made += 1) {
        const document = jobDocument(KIND, made, 'ended', 'vasp')
        await saveOutputs(store, tokenOf(document._id, 1), [{ path: 'OUTCAR', content: outcarOf(STEPS, made) }])
        await jobsOf(store).insertOne(document)
        ids.push(jobIdOf(KIND, made))
      }
      const began = performance.now()
      await Promise.all(ids.map((id) => tellAgain(store, id)))
      for (;;) {
        const over = await jobsOf(store).countDocuments({ _id: { $in: ids }, status: 'completed' })
        if (over === count) return (1_000 * count) / (performance.now() - began)
        if (performance.now() - began > 180_000) throw new Error(`${over} of ${count} attempts are read after 180 s`)
        await pause(25)
      }
    },
  }
}

function startParser({ mongo, nats, store }: Ground, core: number | null): ChildProcess {
  const command = [process.execPath, ...nodeOptionsOf('parser'), mainOf('parser')]
  const [program = '', ...words] = core === null ? command : pinned(String(core), command)
  return spawn(program, words, {
    env: {
      ...{ PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE, NATS_URL: nats.url, MONGODB_URL: mongo.url },
      ...{ MONGODB_DATABASE: store.db.databaseName, WORKERS: '1', SWEEP_SECONDS: '3600', LOG_LEVEL: 'warn' },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return
  const over = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await over
}
