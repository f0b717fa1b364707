import { type Bus, type Followed, follow, streamEpoch, streamSpan } from '@crystalmath/bus'
import { periodically } from '@crystalmath/service'

/** News as the live streams of this replica get them: one consumer of the bus, the latest kept in memory. */
export type Feed = {
  /** Ids are `<epoch>.<sequence>`; those of another epoch mean nothing in this one. */
  readonly epoch: () => string
  /** What came after an id, or null where that is not known any more: then a snapshot is due. */
  since(lastEventId: string): readonly Followed[] | null
  /** Hears everything from now on; returns how to leave. */
  subscribe(listener: (news: Followed) => void): () => void
  /** Sequence of the last news heard. */
  last(): number
  readonly done: Promise<void>
}

export type FeedOptions = { readonly keep: number; readonly signal: AbortSignal; readonly onError: (error: unknown) => void }

/** Follows the stream from `keep` news back. A stream that was made anew is followed from its beginning, under a new epoch. */
export async function openFeed(bus: Bus, { keep, signal, onError }: FeedOptions): Promise<Feed> {
  const listeners = new Set<(news: Followed) => void>()
  let recent: Followed[] = []
  let epoch = await streamEpoch(bus)
  const begin = await streamSpan(bus)
  /** Everything after this sequence is in `recent`. */
  let floor = Math.max(begin.first - 1, begin.last - keep, 0)
  let last = floor

  const hear = (news: Followed): void => {
    if (news.sequence <= last) return
    last = news.sequence
    recent.push(news)
    if (recent.length > keep * 1.2) {
      const dropped = recent.length - keep
      floor = recent[dropped - 1]?.sequence ?? floor
      recent = recent.slice(dropped)
    }
    for (const listener of listeners) listener(news)
  }
  const turn = async (): Promise<void> => {
    const now = await streamEpoch(bus)
    if (now !== epoch) {
      epoch = now
      recent = []
      floor = 0
      last = 0
    }
    for await (const news of follow(bus, last + 1, signal)) hear(news)
  }
  const loop = periodically(1_000, turn, onError, signal)

  return {
    epoch: () => epoch,
    last: () => last,
    done: loop.done,
    since: (id) => {
      const [, hisEpoch, sequence = ''] = /^([0-9a-z]+)\.(\d{1,15})$/.exec(id) ?? []
      if (hisEpoch !== epoch || Number(sequence) < floor) return null
      return recent.filter((news) => news.sequence > Number(sequence))
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
