import { randomBytes } from 'node:crypto'
import { type Claim, placeOf, type StagedAttempt } from '@crystalmath/cluster'
import { writesOf } from '@crystalmath/codes'
import type { ClusterInventory, Evidence, Membership, Preparation, SubmitAnswer } from '@crystalmath/contract'
import { claimOf, type Job, waitingFor } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import { causeOfProblems, causeOfRefusal } from './causes.ts'
import { isPressing, type Pressing } from './pressure.ts'
import type { Work } from './work.ts'

/** Jobs that are not tried show what they wait for, too. */
export async function showWaiting({ jobs, duty, clock }: Work, { kind, because }: Pressing): Promise<void> {
  const at = isoTime(clock)
  const ready = await jobs.findSubmittable(duty.cluster, at, SHOWN)
  const wait = waitingFor(kind, because, at)
  const unaware = ready.filter((job) => job.waitingFor?.kind !== kind)
  await Promise.all(
    unaware.map((job) =>
      jobs.tell(job.id, { type: 'Wait', at, during: 'accepted', waitingFor: wait, nextActionAt: job.nextActionAt }),
    ),
  )
}

/** Jobs that show at once why they are not sent; the others of a long queue stand behind them. */
const SHOWN = 200

export type Intent = { readonly job: Job; readonly nonce: string; readonly preparation: Preparation }

/** Renders the inputs and stores the intent: from here on the try may have reached the cluster. Null where there is nothing to submit. */
export async function start(work: Work, job: Job, inventory: ClusterInventory): Promise<Intent | null> {
  const preparation = await prepareOrGiveUp(work, job, inventory)
  if (preparation === null) return null
  const nonce = newNonce()
  const after = await work.jobs.tell(job.id, startOf({ job, preparation, nonce, at: isoTime(work.clock) }))
  return intentOf(after, nonce, preparation)
}

/** The intent as it is stored. */
export const startOf = ({ job, preparation, nonce, at, batch = null }: Starting) => ({
  type: 'StartSubmission' as const,
  at,
  attempt: job.attempt,
  nonce,
  keep: preparation.keep,
  parse: preparation.parse,
  batch,
})

type Starting = {
  readonly job: Job
  readonly preparation: Preparation
  readonly nonce: string
  readonly at: string
  readonly batch?: Membership | null
}

/** Null where it was held or cancelled meanwhile, or another was faster. */
export const intentOf = (after: Job | null | undefined, nonce: string, preparation: Preparation): Intent | null =>
  after == null || after.status !== 'submitting' || after.nonce !== nonce ? null : { job: after, nonce, preparation }

/** Null: its inputs cannot be made, and it has failed for that. */
export async function prepareOrGiveUp(
  { jobs, duty, clock }: Work,
  job: Job,
  inventory: ClusterInventory,
): Promise<Preparation | null> {
  const prepared = await prepare(job, duty.site.spec, inventory, jobs)
  if (prepared.ok) return prepared.preparation
  const at = isoTime(clock)
  const { verdict, diagnosis } = causeOfProblems(prepared.problems)
  const evidence: Evidence = { source: 'submitter', at, clock: 'platform', said: verdict }
  await jobs.tell(job.id, { type: 'GiveUp', at, attempt: job.attempt, verdict, evidence, diagnosis })
  return null
}

/** Names one sending of inputs: what was sent once is never sent into again, for a claim may be moving it. */
export const newNonce = (): string => randomBytes(6).toString('hex')

/** Inputs of the present attempt, from the stored structure and the settings in force. */
export async function prepare(job: Job, spec: Work['duty']['site']['spec'], inventory: ClusterInventory, jobs: Work['jobs']) {
  const writes = writesOf(job.code)
  if (writes === undefined) {
    return {
      ok: false,
      problems: [{ path: 'code', message: `inputs for ${job.code} cannot be written by this release` }],
    } as const
  }
  const structure = job.structureHash === null ? null : await jobs.findStructure(job.structureHash)
  return writes.prepare({
    request: job.request,
    structure,
    parameters: job.parameters,
    resources: job.resources,
    clusterCode: spec.codes[job.code] ?? { setUp: '', executables: {}, launcher: '' },
    inventory,
    restart: null,
  })
}

