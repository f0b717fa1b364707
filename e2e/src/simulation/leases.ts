import type { Process, World } from './world.ts'

const TTL_MS = 60_000

/** Who has which right, by the database's clock. */
export type Leases = Map<string, { readonly holder: Process; readonly untilMs: number }>

export type SimulatedLease = {
  readonly name: string
  readonly number: number
  isHeld(): boolean
  release(): Promise<void>
  /** Takes or renews it, if it is free. */
  tryTake(): void
}

/** As `takeLease`: the holder stops itself at half of the TTL after its last renewal. Where leases lie, everybody holds all. */
export function leaseOf(world: World, leases: Leases, process: Process, name: string): SimulatedLease {
  const { time } = world
  let goodMs = Number.NEGATIVE_INFINITY
  return {
    name,
    number: 1,
    isHeld: () => (world.weather.leasesLie && !world.isCalm()) || time.now() - goodMs < TTL_MS / 2,
    release: () => Promise.resolve(),
    tryTake() {
      const present = leases.get(name)
      if (present !== undefined && present.holder !== process && present.untilMs > time.now()) return
      leases.set(name, { holder: process, untilMs: time.now() + TTL_MS })
      goodMs = time.now()
    },
  }
}
