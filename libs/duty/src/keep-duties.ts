import { join } from 'node:path'
import { openSite, type Site } from '@crystalmath/cluster'
import { readPotcarHeader, readUpfHeader } from '@crystalmath/codes'
import {
  type ClusterName,
  type ClusterSpec,
  type ClusterView,
  type CodeName,
  PermanentError,
  TransientError,
  type WaitingKind,
} from '@crystalmath/contract'
import { type Log, periodically } from '@crystalmath/service'
import { findInstallation, type Lease, listClusters, type Store, saveClusterWait, takeLease } from '@crystalmath/store'
import { type AccountLoad, openLoad } from './load.ts'

/** How the doctor reads what a code's pseudopotentials say of themselves. */
const HEADERS: Partial<Record<CodeName, typeof readUpfHeader>> = {
  'quantum-espresso': readUpfHeader,
  yambo: readUpfHeader,
  vasp: readPotcarHeader,
}

/** One cluster, while this replica holds its lease. */
export type Duty = {
  readonly cluster: ClusterName
  readonly site: Site
  readonly lease: Lease
  /** Aborted when the lease is lost, the cluster changed or the service stops. */
  readonly signal: AbortSignal
  readonly log: Log
}

export type DutyOptions = {
  readonly store: Store
  readonly log: Log
  readonly signal: AbortSignal
  /** `write` stages and submits, `read` watches and fetches: so there are two connections per account at most. */
  readonly right: 'write' | 'read'
  /** Unique per process. */
  readonly holder: string
  /** Folder of the clusters' private keys. */
  readonly keyFolder: string
  readonly leaseTtlMs: number
  /** How often leases that others hold, and new clusters, are looked at. */
  readonly lookMs: number
  /** Serves the cluster until `duty.signal`. Throws where the cluster is away. */
  readonly serve: (duty: Duty) => Promise<void>
  readonly onBeat?: () => void
  /** Shows what is asked of a cluster's account while it is served. Returns how to end that. */
  readonly show?: (cluster: ClusterName, load: AccountLoad) => () => void
}

/** Serves every registered cluster whose lease is free. Resolves after the signal, when all is closed. */
export async function keepDuties(options: DutyOptions): Promise<void> {
  const { store, log, signal, lookMs } = options
  const served = new Map<ClusterName, { readonly spec: string; readonly stop: () => void; readonly done: Promise<void> }>()
  const look = async () => {
    options.onBeat?.()
    const clusters = await listClusters(store)
    for (const [name, { spec, stop }] of served) {
      const present = clusters.find((cluster) => cluster.spec.name === name)
      if (present === undefined || JSON.stringify(present.spec) !== spec) stop()
    }
    for (const cluster of clusters) {
      const { name } = cluster.spec
      if (served.has(name) || signal.aborted) continue
      const lease = await takeLease(store, {
        name: `${options.right}:${name}`,
        holder: options.holder,
        ttlMs: options.leaseTtlMs,
      })
      if (lease === null) continue
      const controller = new AbortController()
      const done = serveWhileHeld(options, cluster, lease, controller).finally(() => served.delete(name))
      served.set(name, { spec: JSON.stringify(cluster.spec), stop: () => controller.abort(), done })
    }
  }
  const { done } = periodically(lookMs, look, (error) => log.error({ err: error }, 'clusters could not be looked at'), signal)
  await done
  for (const { stop } of served.values()) stop()
  await Promise.all([...served.values()].map((one) => one.done))
}

async function serveWhileHeld(
  options: DutyOptions,
  { spec }: ClusterView,
  lease: Lease,
  controller: AbortController,
): Promise<void> {
  const log = options.log.child({ cluster: spec.name, right: options.right, lease: lease.number })
  const watch = setInterval(() => {
    if (!lease.isHeld()) controller.abort()
  }, 500)
  const stopWithService = () => controller.abort()
  options.signal.addEventListener('abort', stopWithService, { once: true })
  log.info('lease taken')
  try {
    for (let failures = 0; !controller.signal.aborted; ) {
      const began = performance.now()
      await serveOnce({ ...options, restMs: restMs(failures) }, spec, lease, controller.signal, log)
      failures = performance.now() - began > SERVED_MS ? 0 : failures + 1
    }
  } finally {
    clearInterval(watch)
    options.signal.removeEventListener('abort', stopWithService)
    await lease.release().catch((error: unknown) => log.warn({ err: error }, 'lease could not be given back'))
    log.info('lease given back')
  }
}

/** Opens a cluster's site as this service does: with its keys, for this installation, with as much at once as its account bears. Nothing is
 * connected before the first command. */
export async function openClusterSite(
  { store, keyFolder, show }: Pick<DutyOptions, 'store' | 'keyFolder' | 'show'>,
  spec: ClusterSpec,
  log: Log,
): Promise<Site> {
  const load = await openLoad(store, spec, log)
  const hide = show?.(spec.name, load)
  const close = () => {
    hide?.()
    load.close()
  }
  try {
    return await openSite(spec, {
      load: { ...load, close },
      key: { file: join(keyFolder, spec.ssh.key) },
      owner: await findInstallation(store),
      readPseudopotential: (code, _fileName, header) => HEADERS[code]?.(header) ?? null,
      log: (message, fields) => log.warn(fields, message),
    })
  } catch (error) {
    close()
    throw error
  }
}

/** A duty that was served so long met a new trouble, not the same again. */
const SERVED_MS = 60_000

/** Between two tries of a cluster that is away: soon again for some minutes, so that a short outage costs seconds, then ever more rarely. */
const restMs = (failures: number): number => (failures < 180 ? 1_000 : failures < 360 ? 4_000 : 20_000)

/** One connection's life. What ends it is shown as what the cluster waits for. */
async function serveOnce(
  options: DutyOptions & { readonly restMs: number },
  spec: ClusterSpec,
  lease: Lease,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const { store } = options
  let site: Site | undefined
  try {
    site = await openClusterSite(options, spec, log)
    await options.serve({ cluster: spec.name, site, lease, signal, log })
  } catch (error) {
    if (signal.aborted) return
    const kind = waitingKindOf(error)
    const because = (error instanceof Error ? error.message : String(error)).slice(0, 500)
    log.warn({ err: error, kind }, 'the cluster cannot be served')
    await saveClusterWait(store, spec.name, { kind, because, since: new Date().toISOString() }, spec).catch(() => undefined)
    await rest(error instanceof PermanentError ? 30_000 : options.restMs, signal)
  } finally {
    await site?.close().catch(() => undefined)
  }
}

/** Waits, or less if the signal comes. */
const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(finish, ms)
    function finish() {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    signal.addEventListener('abort', finish, { once: true })
  })

const waitingKindOf = (error: unknown): WaitingKind =>
  (error instanceof TransientError || error instanceof PermanentError ? error.waitingFor : null) ?? 'OTHER'
