import { isOver } from '@crystalmath/contract'
import { periodically } from '@crystalmath/service'
import type { Deps } from '../deps.ts'
import { releaseExpired } from './holds.ts'
import { releaseSuccessors } from './successors.ts'

/** News older than this are left to the sweep. */
const FRESH_MS = 60_000

/** What no request asks for: holds that run out, and jobs whose predecessor is over. News make the second quick, the sweep makes it sure. */
export function startSweeps({ store, feed, log, config, signal, now }: Deps): Promise<void> {
  const onError = (error: unknown) => log.warn({ err: error }, 'a sweep of the gateway failed')
  const sweep = async () => {
    const holds = await releaseExpired(store, now())
    const successors = await releaseSuccessors(store, null, now())
    if (holds + successors > 0) log.info({ holds, successors }, 'released what waited long enough')
  }
  const leave = feed.subscribe(({ event }) => {
    if (event.type !== 'StateChanged' || !isOver(event.data.to)) return
    if (now().getTime() - Date.parse(event.time) > FRESH_MS) return // history, heard at the start: the sweep has seen to it
    releaseSuccessors(store, event.data.jobId, now()).catch(onError)
  })
  signal.addEventListener('abort', leave, { once: true })
  return periodically(config.GATEWAY_SWEEP_SECONDS * 1_000, sweep, onError, signal).done
}
