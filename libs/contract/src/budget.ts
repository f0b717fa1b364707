import { z } from 'zod'
import { WaitingKind } from './status.ts'

/** What an account of a cluster is not asked without measure. */
export const BUDGETED = ['channels', 'transfers', 'commands', 'submissions'] as const
export type Budgeted = (typeof BUDGETED)[number]

/** As much as we ever want, for each of our two connections: sessions at once (sshd's own MaxSessions is 10), streams of inputs or outputs at once (while
 * one is packed the other is sent), questions to the scheduler a minute, submissions in one remote command. */
export const BUDGET_MOST: Readonly<Record<Budgeted, number>> = { channels: 6, transfers: 2, commands: 120, submissions: 25 }

/** What trouble leaves of it: the watcher has a session of its own, and a scheduler that was away has to be found back. */
export const BUDGET_LEAST: Readonly<Record<Budgeted, number>> = { channels: 2, transfers: 1, commands: 30, submissions: 1 }

/** Where an account refused one job more. */
export const LearntLimit = z.object({
  kind: WaitingKind,
  /** What was said to the refusal. */
  because: z.string(),
  inFlight: z.number().int(),
  /** How many more are tried next. */
  step: z.number().int(),
})
export type LearntLimit = Readonly<z.infer<typeof LearntLimit>>

const Limit = z.object({ now: z.number().int(), most: z.number().int() })

/** What an account is asked at most, learnt from what it refused and from what it did not answer in time; one for all clusters that are reached through it. */
export const AccountBudget = z.object({
  /** `user@host:port`. */
  account: z.string(),
  /** Those that are held now, by the leases of reading and writing, and as many as there may be. */
  connections: Limit,
  limits: z.object({ channels: Limit, transfers: Limit, commands: Limit, submissions: Limit }),
  /** Jobs in its queue, ours and those submitted by hand, where it refused more; null: it refused none. */
  jobs: LearntLimit.nullable(),
})
export type AccountBudget = z.infer<typeof AccountBudget>
