import { BUDGET_MOST, type Budgeted } from '@crystalmath/contract'
import { ampleLoad, type Bearing, type LinkLoad } from '@crystalmath/ssh'
import { openPace, type Pace } from './pace.ts'

/** What one connection to an account does at once and in a minute, and who is told how the account bears it. */
export type SiteLoad = Omit<LinkLoad, 'heard'> & {
  /** Questions to the scheduler. */
  readonly questions: Pace
  /** In one remote command. */
  submissions(): number
  heard(what: Budgeted, how: Bearing): void
  close(): void
}

/** As much as we ever want. */
export const ampleSiteLoad = (): SiteLoad => ({
  ...ampleLoad(),
  questions: openPace(BUDGET_MOST.commands),
  submissions: () => BUDGET_MOST.submissions,
  close: () => undefined,
})
