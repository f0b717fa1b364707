import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openBus } from '@crystalmath/bus'
import { type Member, startNatsCluster, startReplicaSet } from '@crystalmath/local-servers'
import { letGo, postWaiting, untilOver, untilRunning } from './held-jobs.ts'
import { judgeLedger, readLedger, type Verdict } from './ledger.ts'
import { type Heard, openListeners } from './listeners.ts'
import { openStage, type StageOptions } from './stage.ts'

export type FailoverOptions = Pick<StageOptions, 'name' | 'environment'> & {
  /** That run at once when the first server is killed. */
  readonly jobs: number
  /** Over which they end, while servers are killed. */
  readonly endingSeconds: number
  readonly limitSeconds: number
  readonly say: (line: string) => void
}

export type Failover = Verdict &
  Heard & {
    readonly killed: readonly string[]
    readonly seconds: number
  }

/** Jobs run in Slurm; then the NATS server that leads the stream is killed, and the primary of MongoDB, each one of three, while the jobs end. */
export async function runFailover({ jobs, endingSeconds, limitSeconds, say, ...options }: FailoverOptions): Promise<Failover> {
  const dir = await mkdtemp(join(tmpdir(), `crystalmath-${options.name}-servers-`))
  const closers: (() => Promise<void>)[] = [() => rm(dir, { recursive: true, force: true })]
  try {
    const nats = await startNatsCluster({ dir: join(dir, 'nats') })
    closers.push(nats.stop)
    const mongo = await startReplicaSet({ dir: join(dir, 'mongo') })
    closers.push(mongo.stop)
    const stage = await openStage({
      ...options,
      servers: { natsUrl: nats.url, mongoUrl: mongo.url },
      settings: { NATS_REPLICAS: '3' },
      replicas: { gateway: 2, parser: 2 },
      // half of the nodes, of eight cores each, are the partition that takes the jobs
      site: { nodes: Math.max(4, 2 * Math.ceil(jobs / 8)) },
    })
    closers.push(stage.close)
    const bus = await openBus({ url: nats.url, name: 'failover', replicas: 3 })
    closers.push(bus.close)

    const began = performance.now()
    const tell = (line: string) => say(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
    const listeners = await openListeners(stage.platform.gateways, stage.platform.token)
    closers.push(listeners.close)
    const ids = await postWaiting(stage, jobs, endingSeconds)
    await untilRunning(stage, jobs, limitSeconds)
    tell(`${jobs} jobs run`)
    await letGo(stage)

    const killed: string[] = []
    const gateways = stage.platform.services.filter(({ service }) => service === 'gateway')
    /** With a gateway, so that the streams of its listeners have to be taken up again. */
    const kill = async (what: string, member: Member) => {
      process.kill(member.pid(), 'SIGKILL')
      const gateway = gateways.shift()
      gateway?.signal('SIGKILL')
      killed.push(what, ...(gateway === undefined ? [] : [`gateway ${gateway.replica}`]))
      tell(`kill -9 ${what}, ${member.name}, and gateway ${gateway?.replica}`)
      await pause((endingSeconds * 1_000) / 4)
      await member.restart()
      tell(`${member.name} is back`)
    }
    const { cluster } = await bus.manager.streams.info(bus.names.jobs)
    const leader = nats.members.find(({ name }) => name === cluster?.leader)
    if (leader === undefined)
      throw new Error(`no server of the cluster is called "${cluster?.leader}", as the stream's leader is`)
    await kill('the NATS server that leads the stream', leader)
    await kill('the primary of MongoDB', await mongo.primary())

    const views = await untilOver(stage, ids, limitSeconds, tell)
    const heard = await listeners.compare(bus, views)
    return { ...judgeLedger(views, await readLedger(stage.site)), ...heard, killed, seconds: (performance.now() - began) / 1_000 }
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}
