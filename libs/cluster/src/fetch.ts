import type { Token } from '@crystalmath/contract'
import type { SshLink } from '@crystalmath/ssh'
import { directoryOf, insideGlob } from './place.ts'
import { remote, whole } from './remote.ts'
import type { Fetched, OnFetched, Wanted } from './site.ts'

export type FetchTiming = {
  /** How long outputs may still grow after the end sentinel. */
  readonly waitMs: number
  readonly pauseMs: number
  readonly timeoutSeconds: number
  readonly maxFileBytes: number
  readonly sleep: (ms: number) => Promise<void>
}

export const FETCH_TIMING: FetchTiming = {
  waitMs: 120_000,
  pauseMs: 1_000,
  timeoutSeconds: 600,
  maxFileBytes: 512 * 2 ** 20,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** Files of the job's own output streams: kept always, of whatever size. */
const STREAMS = ['job.out', 'job.err']

/** Per tar stream: attempts, and bytes, which stand in memory until the sizes are compared. */
const BATCH = 50
const BATCH_BYTES = 64 * 2 ** 20
/** Of an attempt whose sentinel lists no sizes. */
const GUESSED_BYTES = 2 ** 20

/** As many as fit; one that is larger goes alone. */
export function batchesOf(wanted: readonly Wanted[]): readonly (readonly Wanted[])[] {
  const batches: Wanted[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const one of wanted) {
    const listed = one.files ?? []
    const size = listed.length === 0 ? GUESSED_BYTES : listed.reduce((sum, file) => sum + file.size, 0)
    bytes += size
    if (bytes > BATCH_BYTES || (batches.at(-1)?.length ?? BATCH) >= BATCH) {
      batches.push([])
      bytes = size
    }
    batches.at(-1)?.push(one)
  }
  return batches
}

/** Asks again for the attempts whose sizes do not match yet, until the wait is over; then takes what is there. */
export async function fetchOutputs(
  link: SshLink,
  root: string,
  wanted: readonly Wanted[],
  onFetched: OnFetched,
  timing = FETCH_TIMING,
): Promise<void> {
  const until = Date.now() + timing.waitMs
  let left = [...wanted]
  while (left.length > 0) {
    const last = Date.now() >= until
    const again: Wanted[] = []
    for (const batch of batchesOf(left)) {
      const { arrived, refused } = await once(link, root, batch, timing)
      const fetched: Fetched[] = []
      for (const one of batch) {
        const { token } = one.place
        const contents = arrived.get(token) ?? new Map<string, Uint8Array>()
        const withheld = refused.get(token) ?? []
        const missing = missingOf(one, contents, withheld)
        if (missing.length > 0 && !last) again.push(one)
        else {
          const files = [...contents].map(([path, content]) => ({ path, size: content.length }))
          fetched.push({ token, contents, report: { files, missing, refused: withheld } })
        }
      }
      if (fetched.length > 0) await onFetched(fetched)
    }
    left = again
    if (left.length > 0) await timing.sleep(timing.pauseMs)
  }
}

/** Of the sentinel's list: not there, or of another size. */
const missingOf = ({ files }: Wanted, arrived: ReadonlyMap<string, Uint8Array>, refused: readonly string[]): readonly string[] =>
  (files ?? [])
    .filter(({ path, size }) => !STREAMS.includes(path) && arrived.get(path)?.length !== size && !refused.includes(path))
    .map(({ path }) => path)

async function once(link: SshLink, root: string, batch: readonly Wanted[], { timeoutSeconds, maxFileBytes }: FetchTiming) {
  const tokens = new Map(batch.map(({ place }) => [directoryOf(place), place.token]))
  const globs = ({ keep }: Wanted) => [...new Set([...keep.map(insideGlob), ...STREAMS])]
  const groups = batch.flatMap((one) => [one.place.token, directoryOf(one.place), globs(one).length, ...globs(one)])
  const arrived = new Map<Token, Map<string, Uint8Array>>()
  const placed = (path: string) => {
    const [, directory = '', inside = ''] = /^(?:\.\/)?([^/]+\/[^/]+\/[^/]+)\/(.+)$/.exec(path) ?? []
    const token = tokens.get(directory)
    return token === undefined ? null : { token, inside }
  }
  const answer = await link.download(
    remote('fetch.sh', [root, maxFileBytes, ...groups], timeoutSeconds),
    async (path, content) => {
      const at = placed(path)
      if (at === null) return
      const files = arrived.get(at.token) ?? new Map<string, Uint8Array>()
      arrived.set(at.token, files.set(at.inside, content))
    },
  )
  whole(answer, 'fetching outputs')
  const refused = new Map<Token, string[]>()
  for (const [, word, first = '', path = ''] of answer.stderr.matchAll(/^(refused|withheld) (\S+)(?: (.+))?$/gm)) {
    const at = word === 'refused' ? { token: first as Token, inside: path } : placed(first + (path === '' ? '' : ` ${path}`))
    if (at !== null) refused.set(at.token, [...(refused.get(at.token) ?? []), at.inside])
  }
  return { arrived, refused }
}
