import { type AttemptSight, type Membership, memberId, NativeId, type Token } from '@crystalmath/contract'
import { batchDirectory, directoryOf, tokenFrom } from './place.ts'
import { readEnd, readStart } from './sentinels.ts'
import type { Place } from './site.ts'

export const lookArgs = (root: string, places: readonly Place[]): readonly string[] => [
  root,
  ...places.flatMap((place) => [
    place.token,
    directoryOf(place),
    place.batch == null ? directoryOf(place) : batchDirectory(place.batch.id),
    String(place.batch?.index ?? '-'),
  ]),
]

/** What look.sh printed. A place that it does not name is missing from the map: nothing was seen of it, not even its absence. */
export function readSights(stdout: string, lookedAt: string, places: readonly Place[] = []): ReadonlyMap<Token, AttemptSight> {
  const [head = '', ...sections] = stdout.split(/^@ /m)
  const clusterSeconds = Number(/^now (\S+)$/m.exec(head)?.[1] ?? Number.NaN)
  const mtimes = new Map([...head.matchAll(/^mtime (\d+) (.+)$/gm)].map(([, time, path]) => [path, Number(time)]))
  const batches = new Map(places.map(({ token, batch }) => [token, batch ?? null]))
  const sights = new Map<Token, AttemptSight>()
  if (!Number.isFinite(clusterSeconds)) return sights
  for (const section of sections) {
    const [name = '', ...lines] = section.split('\n')
    const token = tokenFrom(name)
    if (token !== null)
      sights.set(token, asMember(sightOf(lines, { lookedAt, clusterSeconds, mtimes }), batches.get(token) ?? null))
  }
  return sights
}

/** The id is the batch's: the member's own follows from it. */
const asMember = (sight: AttemptSight, batch: Membership | null): AttemptSight =>
  batch === null || sight.nativeId === null ? sight : { ...sight, nativeId: memberId(sight.nativeId, batch) }

type Moment = {
  readonly lookedAt: string
  readonly clusterSeconds: number
  readonly mtimes: ReadonlyMap<string | undefined, number>
}

function sightOf(lines: readonly string[], { lookedAt, clusterSeconds, mtimes }: Moment): AttemptSight {
  const all = (key: string) => lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  const lockOwner = all('lock')[0] ?? null
  const start = readStart(all('start'))
  const end = readEnd(all('end'))
  const others = (event: string) =>
    all('other')
      .filter((name) => name.startsWith(event))
      .map((name) => name.slice(event.length))
  return {
    lookedAt,
    clusterSeconds,
    exists: lines.includes('exists'),
    claims: claimsOf(lines, (path) => clusterSeconds - (mtimes.get(path) ?? clusterSeconds)),
    nativeId: NativeId.safeParse(all('id')[0]).data ?? null,
    lockOwner,
    start: start?.owner === lockOwner ? start : null,
    end: end?.owner === lockOwner ? end : null,
    duplicates: others('duplicate.'),
    requeued: others('requeued.'),
    cancelFile: lines.includes('cancel'),
    broughtBy: all('batch'),
    ticket: all('ticket')[0] ?? null,
    pilotClosed: lines.includes('closed'),
  }
}

function claimsOf(lines: readonly string[], ageOf: (path: string) => number): AttemptSight['claims'] {
  const claims: { tryNumber: number; ageSeconds: number; said: string | null; refused: string | null }[] = []
  for (const line of lines) {
    const [, tryNumber, path] = /^claim (\d+) (.+)$/.exec(line) ?? []
    if (path !== undefined)
      claims.push({ tryNumber: Number(tryNumber), ageSeconds: Math.max(0, ageOf(path)), said: null, refused: null })
    const current = claims.at(-1)
    const [, kind, text = ''] = /^(said|refused) (.*)$/.exec(line) ?? []
    if (current === undefined) continue
    if (kind === 'said') current.said = joined(current.said, text)
    if (kind === 'refused') current.refused = joined(current.refused, text)
  }
  return claims.sort((a, b) => a.tryNumber - b.tryNumber)
}

const joined = (before: string | null, text: string) => (before === null ? text : `${before}\n${text}`)
