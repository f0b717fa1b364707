import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBus } from '@crystalmath/bus'
import { waitUntil } from '@crystalmath/testing/wait-until'
import { openBalancer } from './balancer.ts'
import { letGo, postWaiting, untilOver, untilRunning } from './held-jobs.ts'
import { judgeLedger, readLedger, type Verdict } from './ledger.ts'
import { type Heard, openListeners } from './listeners.ts'
import { openLoad } from './load.ts'
import { openStage, type StageOptions } from './stage.ts'

export type RollingOptions = Pick<StageOptions, 'name' | 'environment'> & {
  /** That run while the services are restarted. */
  readonly jobs: number
  readonly requestsPerSecond: number
  readonly limitSeconds: number
  readonly say: (line: string) => void
}

export type Rolling = Verdict &
  Heard & {
    readonly restarts: number
    readonly seconds: number
    /** Of autocannon. */
    readonly requests: number
    /** Jobs beside those that ran from the beginning, one after the other through the balancer. */
    readonly posted: number
    /** Answers other than 2xx, connections that broke, and answers that did not come in 10 s. */
    readonly failed: number
    /** Given to a second gateway by the balancer. */
    readonly retried: number
    readonly latencyP99Ms: number
    readonly latencyMaxMs: number
  }

/** Two of every service, jobs in Slurm, autocannon on the gateways; then each process is asked to stop and comes again, one after the other. */
export async function runRolling({ jobs, requestsPerSecond, limitSeconds, say, ...options }: RollingOptions): Promise<Rolling> {
  const two = { gateway: 2, submitter: 2, poller: 2, parser: 2, recovery: 2, orchestrator: 2 }
  const stage = await openStage({
    ...options,
    replicas: two,
    // a gateway says that it leaves so long before it does, as in k8s/: a busy balancer looks late
    settings: { DRAIN_SECONDS: '3', RATE_PER_SECOND: '10000', RATE_BURST: '10000' },
    site: { nodes: Math.max(4, 2 * Math.ceil(jobs / 8)) },
  })
  const closers: (() => Promise<void>)[] = [stage.close]
  try {
    const balancer = await openBalancer(stage.platform.gateways)
    closers.push(balancer.close)
    const bus = await openBus({ url: stage.platform.servers.nats.url, name: 'rolling' })
    closers.push(bus.close)
    const listeners = await openListeners([balancer.url, ...stage.platform.gateways], stage.platform.token)
    closers.push(listeners.close)

    const began = performance.now()
    const tell = (line: string) => say(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
    const ids = await postWaiting(stage, jobs, 20)
    await untilRunning(stage, jobs, limitSeconds)
    tell(`${jobs} jobs run; ${requestsPerSecond} requests per second begin`)

    const load = openLoad(balancer.url, stage, ids, requestsPerSecond)
    closers.push(load.close)
    let restarts = 0
    for (const { service, replica, pid, signal } of stage.platform.services) {
      const old = pid()
      const log = join(stage.platform.dataFolder, 'logs', `${service}-${replica}.log`)
      const before = await readyCount(log)
      signal('SIGTERM')
      await waitUntil(async () => pid() !== null && pid() !== old && (await readyCount(log)) > before, {
        timeoutMs: 60_000,
        everyMs: 100,
        onTimeout: `${service} ${replica} did not come again`,
      })
      restarts += 1
      tell(`${service} ${replica} stopped and ready again`)
      // half of them end while the other half of the services is restarted
      if (restarts === stage.platform.services.length / 2) await letGo(stage)
    }
    const { result, posted } = await load.end()
    const views = await untilOver(stage, [...ids, ...posted], limitSeconds, tell)
    const heard = await listeners.compare(bus, views)
    return {
      ...judgeLedger(views, await readLedger(stage.site)),
      ...heard,
      restarts,
      seconds: (performance.now() - began) / 1_000,
      requests: result.requests.total,
      failed: result.non2xx + result.errors + result.timeouts,
      posted: posted.length,
      retried: balancer.retried(),
      latencyP99Ms: result.latency.p99,
      latencyMaxMs: result.latency.max,
    }
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

/** How often a service has said that it is ready. */
const readyCount = async (log: string): Promise<number> => (await readFile(log, 'utf8')).split('"msg":"ready"').length - 1
