import {
  type AccountingListing,
  type AttemptSight,
  PermanentError,
  type QueueListing,
  slices,
  type Token,
  TransientError,
} from '@crystalmath/contract'
import type { AccountingReading } from '@crystalmath/schedulers'
import { type Ground, nowIso } from './ground.ts'
import { headed, unmade } from './listings.ts'
import { lookArgs, readSights } from './look.ts'
import { namesOf } from './place.ts'
import { readScript } from './read-script.ts'
import { asking, remote, theClock, together, torn, whole } from './remote.ts'
import type { LookUp, Place } from './site.ts'

/** Names or places in one command: some 40 and 100 bytes of its text each. */
const BATCH = 500
/** How far back accounting is asked for lost answers. */
const LOOK_UP_SECONDS = 7 * 86_400
/** Two scheduler commands may both be slow. */
const LOOK_UP_TIMEOUT_SECONDS = 100

/** Never throws for what a link or a scheduler does: trouble is in the listing. */
export async function listQueue({ link, scheduler, account, load, spent }: Ground): Promise<QueueListing> {
  await load.questions.take(1)
  const begunAt = nowIso()
  const question = scheduler.queue({ account, tokens: [] })
  const asked = together([theClock, asking(question)])
  try {
    const [clock, said] = asked.read(await link.run(asked.remote))
    spent(1)
    if (clock === undefined || said === undefined) return unmade('SSH_DOWN', 'no answer', begunAt)
    return headed(borne(load, question.read(said)), begunAt, clock)
  } catch (error) {
    return unmade(...whyNot(error), begunAt)
  }
}

export async function listAccounting(ground: Ground, tokens: readonly Token[], sinceSeconds: number): Promise<AccountingListing> {
  const { link, scheduler, account, spec, load, spent } = ground
  if (!scheduler.supports.accounting) return unmade('ACCOUNTING_DOWN', `${spec.name} keeps no accounting`, nowIso())
  const questions = slices(tokens, BATCH).flatMap((some) => scheduler.accounting({ account, tokens: some }, sinceSeconds) ?? [])
  await load.questions.take(questions.length)
  const begunAt = nowIso()
  const asked = together([theClock, ...questions.map(asking)])
  try {
    const [clock, ...said] = asked.read(await link.run(asked.remote))
    spent(questions.length)
    if (clock === undefined) return unmade('SSH_DOWN', 'no answer', begunAt)
    const readings = questions.flatMap((question, index) => (said[index] === undefined ? [] : [question.read(said[index])]))
    return headed(borne(load, merged(readings)), begunAt, clock)
  } catch (error) {
    return unmade(...whyNot(error), begunAt)
  }
}

/** A scheduler that does not answer is asked less, one that does is asked more again. */
function borne<T extends Pick<AccountingReading, 'trouble'>>(load: Ground['load'], reading: T): T {
  load.heard('commands', reading.trouble === null ? 'fine' : 'late')
  return reading
}

const merged = <T extends Pick<AccountingReading, 'complete' | 'trouble'> & { readonly rows: readonly unknown[] }>(
  readings: readonly T[],
) => ({
  rows: readings.flatMap(({ rows }) => rows as T['rows'][number][]),
  complete: readings.every(({ complete }) => complete),
  trouble: readings.find(({ trouble }) => trouble !== null)?.trouble ?? null,
})

export async function look({ link, root }: Ground, places: readonly Place[]): Promise<ReadonlyMap<Token, AttemptSight>> {
  const sights: (readonly [Token, AttemptSight])[] = []
  for (const batch of slices(places, BATCH)) {
    const lookedAt = nowIso()
    const { stdout } = whole(await link.run(remote('look.sh', lookArgs(root, batch))), 'looking into attempt folders')
    sights.push(...readSights(stdout, lookedAt, batch))
  }
  return new Map(sights)
}

/** What they may be called in the queue: members of one batch share a name. */
export const tokensOf = (places: readonly Place[]): readonly Token[] => [
  ...new Set(places.flatMap((place) => namesOf(place).map(({ token }) => token))),
]

/** Folders, queue and accounting in one remote command per 500 places. A listing of several is whole if all of them are. */
export async function lookUp(ground: Ground, places: readonly Place[]): Promise<LookUp> {
  const found: LookUp[] = []
  for (const batch of slices(places, BATCH)) found.push(await lookUpSome(ground, batch))
  const [first, ...more] = found
  if (first === undefined) return lookUpSome(ground, [])
  return more.reduce(
    (all, next) => ({
      sights: new Map([...all.sights, ...next.sights]),
      queue: { ...all.queue, ...merged([all.queue, next.queue]) },
      accounting: { ...all.accounting, ...merged([all.accounting, next.accounting]) },
    }),
    first,
  )
}

async function lookUpSome(ground: Ground, places: readonly Place[]): Promise<LookUp> {
  const { link, scheduler, account, spec, root, load, spent } = ground
  await load.questions.take(scheduler.supports.accounting ? 2 : 1)
  const begunAt = nowIso()
  const who = { account, tokens: tokensOf(places) }
  const queue = scheduler.queue(who)
  const accounting = scheduler.accounting(who, LOOK_UP_SECONDS)
  const asked = together([
    { script: readScript('look.sh'), args: lookArgs(root, places) },
    theClock,
    asking(queue),
    ...(accounting === null ? [] : [asking(accounting)]),
  ])
  const answer = await link.run({ ...asked.remote, timeoutSeconds: LOOK_UP_TIMEOUT_SECONDS })
  const [looked, clock, queued, accounted] = asked.read(answer)
  spent(accounting === null ? 1 : 2)
  if (looked === undefined || clock === undefined || queued === undefined || !looked.complete)
    throw torn(`looking up ${places.length} attempts on ${spec.name}`, answer)
  return {
    sights: readSights(looked.stdout, begunAt, places),
    queue: headed(borne(load, queue.read(queued)), begunAt, clock),
    accounting:
      accounting === null || accounted === undefined
        ? unmade('ACCOUNTING_DOWN', `${spec.name} keeps no accounting`, begunAt)
        : headed(accounting.read(accounted), begunAt, clock),
  }
}

function whyNot(error: unknown): ['SSH_DOWN' | 'HOST_KEY_CHANGED', string] {
  const said = error instanceof Error ? error.message : String(error)
  if (error instanceof PermanentError) return [/host key/.test(said) ? 'HOST_KEY_CHANGED' : 'SSH_DOWN', said]
  if (error instanceof TransientError) return ['SSH_DOWN', said]
  throw error
}
