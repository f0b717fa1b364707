import { type Bus, publishEvents } from '@crystalmath/bus'
import { type Log, periodically } from '@crystalmath/service'
import { findUnpublished, type Lease, type Store, takeLease } from '@crystalmath/store'

type Relay = {
  readonly store: Store
  readonly bus: Bus
  readonly log: Log
  readonly signal: AbortSignal
  readonly holder: string
  readonly leaseTtlMs: number
}

/** An outbox is its writer's to empty for so long; then the sweep relays it. */
const GRACE_MS = 5_000

/** Publishes what writers of any service left behind: the one who crashed between its write and the bus, or found the bus away. One replica at a time. */
export async function relayOutboxes({ store, bus, log, signal, holder, leaseTtlMs }: Relay): Promise<void> {
  let lease: Lease | null = null
  const turn = async () => {
    if (lease === null || !lease.isHeld()) lease = await takeLease(store, { name: 'relay', holder, ttlMs: leaseTtlMs })
    if (lease === null) return
    const left = await findUnpublished(store, new Date(Date.now() - GRACE_MS).toISOString(), 500)
    if (left.length === 0) return
    await publishEvents(
      bus,
      left.flatMap(({ news }) => news),
    )
    store.emptying.later(left)
    await store.emptying.flush()
    log.info({ jobs: left.length }, 'relayed what writers left behind')
    if (left.length === 500) loop.wake()
  }
  const loop = periodically(2_000, turn, (error) => log.warn({ err: error }, 'outboxes could not be relayed'), signal)
  await loop.done
  await (lease as Lease | null)?.release().catch(() => undefined)
}
