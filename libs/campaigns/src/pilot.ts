import { type Partition, PILOT_LATE_SECONDS, type PilotShape, type Resources } from '@crystalmath/contract'

/** A pilot for jobs of one shape: what it asks for, how it uses that, and how many jobs it may run one after the other and side by side. */
export type Pilot = { readonly shape: PilotShape; readonly resources: Resources; readonly most: number }

/** No longer than a day, however long a partition lets jobs run: what waits in it cannot go elsewhere meanwhile. */
const LONGEST_SECONDS = 86_400
/** Beyond what its members may need, s. */
const MARGIN_SECONDS = 60
/** Of a node's memory, what jobs may ask for: the rest is the system's. */
const USABLE_MEMORY = 0.95

/** One node of the partition, as full as cores and memory allow; null where fewer than two jobs fit side by side, or one needs more than a node. */
export function pilotFor(
  member: Resources,
  count: number,
  partition: Partition | undefined,
  lastSeconds = LONGEST_SECONDS,
): Pilot | null {
  if (partition === undefined || member.nodes > 1 || member.gpusPerNode > 0) return null
  const cores = member.ranks * member.threadsPerRank
  const memory = member.memoryMebibytes
  const byMemory =
    memory === undefined ? Number.POSITIVE_INFINITY : Math.floor((USABLE_MEMORY * partition.memoryMebibytesPerNode) / memory)
  const slots = Math.min(count, Math.floor(partition.coresPerNode / cores), byMemory)
  const longest = Math.min(lastSeconds, partition.maxWalltimeSeconds ?? LONGEST_SECONDS) - MARGIN_SECONDS
  const waves = Math.min(Math.ceil(count / Math.max(1, slots)), Math.floor(longest / member.walltimeSeconds))
  if (slots < 2 || waves < 1) return null
  // where more wait than it is sure to have time for, it takes what time it may get: they may end long before their wall clocks
  const isMore = count > slots * waves
  const lifetimeSeconds = (isMore ? longest : waves * member.walltimeSeconds) + MARGIN_SECONDS
  return {
    shape: {
      slots,
      cores,
      memberSeconds: member.walltimeSeconds,
      earlySeconds: earlySeconds(member.walltimeSeconds),
      lifetimeSeconds,
    },
    resources: {
      ...member,
      ranks: slots * member.ranks,
      ...(memory === undefined ? {} : { memoryMebibytes: slots * memory }),
      walltimeSeconds: lifetimeSeconds,
    },
    most: slots * waves,
  }
}

/** A feed is under way for some seconds: what a pilot was seen to end in so many, it gets beside what it is sure to have time for. */
const AHEAD_SECONDS = 5
/** Of what one slot runs, at most so many are sent ahead. */
const MOST_AHEAD = 8

/** How many more members a pilot may take: as many as it can run one after the other in the time it has left, if each takes all of its own, and where
 * they end sooner as many as it ends while a feed is under way. Whoever it does not begin comes back. `live`: members that are not over; `ended`: those that
 * are, as far as is known. `beganSeconds`: since it began; null: it has not. */
export function roomIn(
  { slots, memberSeconds, lifetimeSeconds }: PilotShape,
  { live, beganSeconds, ended = 0 }: { readonly live: number; readonly beganSeconds: number | null; readonly ended?: number },
): number {
  const left = lifetimeSeconds - (beganSeconds ?? 0) - PILOT_LATE_SECONDS
  const waves = Math.floor(left / memberSeconds)
  if (waves < 1) return 0
  const ahead = beganSeconds === null ? 0 : Math.floor((AHEAD_SECONDS * ended) / Math.max(1, beganSeconds))
  return Math.max(0, slots * waves + Math.min(ahead, MOST_AHEAD * slots) - live)
}

/** A member is warned as a job of its own would be: a twentieth of its time before the end, 30 s to 10 min; not below five minutes. */
const earlySeconds = (seconds: number): number => (seconds < 300 ? 0 : Math.floor(Math.min(Math.max(seconds / 20, 30), 600)))
