import { MAX_CHANNELS, type SiteOptions } from '@crystalmath/cluster'
import type { ClusterSpec } from '@crystalmath/contract'
import type { Log } from '@crystalmath/service'
import { findBudget, type Store, saveBudget } from '@crystalmath/store'

/** How many sessions at once a connection begins with: one more than the server was found to take. It says by refusing one how many those are. */
export async function channelsOf(store: Store, spec: ClusterSpec, log: Log): Promise<NonNullable<SiteOptions['link']>> {
  const { channels } = await findBudget(store, spec)
  const maxChannels = Math.min(MAX_CHANNELS, (channels ?? MAX_CHANNELS) + 1)
  if (channels !== null) await saveBudget(store, spec, { channels: maxChannels === MAX_CHANNELS ? null : maxChannels })
  return {
    maxChannels,
    onRefusedChannel: (limit) => {
      log.warn({ channels: limit }, 'the server refused a session: so many are open at once from now on')
      saveBudget(store, spec, { channels: limit }).catch((error: unknown) =>
        log.warn({ err: error }, 'what the account takes could not be stored'),
      )
    },
  }
}
