import { randomUUID } from 'node:crypto'
import type { Pilot } from '@crystalmath/campaigns'
import { placeOfBatch } from '@crystalmath/cluster'
import {
  BatchId,
  type ClusterInventory,
  type Membership,
  memberId,
  type PilotShape,
  type Preparation,
  type Resources,
  type SubmitAnswer,
} from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { Batch } from '@crystalmath/store'
import { notePilotClosed, notePilotFed } from './feeding.ts'
import { isPressing } from './pressure.ts'
import { answerOf, type Intent, intentOf, newNonce, prepare, prepareOrGiveUp, shownIfSlow, staged, startOf } from './submit.ts'
import type { Work } from './work.ts'

/** Members whose intents are stored. Tried once: what comes back from it goes out with another. */
export type BatchIntent = {
  readonly id: BatchId
  /** Null: an array. */
  readonly pilot: PilotShape | null
  /** The living pilot that they are fed to. */
  readonly into?: BatchId | undefined
  readonly nonce: string
  readonly resources: Resources
  readonly members: readonly (Intent & { readonly batch: Membership })[]
}

/** An array; a pilot of their own; or one that lives. */
export type HowBatched =
  | { readonly kind: 'array' }
  | { readonly kind: 'pilot'; readonly pilot: Pilot }
  | { readonly kind: 'feed'; readonly into: BatchId }

/** Inputs that one array sends, characters; what is beyond goes with the next one. They stand in memory until they are sent. */
const MOST_CHARACTERS = 64 * 2 ** 20
/** Jobs whose inputs are made at once. */
const WIDTH = 50

/** Stores the batch, then the intent of each member: who fell out meanwhile is no member. Null where nobody is left. */
export async function startBatch(
  work: Work,
  candidates: readonly Job[],
  inventory: ClusterInventory,
  how: HowBatched,
): Promise<BatchIntent | null> {
  const { jobs, duty, clock } = work
  const prepared = await prepareSome(work, candidates, inventory)
  const [first] = prepared
  if (first === undefined) return null
  const [id, nonce, at] = [BatchId.parse(randomUUID()), newNonce(), isoTime(clock)]
  const form = await formOf(work, how, first.job.resources)
  if (form === null) return null
  const members = prepared.map(({ job }) => ({ jobId: job.id, attempt: job.attempt }))
  await jobs.createBatch({ id, cluster: duty.cluster, ...form, members, createdAt: at })
  const { kind, pilot, into, resources } = form
  const joining = into === undefined ? {} : { into }
  const starting = prepared.map((one, index) => ({ ...one, batch: { id, kind, index, ...joining } as const }))
  const told = await jobs.tellMany(
    starting.map(({ job, preparation, batch }) => ({
      jobId: job.id,
      command: startOf({ job, preparation, nonce, at, batch }),
    })),
  )
  const joined = starting.flatMap(({ job, preparation, batch }) => {
    const intent = intentOf(told.get(job.id), nonce, preparation)
    return intent === null ? [] : [{ ...intent, batch }]
  })
  if (into !== undefined) notePilotFed(work, into, joined.length)
  return joined.length === 0 ? null : { id, pilot, into, nonce, resources, members: joined }
}

type Form = Pick<Batch, 'kind' | 'resources' | 'pilot' | 'member' | 'into'>

/** Null: the pilot that they were to be fed to is not known any more. */
async function formOf({ jobs }: Work, how: HowBatched, member: Resources): Promise<Form | null> {
  if (how.kind === 'array') return { kind: 'array', resources: member, pilot: null }
  if (how.kind === 'pilot') return { kind: 'pilot', resources: how.pilot.resources, pilot: how.pilot.shape, member }
  const living = await jobs.findBatch(how.into)
  return living === null ? null : { kind: 'pilot', resources: living.resources, pilot: living.pilot, member, into: how.into }
}

async function prepareSome(work: Work, candidates: readonly Job[], inventory: ClusterInventory) {
  const prepared: { readonly job: Job; readonly preparation: Preparation }[] = []
  let characters = 0
  for (let at = 0; at < candidates.length && characters < MOST_CHARACTERS; at += WIDTH) {
    const some = candidates.slice(at, at + WIDTH)
    const made = await Promise.all(some.map(async (job) => ({ job, preparation: await prepareOrGiveUp(work, job, inventory) })))
    for (const { job, preparation } of made) {
      if (preparation === null) continue
      prepared.push({ job, preparation })
      characters += preparation.files.reduce((sum, { text }) => sum + text.length, 0)
    }
  }
  return prepared
}

