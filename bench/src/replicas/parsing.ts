import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openBus, publishEvents } from '@crystalmath/bus'
import { mainOf, NODE_COMPILE_CACHE, nodeOptionsOf } from '@crystalmath/cli/services'
import { type JobId, tokenOf } from '@crystalmath/contract'
import { jobsOf, openStore, type Store, saveOutputs, tellAgain } from '@crystalmath/store'
import { type Limited, limitedTo } from '../limited.ts'
import { canPin, pinned } from '../pinned.ts'
import { usageOf } from '../platform/processes.ts'
import { jobDocument, jobIdOf } from '../scale/fill.ts'
import { type Ground, openGround } from '../scale/ground.ts'
import { median } from '../statistics.ts'
import { outcarOf } from './outputs.ts'

/** Attempts that each replica reads while it is timed, those that it reads before, and the ionic steps of each: some 5 MB. */
const [JOBS, WARM, STEPS] = [60, 20, 300] as const
/** One parser and two, in turns, so that what else the machine does meets both. */
const ROUNDS = 3
const CORES = 2
/** Between two looks at what is read: each costs MongoDB what it would give the parsers, and so long may a measurement of seconds err. */
const LOOK_MS = 100
const PLAIN = fileURLToPath(new URL('plain.ts', import.meta.url))
/** Jobs of this bench among those that are made. */
const KIND = 7

/** `beside`: the cores that MongoDB, NATS and this bench kept busy meanwhile; `unidle`: attempts a second for the same CPU, were no core ever idle. */
export type Reading = { readonly perSecond: number; readonly unidle: number; readonly beside: number }
/** `atMost`: the gain, were no core ever idle while two parsers read: what lies beside them has no core of its own. */
export type Parsing = {
  readonly isPinned: boolean
  readonly one: readonly Reading[]
  readonly two: readonly Reading[]
  readonly gain: number
  readonly atMost: number
}

/** Of a core, what each parser may use where MongoDB and NATS shall have room beside two of them. */
export const SHARE = 0.6

/** With each parser held to `SHARE` of a core, as a container's limit holds it; null where this machine cannot. */
export async function measureLimited(): Promise<Parsing | null> {
  const limits = ['a', 'b'].map((name) => limitedTo(SHARE, name))
  try {
    return limits.includes(null) ? null : await measure({ limits })
  } finally {
    for (const one of limits) one?.close()
  }
}

/** On a core each where this machine can hold them there. `floor`: what two processes that read such outputs without any server gain on one, in the same rounds: the rest the machine does not give. */
export async function measureParsing(): Promise<Parsing & { readonly floor: number }> {
  const [one, two]: [number[], number[]] = [[], []]
  const parsing = await measure({
    afterRound: async (isPinned) => {
      one.push(await plainRate(isPinned, 1))
      two.push(await plainRate(isPinned, 2))
    },
  })
  return { ...parsing, floor: median(two) / median(one) }
}

type How = {
  readonly limits?: readonly (Limited | null)[]
  readonly afterRound?: (isPinned: boolean) => Promise<void>
}

/** Attempts per second that one parser reads, and two, one worker each: from the news of their ends to their stored results, by real servers. */
async function measure({ limits = [], afterRound }: How): Promise<Parsing> {
  const ground = await openGround('replicas')
  const bus = await openBus({ url: ground.nats.url, name: 'bench' })
  const store = await openStore({
    ...{ url: ground.mongo.url, database: ground.store.db.databaseName, source: '/crystalmath/bench' },
    publish: (events) => publishEvents(bus, events),
  })
  const isPinned = canPin()
  const parsers: ChildProcess[] = []
  const ended = endings(store)
  const warm = async (count: number) => ended.read(await ended.make(count))
  const timed = async (count: number) => {
    const ids = await ended.make(count)
    return await reading(ground, parsers, () => ended.read(ids), count)
  }
  const [one, two]: [Reading[], Reading[]] = [[], []]
  try {
    parsers.push(startParser(ground, isPinned ? 0 : null, limits[0]))
    await warm(WARM)
    for (let round = 0; round < ROUNDS; round += 1) {
      one.push(await timed(JOBS))
      parsers.push(startParser(ground, isPinned ? 1 : null, limits[1]))
      await warm(2 * WARM)
      two.push(await timed(2 * JOBS))
      await stop(parsers.pop())
      await afterRound?.(isPinned)
    }
    const rate = (readings: readonly Reading[]) => median(readings.map(({ perSecond }) => perSecond))
    return { isPinned, one, two, gain: rate(two) / rate(one), atMost: median(two.map(({ unidle }) => unidle)) / rate(one) }
  } finally {
    await Promise.all(parsers.map(stop))
    await store.close()
    await bus.close()
    await ground.close()
  }
}

/** Readings a second of so many processes together, each on a core of its own. */
async function plainRate(isPinned: boolean, count: number): Promise<number> {
  const rates = Array.from({ length: count }, async (_, core) => {
    const command = [process.execPath, PLAIN, ...[STEPS, WARM, JOBS, 100 * core].map(String)]
    const [program = '', ...words] = isPinned ? pinned(String(core), command) : command
    return Number((await promisify(execFile)(program, words)).stdout)
  })
  return (await Promise.all(rates)).reduce((sum, one) => sum + one, 0)
}

async function reading(
  { mongo, nats }: Ground,
  parsers: readonly ChildProcess[],
  read: () => Promise<number>,
  count: number,
): Promise<Reading> {
  const used = async (pids: readonly number[]) =>
    (await Promise.all(pids.map(usageOf))).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  const pids = parsers.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  const usage = async () => ({ parsers: await used(pids), beside: await used([mongo.pid, nats.pid, process.pid]) })
  const before = await usage()
  const perSecond = await read()
  const after = await usage()
  const besideSeconds = after.beside - before.beside
  const unidle = (CORES * count) / (after.parsers - before.parsers + besideSeconds)
  return { perSecond, unidle, beside: (besideSeconds * perSecond) / count }
}

/** Jobs that have just ended, none of them read before. */
function endings(store: Store) {
  let made = 0
  return {
    /** Ends so many jobs whose outputs are kept already. */
    async make(count: number): Promise<readonly JobId[]> {
      const ids: JobId[] = []
      for (const end = made + count; made < end; made += 1) {
        const document = jobDocument(KIND, made, 'ended', 'vasp')
        await saveOutputs(store, tokenOf(document._id, 1), [{ path: 'OUTCAR', content: outcarOf(STEPS, made) }])
        await jobsOf(store).insertOne(document)
        ids.push(jobIdOf(KIND, made))
      }
      return ids
    },
    /** Tells of their ends and waits until their results are stored: how many a second. */
    async read(ids: readonly JobId[]): Promise<number> {
      const began = performance.now()
      await Promise.all(ids.map((id) => tellAgain(store, id)))
      for (;;) {
        const over = await jobsOf(store).countDocuments({ _id: { $in: [...ids] }, status: 'completed' })
        if (over === ids.length) return (1_000 * over) / (performance.now() - began)
        if (performance.now() - began > 180_000) throw new Error(`${over} of ${ids.length} attempts are read after 180 s`)
        await pause(LOOK_MS)
      }
    },
  }
}

function startParser({ mongo, nats, store }: Ground, core: number | null, limited: Limited | null = null): ChildProcess {
  const plain = [process.execPath, ...nodeOptionsOf('parser'), mainOf('parser')]
  const command = limited === null ? plain : limited.command(plain)
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