/** Sends and claims a batch: one tar stream, one remote command. */
export async function submit(work: Work, intents: readonly Intent[]): Promise<void> {
  const { jobs, duty, config, clock, pressure } = work
  const { site, log } = duty
  const began = clock.monotonicMs()
  await site.stage(intents.map(staged))
  const stagedMs = clock.monotonicMs() - began
  const answers = await shownIfSlow(
    work,
    intents.map(({ job }) => job),
    site.claim(intents.map(claimed)),
  )
  log.info(
    { jobs: intents.length, stageMs: Math.round(stagedMs), claimMs: Math.round(clock.monotonicMs() - began - stagedMs) },
    'batch claimed',
  )
  const heard = intents.map(({ job }) => ({
    job,
    answer: answers.get(placeOf(job).token) ?? ({ kind: 'unknown', said: 'the answer was lost' } satisfies SubmitAnswer),
  }))
  await Promise.all(
    heard.map(async ({ job, answer }) => {
      const cause = await causeOfRefusal(work, job, answer)
      await jobs.tell(job.id, { ...answerOf({ clock, config }, job, answer), ...(cause === null ? {} : { cause }) })
      log.info({ jobId: job.id, attempt: job.attempt, tryNumber: job.tryNumber, answer }, 'submission answered')
    }),
  )
  pressure.heard(
    heard.map(({ answer }) => answer),
    (await jobs.findInFlight(duty.cluster)).ofAccount,
    clock.monotonicMs(),
  )
}

/** A scheduler may take half a minute to answer, or not to: what takes so long is shown as waited for. */
const SLOW_MS = 4_000

/** Waits for an answer; jobs that wait for it longer than a moment say so. */
export async function shownIfSlow<T>(
  { jobs, clock, duty, config }: Work,
  members: readonly Job[],
  answer: Promise<T>,
): Promise<T> {
  const show = async () => {
    const at = isoTime(clock)
    const nextActionAt = isoTime(clock, config.UNANSWERED_SECONDS * 1_000)
    await jobs.tellMany(
      members.map(({ id, attempt, tryNumber }) => ({
        jobId: id,
        command: { type: 'AwaitAnswer', at, attempt, tryNumber, nextActionAt } as const,
      })),
    )
  }
  const timer = setTimeout(
    () => void show().catch((error: unknown) => duty.log.warn({ err: error }, 'a slow answer could not be shown')),
    SLOW_MS,
  )
  try {
    return await answer
  } finally {
    clearTimeout(timer)
  }
}

/** What the claim said, as it is recorded. */
export function answerOf({ clock, config }: Pick<Work, 'clock' | 'config'>, job: Job, answer: SubmitAnswer) {
  const at = isoTime(clock)
  return {
    type: 'RecordAnswer' as const,
    at,
    attempt: job.attempt,
    tryNumber: job.tryNumber,
    answer,
    evidence: evidenceOf(answer, job, at),
    // what holds all back is waited for by all together; a pilot that takes nobody holds nobody back
    nextActionAt: isPressing(answer) || isTurnedAway(job, answer) ? at : isoTime(clock, 1_000 * secondsUntilNext(answer, config)),
  }
}

const isTurnedAway = ({ batch }: Job, answer: SubmitAnswer): boolean =>
  batch?.into !== undefined && answer.kind === 'refused' && answer.reason === 'OTHER'

const secondsUntilNext = ({ kind }: SubmitAnswer, { UNANSWERED_SECONDS, REFUSED_RETRY_SECONDS }: Work['config']): number =>
  kind === 'unknown' ? UNANSWERED_SECONDS : REFUSED_RETRY_SECONDS

const evidenceOf = (answer: SubmitAnswer, job: Job, at: string): Evidence => ({
  source: 'claim',
  by: `claim.${claimOf(job)}`,
  at,
  clock: 'platform',
  said: (answer.kind === 'submitted' ? `submitted as ${answer.nativeId}` : `${answer.kind}: ${answer.said}`).slice(0, 2_000),
})

/** What an attempt sends. */
export const staged = ({ job, nonce, preparation }: Intent): StagedAttempt => ({
  place: placeOf(job),
  nonce,
  preparation, // the user's own files are among its files
  resources: job.resources,
  code: job.code,
  jobName: job.name,
  copies: job.origin.copies,
})

const claimed = ({ job, nonce }: Intent): Claim => ({
  place: placeOf(job),
  tryNumber: job.tryNumber,
  nonce,
  resources: job.resources,
})
