import type { Weather } from './weather.ts'

/** Rules of the protocol that a deliberately broken copy lacks, and the weather that brings each out soonest. */
export const MUTATIONS = {
  noClaimDirectory: { rule: 'a claim that exists already is made again', weather: { leasesLie: true, pause: 0.02 } },
  noLock: { rule: 'whoever starts runs, lock or not', weather: { requeued: 0.3 } },
  requeueAllowed: { rule: 'a restart of the same job id passes as the owner of the lock', weather: { requeued: 0.3 } },
  requeueIsAFailure: {
    rule: 'a run that a requeue told to end counts as one that failed of itself',
    weather: { requeued: 0.4, preempted: 0, nodeFails: 0, losesState: false },
  },
  noFence: { rule: 'an earlier attempt counts as over unseen', weather: { hasAccounting: false, preempted: 0.6 } },
  startsBeforeFence: {
    rule: 'the next attempt may start while the last is being fenced',
    weather: { hasAccounting: false, preempted: 0.6 },
  },
  absenceOnce: { rule: 'one absence is an end', weather: { listingStale: 0.4 } },
  failedListingIsEmpty: {
    rule: 'a listing that failed reads as an empty one',
    weather: { away: { fromMs: 40_000, ms: 140_000 }, linkDown: 0, crash: 0, pause: 0 },
  },
  trustsIdWithoutName: {
    rule: 'a row of our id is ours, whatever its name and age',
    weather: { losesState: true, hasAccounting: false, crash: 0, pause: 0 },
  },
  ignoresTheVersion: {
    rule: 'a write does not look whether somebody wrote since it read',
    weather: { leasesLie: true, pause: 0.02 },
  },
  forgetsWhatMayComeLate: {
    rule: 'a try that silence disproved is as good as refused',
    weather: { takesLate: 1, lateMs: 600_000, refuses: 0.6, neverTakes: 0, linkDown: 0, crash: 0, pause: 0 },
  },
  believesTheSystem: {
    rule: 'what root cancelled, somebody did not want',
    weather: { losesState: true, hasAccounting: true },
  },
  membersOfAnother: {
    rule: 'whoever finds an array claimed takes its own members for those that were sent',
    weather: {
      ...{ leasesLie: true, pause: 0.1, crash: 0, packing: 'array', preempted: 0, requeued: 0, nodeFails: 0 },
      ...{ exitsBadly: 0, linkDown: 0, answerLost: 0, refuses: 0 },
    },
  },
  withdrawsWhatIsTaken: {
    rule: 'a ticket counts as withdrawn though a pilot took it',
    weather: { nodeFails: 0.6, preempted: 0.4, fileLagMs: 30_000, packing: 'pilot' },
  },
  takesWithdrawnTickets: {
    rule: 'a pilot begins members whose tickets are withdrawn',
    weather: { takesLate: 1, lateMs: 600_000, packing: 'pilot', linkDown: 0, crash: 0, pause: 0 },
  },
  feedsTheDead: {
    rule: 'a pilot that gave members back is fed again',
    weather: { losesState: true, packing: 'pilot', crash: 0, pause: 0 },
  },
  withdrawsNothing: {
    rule: 'a ticket is called withdrawn and lies there still',
    weather: { packing: 'pilot', crash: 0, pause: 0 },
  },
  triesAgainAfterSilence: { rule: 'silence is taken for a refusal', weather: { takesLate: 0.5 } },
} as const satisfies Record<string, { readonly rule: string; readonly weather: Partial<Weather> }>

export type Mutation = keyof typeof MUTATIONS
