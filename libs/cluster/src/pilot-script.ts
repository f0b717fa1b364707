import { type BatchId, PILOT_LATE_SECONDS, type PilotShape, type Resources } from '@crystalmath/contract'
import type { Scheduler, SubmitWords } from '@crystalmath/schedulers'
import { quote } from '@crystalmath/ssh'
import { spoolOf } from './place.ts'
import { readScript } from './read-script.ts'

/** Seconds without a member to run after which a pilot ends. */
const IDLE_SECONDS = 30
/** Seconds between SIGTERM and SIGKILL to a member whose time is over. */
const GRACE_SECONDS = 30

type Surroundings = {
  readonly root: string
  readonly account: string
  /** Of the pilot itself, absolute. */
  readonly directory: string
  readonly scheduler: Scheduler
  /** What each member asks for. */
  readonly member: Resources
}

/** A pilot's job.sh: its constants, then the part that is the same for all. */
export const pilotScript = (shape: PilotShape, surroundings: Surroundings): string =>
  [
    ...pilotHead(shape, surroundings),
    `idle=${IDLE_SECONDS}`,
    'most=',
    // whether it lives, the queue says
    'beat() { :; }',
    'leave() { :; }',
    '',
    readScript('pilot.sh'),
  ].join('\n')

/** Constants of every pilot, whoever starts it. */
export const pilotHead = (
  { slots, cores, memberSeconds, earlySeconds, lifetimeSeconds }: PilotShape,
  { root, account, directory, scheduler, member }: Surroundings,
): readonly string[] => [
  '#!/bin/sh',
  '# a pilot: many jobs side by side',
  `root=${quote(root)}`,
  `directory=${quote(directory)}`,
  `spool=${quote(`${root}/${spoolOf(account)}`)}`,
  `me=${scheduler.owner}`,
  `node=${scheduler.node}`,
  `slots=${slots}`,
  `cores=${cores}`,
  `member_seconds=${memberSeconds}`,
  `early=${earlySeconds}`,
  `grace=${GRACE_SECONDS}`,
  `late=${PILOT_LATE_SECONDS}`,
  `lifetime=${lifetimeSeconds}`,
  'begun=0',
  `as_member() { ${scheduler.asMember(member)}; }`,
]

/** What the claim of a feed runs instead of a submission. */
export const feedScript = ({ memberSeconds }: PilotShape, feed: BatchId): string =>
  ['#!/bin/sh', `feed=${quote(feed)}`, `member_seconds=${memberSeconds}`, '', readScript('feed.sh')].join('\n')

/** Its words and its answer, as those of a submission. */
export const FEED_WORDS: SubmitWords = {
  argv: ['/bin/sh', './job.sh'],
  idFrom: String.raw`s/^fed to \(.*\)$/\1/p`,
  refused: '^crystalmath: ',
  silent: 'timed out',
  reasonFor: () => 'OTHER',
}
