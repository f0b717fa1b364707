import { ack, type Outcome } from '@crystalmath/bus'
import { writesOf } from '@crystalmath/codes'
import type { Diagnosis, Evidence, JobId, Structure } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { type Clock, isoTime, type Log } from '@crystalmath/service'
import type { JobsPort } from '@crystalmath/store'
import { structureHash } from '@crystalmath/structures'
import { planNext, type Situation } from './plan.ts'

export type Deps = {
  readonly jobs: JobsPort
  /** What the present attempt left on the cluster; throws `TransientError` while the cluster is away, so that nothing is decided without it. */
  readonly filesOf: (job: Job) => Promise<Situation['left']>
  readonly log: Log
  readonly clock: Clock
}

/** Decides what follows an attempt that is not a good completion. Acts only if status and attempt still match; deciding twice changes nothing. */
export async function recover({ jobs, filesOf, log, clock }: Deps, jobId: JobId, attempt: number): Promise<Outcome> {
  const job = await jobs.findJob(jobId)
  if (job === null || job.status !== 'ended' || job.attempt !== attempt || job.resultId === null) return ack // stale news
  const diagnosis = await diagnosisOf(jobs, job)
  if (diagnosis === null) return ack
  const [result, structure, cluster] = await Promise.all([
    jobs.findResult(job.resultId),
    job.structureHash === null ? null : jobs.findStructure(job.structureHash),
    jobs.findCluster(job.cluster),
  ])
  const writes = writesOf(job.code)
  const left = wantsArtefacts(job) && writes !== undefined ? await filesOf(job) : []
  const plan = planNext({ job, diagnosis, result, structure, left, cluster, writes })
  const at = isoTime(clock)
  if (plan.kind === 'next') {
    const { origin, parameters, resources } = plan
    const hash = plan.structure === null ? job.structureHash : await stored(jobs, plan.structure)
    await jobs.tell(jobId, { type: 'DeriveAttempt', at, attempt, origin, structureHash: hash, parameters, resources })
    log.info({ jobId, attempt, rule: origin.rule, diagnosis: diagnosis.kind }, 'next attempt')
  } else {
    const evidence: Evidence = {
      source: 'recovery',
      at,
      clock: 'platform',
      said: `${diagnosis.kind}: ${plan.verdict}`.slice(0, 2_000),
    }
    await jobs.tell(jobId, { type: 'GiveUp', at, attempt, verdict: plan.verdict, evidence })
    log.info({ jobId, attempt, diagnosis: diagnosis.kind }, 'failed for good')
  }
  return ack
}

/** The diagnosis that the parser asked recovery for, with its evidence. */
async function diagnosisOf(jobs: JobsPort, job: Job): Promise<Diagnosis | null> {
  const events = await jobs.findJobEvents(job.id)
  return events.findLast((event) => event.type === 'RecoveryRequested')?.diagnosis ?? null
}

const wantsArtefacts = ({ request, startedAt }: Job): boolean =>
  startedAt !== null && (request.recovery.strategy === 'CHECKPOINT' || request.recovery.strategy === 'ADAPTIVE')

async function stored(jobs: JobsPort, structure: Structure): Promise<string> {
  const hash = structureHash(structure)
  await jobs.saveStructures(new Map([[hash, structure]]))
  return hash
}
