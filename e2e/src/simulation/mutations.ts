/** Rules of the protocol that a deliberately broken copy lacks; each has to be caught. */
export const MUTATIONS = {
  noClaimDirectory: 'a claim that exists already is made again',
  noLock: 'whoever starts runs, lock or not',
  requeueAllowed: 'a restart of the same job id passes as the owner of the lock',
  noFence: 'an earlier attempt counts as over unseen',
  startsBeforeFence: 'the next attempt may start while the last is being fenced',
  absenceOnce: 'one absence is an end',
  failedListingIsEmpty: 'a listing that failed reads as an empty one',
  trustsIdWithoutName: 'a row of our id is ours, whatever its name and age',
  ignoresTheVersion: 'a write does not look whether somebody wrote since it read',
  triesAgainAfterSilence: 'silence is taken for a refusal',
} as const

export type Mutation = keyof typeof MUTATIONS
