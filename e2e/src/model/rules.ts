/** What the protocol rests on, and the trouble in which its lack shows. */
export const RULES = {
  claimIsADirectory: { rule: 'a try is claimed by the one who makes its directory', shows: 'silence' },
  lockDecides: { rule: 'job.sh runs only with the lock', shows: 'requeue' },
  restartIsNotTheOwner: { rule: 'a restart of the same job id does not pass as the owner of the lock', shows: 'requeue' },
  disproofNeedsAge: { rule: 'silence is disproved only when a late submission would show', shows: 'silence' },
  whatMayComeLateIsFenced: {
    rule: 'a try that silence disproved is fenced before its job is called cancelled',
    shows: 'lateness',
  },
  disproofNeedsAClaim: {
    rule: 'what nobody claimed cannot be disproved, for somebody still may claim it',
    shows: 'silence',
  },
  disproofNamesItsTry: { rule: 'what is said of one try does not settle another', shows: 'silence' },
  fenceBeforeNext: { rule: 'the next attempt waits until the last is proved over', shows: 'preemption' },
  absenceIsProved: { rule: 'a failed, torn or single listing is no absence', shows: 'silence' },
  cancelledByName: {
    rule: 'what somebody wants cancelled is cancelled on the cluster until it is proved over',
    shows: 'silence',
  },
} as const

export type Rule = keyof typeof RULES
