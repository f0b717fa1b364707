import type { Work } from './work.ts'

/** Between two questions: one command of a scheduler that does not answer. */
const ASK_MS = 3_000
const ASKED = 'when the scheduler was asked whether it is back'
const TRIED = 'when it was found to be back, and not seen away since'

/**
 * A scheduler that did not answer is asked whether it is back; then one job is tried at once, and ever more. The wait after a refusal is for
 * one that answers, and lies by this: found back again and again though it takes no job, it is left to that wait.
 */
export async function askWhetherBack({
  duty,
  pressure,
  config,
  clock,
  lastAsked,
}: Pick<Work, 'duty' | 'pressure' | 'config' | 'clock' | 'lastAsked'>): Promise<void> {
  if (pressure.present()?.kind !== 'SCHEDULER_DOWN') return
  const now = clock.monotonicMs()
  const since = (what: string) => now - (lastAsked.get(what) ?? Number.NEGATIVE_INFINITY)
  if (since(ASKED) < ASK_MS) return
  lastAsked.set(ASKED, now)
  const { complete } = await duty.site.listQueue()
  if (!complete) return void lastAsked.delete(TRIED)
  if (since(TRIED) < config.REFUSED_RETRY_SECONDS * 1_000) return
  lastAsked.set(TRIED, now)
  pressure.tryNow(now)
  duty.log.info('the scheduler answers again')
}
