/** How a running attempt's files have changed so far, as somebody saw who looked now and then. Times by one clock, ms. */
export type Pace = {
  readonly seenSinceMs: number
  /** When a change was last seen. */
  readonly changedAtMs: number
  /** Between two changes that were seen; looks that failed make it longer, never shorter. */
  readonly longestGapMs: number
  readonly changes: number
  /** Newest time and bytes of all its files, whatever those are. */
  readonly sign: string
}

/** The pace with one more look. */
export function paced(pace: Pace | undefined, sign: string, nowMs: number): Pace {
  if (pace === undefined) return { seenSinceMs: nowMs, changedAtMs: nowMs, longestGapMs: 0, changes: 0, sign }
  if (pace.sign === sign) return pace
  return {
    ...pace,
    ...{ changedAtMs: nowMs, changes: pace.changes + 1, sign },
    longestGapMs: Math.max(pace.longestGapMs, nowMs - pace.changedAtMs),
  }
}

/** A pace is known by so many changes; before, a run may be in its first long step. */
const KNOWN_BY = 20
/** Silence beyond the longest so far, times this, is worth a word. */
const BEYOND = 10

/** What to say of a run that is silent far beyond its own pace; null where it is not. Never below `leastMs`. While its pace is not known it must have been
 * silent for as long as it was seen before, and four times `leastMs`. It is a remark, no judgement: a response function, a GW step or an exact diagonalisation
 * may write nothing for hours, and only who sees its processes knows. */
export function quietOf(
  { seenSinceMs, changedAtMs, longestGapMs, changes }: Pace,
  nowMs: number,
  leastMs: number,
): string | null {
  const isKnown = changes >= KNOWN_BY
  const seenMs = changedAtMs - seenSinceMs
  const allowedMs = Math.max(BEYOND * longestGapMs, isKnown ? leastMs : Math.max(4 * leastMs, seenMs))
  if (nowMs - changedAtMs <= allowedMs) return null
  const before =
    changes === 0
      ? 'none has since it is watched'
      : `the longest silence before was ${spanOf(longestGapMs)}, in ${spanOf(seenMs)} that it was watched${isKnown ? '' : ' and changed a few times only'}`
  return `none of its files has changed for more than ${spanOf(allowedMs)}; ${before}. It may hang, or be in a long step: its log and its processes tell`
}

const spanOf = (ms: number): string => {
  const seconds = ms / 1_000
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3_600).toPrecision(2))} h`
}
