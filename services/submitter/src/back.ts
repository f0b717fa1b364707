import type { Work } from './serve-writes.ts'

/** Between two questions: one command of a scheduler that does not answer. */
const ASK_MS = 3_000

/** A scheduler that did not answer is asked whether it is back. The wait after a refusal is for one that answers: it need not be over then. */
export async function askWhetherBack({
  duty,
  pressure,
  clock,
  lastAsked,
}: Pick<Work, 'duty' | 'pressure' | 'clock' | 'lastAsked'>) {
  if (pressure.present()?.kind !== 'SCHEDULER_DOWN') return
  const now = clock.monotonicMs()
  if (now - (lastAsked.get(BACK) ?? Number.NEGATIVE_INFINITY) < ASK_MS) return
  const { complete } = await duty.site.listQueue()
  lastAsked.set(BACK, clock.monotonicMs())
  if (!complete) return
  pressure.lift()
  duty.log.info('the scheduler answers again')
}

const BACK = 'is the scheduler back'
