import { setTimeout as pause } from 'node:timers/promises'
import { openStage, type Stage, scriptJob } from '@crystalmath/e2e'
import { openStore, type Store } from '@crystalmath/store'
import { median } from '../statistics.ts'
import { measureLimited, measureParsing, type Reading, SHARE } from './parsing.ts'

const [POLLERS, SUBMITTERS, RUNNING] = [10, 3, 20] as const
const LOOK_SECONDS = 40
const QUEUE_INTERVAL_SECONDS = 4
const COMMANDS = ['squeue', 'sacct', 'scontrol', 'sinfo', 'scancel'] as const

export const replicasBench = {
  about: `scheduler commands of ${POLLERS} pollers and of one, and how soon leases move when their holder is killed, with settings as shipped; what two parsers read, and one`,
  run: async ({ json }: { readonly json: boolean }): Promise<void> => {
    const parsing = await measureParsing()
    const rates = (readings: readonly Reading[]) => readings.map(({ perSecond }) => perSecond.toFixed(1)).join(', ')
    const beside = (readings: readonly Reading[]) => median(readings.map((one) => one.beside)).toFixed(2)
    const where = parsing.isPinned ? 'on a core each' : 'on any core'
    process.stdout.write(
      `attempts read a second, one worker each, ${where}, in turns: one parser ${rates(parsing.one)}; two ${rates(parsing.two)}: ${parsing.gain.toFixed(2)}x by medians\n  at most ${parsing.atMost.toFixed(2)}x on two cores: MongoDB, NATS and this bench kept ${beside(parsing.one)} of them busy beside one, ${beside(parsing.two)} beside two\n  floor: two processes that read such outputs without servers, against one, in the same rounds: ${parsing.floor.toFixed(2)}x\n`,
    )
    const limited = await measureLimited()
    if (limited === null) process.stdout.write('no control group may be made here: parsers with a share of a core are left out\n')
    else
      process.stdout.write(
        `the same with each parser held to ${SHARE} of a core, so that the servers have room: one ${rates(limited.one)}; two ${rates(limited.two)}: ${limited.gain.toFixed(2)}x by medians\n`,
      )
    const stage = await openStage({
      ...{ name: 'replicas', environment: process.env, isAsShipped: true, queueIntervalSeconds: QUEUE_INTERVAL_SECONDS },
      replicas: { poller: POLLERS, submitter: SUBMITTERS },
    })
    const { mongo } = stage.platform.servers
    const store = await openStore({ url: mongo.url, database: 'crystalmath', source: '/crystalmath/bench' })
    try {
      const running = Array.from({ length: RUNNING }, () => scriptJob(stage, 'sleep 280\n'))
      await stage.client.submitMany(running)
      await pause(15_000) // all of them run
      const many = await commandsIn(stage, LOOK_SECONDS)
      const moves = { read: await secondsToMove(stage, store, 'read'), write: await secondsToMove(stage, store, 'write') }
      const holder = await holderOf(stage, store, 'read')
      await Promise.all(
        stage.platform.services.filter(({ service, pid }) => service === 'poller' && pid() !== holder).map((one) => one.stop()),
      )
      const one = await commandsIn(stage, LOOK_SECONDS)
      const said = (counts: typeof one) => COMMANDS.map((name) => `${name} ${counts[name] ?? 0}`).join(', ')
      process.stdout.write(
        `scheduler commands in ${LOOK_SECONDS} s, ${RUNNING} jobs running, the queue looked at every ${QUEUE_INTERVAL_SECONDS} s\n`,
      )
      process.stdout.write(`  ${POLLERS} pollers   ${said(many)}\n  one          ${said(one)}\n`)
      process.stdout.write(
        `a killed holder's lease moved after: read ${moves.read.toFixed(1)} s, write ${moves.write.toFixed(1)} s\n`,
      )
      if (json) process.stdout.write(`${JSON.stringify({ bench: 'replicas', parsing, limited, many, one, moves })}\n`)
    } finally {
      await store.close()
      await stage.close()
    }
  },
}

/** What the login node was asked in so many seconds. */
async function commandsIn({ site }: Stage, seconds: number): Promise<Readonly<Record<string, number>>> {
  const wrappers = await Promise.all(COMMANDS.map(async (name) => [name, await site.wrap(name)] as const))
  await pause(seconds * 1_000)
  const counts = await Promise.all(wrappers.map(async ([name, wrapper]) => [name, (await wrapper.calls()).length] as const))
  await Promise.all(wrappers.map(([, wrapper]) => wrapper.remove()))
  return Object.fromEntries(counts)
}

/** Process id of who holds a cluster's lease: holders call themselves `<host>:<pid>:<time>`. */
async function holderOf({ cluster }: Stage, { db }: Store, right: 'read' | 'write'): Promise<number> {
  const lease = await db.collection<{ _id: string; holder: string }>('leases').findOne({ _id: `${right}:${cluster}` })
  return Number(lease?.holder.split(':').at(-2))
}

/** Kills the holder as a crash would, and waits until another process has the lease. */
async function secondsToMove(stage: Stage, store: Store, right: 'read' | 'write'): Promise<number> {
  const before = await holderOf(stage, store, right)
  process.kill(before, 'SIGKILL')
  const began = performance.now()
  while ((await holderOf(stage, store, right)) === before) {
    if (performance.now() - began > 180_000) throw new Error(`the ${right} lease of ${before} did not move in 180 s`)
    await pause(100)
  }
  return (performance.now() - began) / 1_000
}
