import { periodically } from '@crystalmath/service'
import type { Deps } from '../deps.ts'
import { releaseExpired } from './holds.ts'

/** What no request asks for: holds that run out. */
export function startSweeps({ store, log, config, signal, now }: Deps): Promise<void> {
  const onError = (error: unknown) => log.warn({ err: error }, 'a sweep of the gateway failed')
  const sweep = async () => {
    const holds = await releaseExpired(store, now())
    if (holds > 0) log.info({ holds }, 'released what waited long enough')
  }
  return periodically(config.GATEWAY_SWEEP_SECONDS * 1_000, sweep, onError, signal).done
}
