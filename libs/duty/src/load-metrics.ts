import { BUDGETED, type Budgeted, type ClusterName } from '@crystalmath/contract'
import { Gauge, type Registry } from '@crystalmath/service'
import type { AccountLoad } from './load.ts'

/** Puts what is asked of accounts, and how they bear it, beside the service's other figures. Returns how to show a load while it is open. */
export function showLoads(registry: Registry, right: 'read' | 'write'): (cluster: ClusterName, load: AccountLoad) => () => void {
  const open = new Map<ClusterName, AccountLoad>()
  const gauge = (name: string, help: string, shown: (load: AccountLoad, what: Budgeted) => number | null) => {
    const one: Gauge<'cluster' | 'right' | 'what'> = new Gauge({
      ...{ name, help, labelNames: ['cluster', 'right', 'what'], registers: [registry] },
      collect: () => {
        one.reset()
        for (const [cluster, load] of open)
          for (const what of BUDGETED) {
            const value = shown(load, what)
            if (value !== null) one.set({ cluster, right, what }, value)
          }
      },
    })
  }
  gauge(
    'crystalmath_account_limit',
    'What an account is asked at most, as learnt: at once, or questions a minute',
    (load, what) => load.limits()[what],
  )
  gauge('crystalmath_account_used', 'Sessions and streams that are under way', (load, what) =>
    what === 'channels' || what === 'transfers' ? load[what].used() : null,
  )
  gauge(
    'crystalmath_account_troubles',
    'Refusals and answers that came too late, since the connection was opened',
    (load, what) => load.troubles()[what],
  )
  return (cluster, load) => {
    open.set(cluster, load)
    return () => {
      if (open.get(cluster) === load) open.delete(cluster)
    }
  }
}
