import { randomBytes } from 'node:crypto'
import { type Claim, placeOf, type StagedAttempt } from '@crystalmath/cluster'
import { writesOf } from '@crystalmath/codes'
import type { ClusterInventory, Evidence, InputProblem, Preparation, SubmitAnswer } from '@crystalmath/contract'
import { type Job, type Picked, pickNext, waitingFor } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import { isPressing, type Pressing } from './pressure.ts'
import type { Work } from './serve-writes.ts'
import { showStops } from './stops.ts'

type Started = {
  readonly intents: readonly Intent[]
  readonly isLast: boolean
  readonly stopped: Picked<Job>['stopped']
}

/** Stores the intents of the next batch by share and priority, as many as the cluster takes. `isLast` unless more may be waiting. */
export async function startReady(work: Work, inventory: ClusterInventory): Promise<Started> {
  const { jobs, duty, config, clock, pressure } = work
  const inFlight = await jobs.findInFlight(duty.cluster)
  const room = pressure.room(inFlight.jobs, clock.monotonicMs())
  const limit = Math.min(config.BATCH, duty.site.spec.maxInFlight - inFlight.jobs, room)
  if (limit <= 0) return { intents: [], isLast: true, stopped: [] }
  const ready = await jobs.findSubmittable(duty.cluster, isoTime(clock), limit)
  const shares = await jobs.findShares([...new Set(ready.map(({ projectId }) => projectId))], isoTime(clock))
  const { picked, stopped } = pickNext(ready, { limit, coresTaken: inFlight.coresByProject, shares })
  const started = await Promise.all(picked.map((job) => start(work, job, inventory)))
  return { intents: started.filter((intent) => intent !== null), isLast: picked.length < limit, stopped }
}

/** Submits everything that is ready. While one batch is on its way to the cluster the next is prepared: two are under way at most. */
export async function submitReady(work: Work, inventory: ClusterInventory): Promise<void> {
  const underWay = new Set<Promise<void>>()
  let stopped: Started['stopped'] = []
  for (let isLast = false; !isLast && work.duty.lease.isHeld(); ) {
    const batch = await startReady(work, inventory)
    isLast = batch.isLast
    stopped = batch.stopped
    if (batch.intents.length === 0) continue
    const flight: Promise<void> = submit(work, batch.intents).finally(() => underWay.delete(flight))
    flight.catch(() => undefined) // whoever waits for it below hears of it; where nobody gets so far, the trouble is the same
    underWay.add(flight)
    if (underWay.size >= LANES) await Promise.race(underWay)
  }
  await Promise.all(underWay)
  await showStops(work, stopped)
  const pressing = work.pressure.present()
  if (pressing !== null && (await roomFor(work)) <= 0) await showWaiting(work, pressing)
}

const roomFor = async ({ jobs, duty, clock, pressure }: Work): Promise<number> =>
  pressure.room((await jobs.findInFlight(duty.cluster)).jobs, clock.monotonicMs())

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

/** Batches on their way to one cluster at once. */
const LANES = 2

export type Intent = { readonly job: Job; readonly nonce: string; readonly preparation: Preparation }

/** Renders the inputs and stores the intent: from here on the try may have reached the cluster. Null where there is nothing to submit. */
async function start({ jobs, duty, clock }: Work, job: Job, inventory: ClusterInventory): Promise<Intent | null> {
  const at = isoTime(clock)
  const prepared = await prepare(job, duty.site.spec, inventory, jobs)
  if (!prepared.ok) {
    const verdict = `its inputs cannot be made: ${prepared.problems.map(say).join('; ')}`.slice(0, 1_000)
    const evidence: Evidence = { source: 'submitter', at, clock: 'platform', said: verdict }
    await jobs.tell(job.id, { type: 'GiveUp', at, attempt: job.attempt, verdict, evidence })
    return null
  }
  const nonce = newNonce()
  const { keep, parse } = prepared.preparation
  const after = await jobs.tell(job.id, { type: 'StartSubmission', at, attempt: job.attempt, nonce, keep, parse })
  if (after === null || after.status !== 'submitting' || after.nonce !== nonce) return null // held, cancelled or another was faster
  return { job: after, nonce, preparation: prepared.preparation }
}

/** Names one sending of inputs: what was sent once is never sent into again, for a claim may be moving it. */
export const newNonce = (): string => randomBytes(6).toString('hex')

const say = ({ path, message, mend }: InputProblem): string => `${path}: ${message}${mend === undefined ? '' : `; ${mend}`}`

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
export async function submit({ jobs, duty, config, clock, pressure }: Work, intents: readonly Intent[]): Promise<void> {
  const { site, log } = duty
  const began = clock.monotonicMs()
  await site.stage(intents.map(staged))
  const stagedMs = clock.monotonicMs() - began
  const answers = await site.claim(intents.map(claimed))
  log.info(
    { jobs: intents.length, stageMs: Math.round(stagedMs), claimMs: Math.round(clock.monotonicMs() - began - stagedMs) },
    'batch claimed',
  )
  const at = isoTime(clock)
  const heard = intents.map(({ job }) => ({
    job,
    answer: answers.get(placeOf(job).token) ?? ({ kind: 'unknown', said: 'the answer was lost' } satisfies SubmitAnswer),
  }))
  await Promise.all(
    heard.map(async ({ job, answer }) => {
      await jobs.tell(job.id, {
        type: 'RecordAnswer',
        at,
        attempt: job.attempt,
        tryNumber: job.tryNumber,
        answer,
        evidence: evidenceOf(answer, job, at),
        // what holds all back is waited for by all together
        nextActionAt: isPressing(answer) ? at : isoTime(clock, 1_000 * secondsUntilNext(answer, config)),
      })
      log.info({ jobId: job.id, attempt: job.attempt, tryNumber: job.tryNumber, answer }, 'submission answered')
    }),
  )
  pressure.heard(
    heard.map(({ answer }) => answer),
    (await jobs.findInFlight(duty.cluster)).jobs,
    clock.monotonicMs(),
  )
}

const secondsUntilNext = ({ kind }: SubmitAnswer, { UNANSWERED_SECONDS, REFUSED_RETRY_SECONDS }: Work['config']): number =>
  kind === 'unknown' ? UNANSWERED_SECONDS : REFUSED_RETRY_SECONDS

const evidenceOf = (answer: SubmitAnswer, job: Job, at: string): Evidence => ({
  source: 'claim',
  by: `claim.${job.tryNumber}`,
  at,
  clock: 'platform',
  said: (answer.kind === 'submitted' ? `submitted as ${answer.nativeId}` : `${answer.kind}: ${answer.said}`).slice(0, 2_000),
})

const staged = ({ job, nonce, preparation }: Intent): StagedAttempt => ({
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
