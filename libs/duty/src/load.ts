import { openPace, places, type SiteLoad } from '@crystalmath/cluster'
import { BUDGET_MOST, type Budgeted, type ClusterSpec } from '@crystalmath/contract'
import type { Log } from '@crystalmath/service'
import { findBudget, type Limits, narrow, type Store, widen } from '@crystalmath/store'

/** How often it is looked what others found out about the account. */
const LOOK_MS = 5_000

export type Troubles = Readonly<Record<Budgeted, number>>

/** A load that is the account's: narrowed by half for each trouble, widened step by step while all is well, by whichever process serves it. */
export type AccountLoad = SiteLoad & {
  /** Refusals and answers that came too late, since it was opened. */
  troubles(): Troubles
  limits(): Limits
}

export async function openLoad(store: Store, spec: ClusterSpec, log: Log): Promise<AccountLoad> {
  let { limits } = await findBudget(store, spec)
  const load = { channels: places(limits.channels), transfers: places(limits.transfers), questions: openPace(limits.commands) }
  const troubles: Record<Budgeted, number> = { channels: 0, transfers: 0, commands: 0, submissions: 0 }
  /** Good answers since the last step upwards. */
  const good: Record<Budgeted, number> = { ...troubles }
  const adopt = (now: Limits) => {
    limits = now
    load.channels.set(now.channels)
    load.transfers.set(now.transfers)
    load.questions.set(now.commands)
  }
  const learn = (change: Promise<Limits>) =>
    void change.then(adopt, (error: unknown) => log.warn({ err: error }, 'what the account takes could not be stored'))
  const timer = setInterval(() => learn(findBudget(store, spec).then((found) => found.limits)), LOOK_MS).unref()
  return {
    ...load,
    submissions: () => limits.submissions,
    heard(what, how) {
      if (how === 'fine') {
        if (limits[what] >= BUDGET_MOST[what]) return
        good[what] += 1
        if (good[what] < limits[what]) return
        good[what] = 0
        return learn(widen(store, spec, what))
      }
      troubles[what] += 1
      good[what] = 0
      log.warn({ what, how, limit: limits[what] }, 'the account does not bear so much: less is asked of it from now on')
      learn(narrow(store, spec, what, how === 'refused' ? load.channels.limit() : undefined))
    },
    troubles: () => ({ ...troubles }),
    limits: () => limits,
    close: () => clearInterval(timer),
  }
}