/** Sends and claims a batch: one tar stream, one remote command, one `sbatch`. */
export async function submitBatch(work: Work, sent: BatchIntent): Promise<void> {
  const began = work.clock.monotonicMs()
  const { site, log } = work.duty
  await site.stageBatch({
    place: placeOfBatch(sent.id),
    nonce: sent.nonce,
    pilot: sent.pilot,
    ...(sent.into === undefined ? {} : { into: sent.into }),
    members: sent.members.map(({ batch, ...intent }) => ({
      ...staged(intent),
      index: batch.index,
      tryNumber: intent.job.tryNumber,
    })),
  })
  log.info(
    { batch: sent.id, members: sent.members.length, stageMs: Math.round(work.clock.monotonicMs() - began) },
    'a batch was sent',
  )
  await claimBatch(work, sent)
}

/** Claims it, or hears again what its claim said. */
export async function claimBatch(
  work: Work,
  {
    id,
    pilot,
    into,
    nonce,
    resources,
    members,
  }: Omit<BatchIntent, 'members'> & { readonly members: readonly Pick<BatchIntent['members'][number], 'job' | 'batch'>[] },
): Promise<void> {
  const { jobs, duty, clock, pressure } = work
  const place = placeOfBatch(id)
  const indexes = members.map(({ batch }) => batch.index)
  const more = { ...(pilot === null ? { indexes } : {}), ...(into === undefined ? {} : { into }) }
  const answers = await shownIfSlow(
    work,
    members.map(({ job }) => job),
    duty.site.claim([{ place, tryNumber: 1, nonce, resources, ...more }]),
  )
  const answer = answers.get(place.token) ?? ({ kind: 'unknown', said: 'the answer was lost' } satisfies SubmitAnswer)
  await jobs.tellMany(members.map(({ job, batch }) => ({ jobId: job.id, command: answerOf(work, job, ofMember(answer, batch)) })))
  duty.log.info({ batch: id, members: members.length, answer }, 'a batch was answered')
  if (into !== undefined) {
    if (answer.kind === 'refused') notePilotClosed(work, into)
    return
  }
  // what refuses a thousand at once may take one: alone they find out
  const isOfTheBatch = answer.kind === 'refused' && (answer.reason === 'QUOTA' || answer.reason === 'QUEUE_FULL')
  if (isPressing(answer) && !isOfTheBatch)
    pressure.heard([answer], (await jobs.findInFlight(duty.cluster)).ofAccount, clock.monotonicMs())
}

const ofMember = (answer: SubmitAnswer, batch: Membership): SubmitAnswer =>
  answer.kind === 'submitted' ? { kind: 'submitted', nativeId: memberId(answer.nativeId, batch) } : answer

/** A batch without an answer: where nobody claimed it, the same one is sent again; else its claim only tells what it said. */
export async function reclaim(
  work: Work,
  { id, isClaimed, inventory }: { readonly id: BatchId; readonly isClaimed: boolean; readonly inventory: ClusterInventory },
): Promise<void> {
  const silent = await work.jobs.findUnansweredMembers(id)
  const members = silent.flatMap((job) => (job.batch == null ? [] : [{ job, batch: job.batch }]))
  const stored = await work.jobs.findBatch(id)
  if (stored === null || members.length === 0) return
  const head = { id, pilot: stored.pilot, into: stored.into, nonce: newNonce(), resources: stored.resources }
  if (isClaimed) return await claimBatch(work, { ...head, members })
  const again = await Promise.all(
    members.map(async ({ job, batch }) => ({
      job,
      batch,
      nonce: head.nonce,
      prepared: await prepare(job, work.duty.site.spec, inventory, work.jobs),
    })),
  )
  // whose inputs cannot be made any more is left out, and found out about by that
  const left = again.flatMap(({ prepared, ...one }) => (prepared.ok ? [{ ...one, preparation: prepared.preparation }] : []))
  if (left.length > 0) await submitBatch(work, { ...head, members: left })
}
