import type { Place, SentinelNews } from '@crystalmath/cluster'
import type { AttemptSight, EndSentinel, StartSentinel, Token } from '@crystalmath/contract'
import { batchToken, carrierOf, memberId, NativeId } from '@crystalmath/contract'
import type { World } from './world.ts'

/** What a compute node wrote, and from when on the login node sees it. */
type Seen<T> = { readonly value: T; readonly visibleMs: number }

/** One attempt's directory. The lock is a hard link: at once the same for everybody. */
export type Folder = {
  readonly token: Token
  readonly claims: Map<number, { touchedMs: number; said: string | null; refused: string | null }>
  jobId: string | null
  inputs: 'none' | 'torn' | 'whole'
  /** Batches whose claims brought them. */
  readonly broughtBy: Token[]
  lock: string | null
  lockVisibleMs: number
  start: Seen<StartSentinel> | null
  end: Seen<EndSentinel> | null
  /** When the cancel file was written, and from when on compute nodes see it. */
  cancel: { readonly madeMs: number; readonly visibleMs: number } | null
  readonly others: Seen<{ readonly kind: 'duplicate' | 'requeued'; readonly owner: string }>[]
}

/** A member of a staged batch. */
export type Member = { readonly index: number; readonly token: Token }

/** A staged batch: whose inputs it holds, and the pilot that it is to be fed to. */
export type StagedMembers = { readonly isPilot: boolean; readonly members: readonly Member[]; readonly into: Token | null }

/** The shared file system: attempt folders, staged inputs, the spool. */
export type Files = {
  folder(token: Token): Folder
  readonly folders: ReadonlyMap<Token, Folder>
  /** Content of `.staging/<token>.<nonce>/`. */
  readonly staging: Map<string, 'torn' | 'whole'>
  readonly stagedMembers: Map<string, StagedMembers>
  /** What was offered to a pilot while it lived, and from when on it sees that. */
  readonly feeds: Map<Token, Seen<{ readonly feed: Token; readonly members: readonly Member[] }>[]>
  /** Pilots that begin nobody any more. */
  readonly closed: Map<Token, Seen<true>>
  /** Who decides about a member's ticket: the first who says so. */
  decide(batch: Token, token: Token, who: string): string
  /** A compute node's write: seen so much later elsewhere. */
  seenLater<T>(value: T): Seen<T>
  /** Into the spool; told to whoever watches once it is seen. */
  announce(news: SentinelNews): void
  watch(onNews: (news: readonly SentinelNews[]) => void): () => void
  settle(tokens: readonly Token[]): void
  look(place: Place): AttemptSight
  clusterSeconds(): number
}

const NEVER = { visibleMs: Number.POSITIVE_INFINITY }

export function makeFiles(world: World): Files {
  const { time, weather, chance } = world
  const folders = new Map<Token, Folder>()
  const staging = new Map<string, 'torn' | 'whole'>()
  const stagedMembers: Files['stagedMembers'] = new Map()
  const feeds: Files['feeds'] = new Map()
  const closed: Files['closed'] = new Map()
  const decided = new Map<string, string>()
  const spool = new Set<Seen<SentinelNews>>()
  const watchers = new Set<(news: readonly SentinelNews[]) => void>()
  const clusterSeconds = () => (time.now() + weather.clockOffsetMs) / 1_000
  const isSeen = (one: { readonly visibleMs: number }) => one.visibleMs <= time.now()
  const lagMs = () => chance.between(0, weather.fileLagMs)
  return {
    folders,
    staging,
    stagedMembers,
    feeds,
    closed,
    decide(batch, token, who) {
      const key = `${batch} ${token}`
      if (!decided.has(key)) decided.set(key, who)
      return decided.get(key) ?? who
    },
    clusterSeconds,
    seenLater: (value) => ({ value, visibleMs: time.now() + lagMs() }),
    folder(token) {
      const there = folders.get(token)
      if (there !== undefined) return there
      const made: Folder = {
        token,
        claims: new Map(),
        jobId: null,
        inputs: 'none',
        broughtBy: [],
        lock: null,
        lockVisibleMs: 0,
        start: null,
        end: null,
        cancel: null,
        others: [],
      }
      folders.set(token, made)
      return made
    },
    announce(news) {
      const entry = { value: news, visibleMs: time.now() + lagMs() + chance.between(100, 500) }
      spool.add(entry)
      time.after(entry.visibleMs - time.now(), () => {
        if (spool.has(entry)) for (const tell of watchers) tell([news])
      })
    },
    watch(onNews) {
      const there = [...spool].filter(isSeen).map(({ value }) => value)
      if (there.length > 0) onNews(there)
      watchers.add(onNews)
      return () => watchers.delete(onNews)
    },
    settle(tokens) {
      for (const entry of spool) if (isSeen(entry) && tokens.includes(entry.value.token)) spool.delete(entry)
    },
    look({ token, batch }) {
      const folder = folders.get(token)
      const claimed = batch == null ? folder : folders.get(batchToken(batch.id))
      const id = claimed?.jobId == null ? null : NativeId.parse(claimed.jobId)
      const lock = folder !== undefined && folder.lockVisibleMs <= time.now() ? folder.lock : null
      const ownersOnly = (owner: string) => owner === lock
      const start =
        folder?.start != null && isSeen(folder.start) && ownersOnly(folder.start.value.owner) ? folder.start.value : null
      const end = folder?.end != null && isSeen(folder.end) && ownersOnly(folder.end.value.owner) ? folder.end.value : null
      const others = folder?.others.filter(isSeen).map(({ value }) => value) ?? []
      return {
        lookedAt: new Date(time.now()).toISOString(),
        clusterSeconds: clusterSeconds(),
        exists: folder !== undefined,
        claims: [...(claimed?.claims ?? [])]
          .map(([tryNumber, { touchedMs, said, refused }]) => ({
            tryNumber,
            ageSeconds: (time.now() - touchedMs) / 1_000,
            said,
            refused,
          }))
          .sort((a, b) => a.tryNumber - b.tryNumber),
        nativeId: id === null || batch == null ? id : memberId(id, batch),
        broughtBy: folder?.broughtBy ?? [],
        pilotClosed: batch != null && isSeen(closed.get(batchToken(carrierOf(batch))) ?? NEVER),
        ticket: batch == null ? null : (decided.get(`${batchToken(batch.id)} ${token}`) ?? null),
        lockOwner: lock,
        start,
        end,
        duplicates: others.filter(({ kind }) => kind === 'duplicate').map(({ owner }) => owner),
        requeued: world.broken.has('requeueIsAFailure')
          ? []
          : others.filter(({ kind }) => kind === 'requeued').map(({ owner }) => owner),
        cancelFile: folder?.cancel != null,
      }
    },
  }
}
