import { ack, ask, type Bus, type Outcome } from '@crystalmath/bus'
import { writesOf } from '@crystalmath/codes'
import { askSubject, type Diagnosis, type Evidence, FilesAnswer, type JobId, type Structure } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Log } from '@crystalmath/service'
import {
  findCluster,
  findJob,
  findJobEvents,
  findResult,
  findStructure,
  type Store,
  saveStructures,
  tell,
} from '@crystalmath/store'
import { structureHash } from '@crystalmath/structures'
import { planNext } from './plan.ts'

export type Deps = { readonly store: Store; readonly bus: Bus; readonly log: Log }

/** Decides what follows an attempt that is not a good completion. Acts only if status and attempt still match; deciding twice changes nothing. */
export async function recover({ store, bus, log }: Deps, jobId: JobId, attempt: number): Promise<Outcome> {
  const job = await findJob(store, jobId)
  if (job === null || job.status !== 'ended' || job.attempt !== attempt || job.resultId === null) return ack // stale news
  const diagnosis = await diagnosisOf(store, job)
  if (diagnosis === null) return ack
  const [result, structure, cluster] = await Promise.all([
    findResult(store, job.resultId),
    job.structureHash === null ? null : findStructure(store, job.structureHash),
    findCluster(store, job.cluster),
  ])
  const writes = writesOf(job.code)
  const left = wantsArtefacts(job) && writes !== undefined ? await artefactsOf(bus, job) : []
  const plan = planNext({ job, diagnosis, result, structure, left, cluster, writes })
  const at = new Date().toISOString()
  if (plan.kind === 'next') {
    const { origin, parameters, resources } = plan
    const hash = plan.structure === null ? job.structureHash : await stored(store, plan.structure)
    await tell(store, jobId, { type: 'DeriveAttempt', at, attempt, origin, structureHash: hash, parameters, resources })
    log.info({ jobId, attempt, rule: origin.rule, diagnosis: diagnosis.kind }, 'next attempt')
  } else {
    const evidence: Evidence = {
      source: 'recovery',
      at,
      clock: 'platform',
      said: `${diagnosis.kind}: ${plan.verdict}`.slice(0, 2_000),
    }
    await tell(store, jobId, { type: 'GiveUp', at, attempt, verdict: plan.verdict, evidence })
    log.info({ jobId, attempt, diagnosis: diagnosis.kind }, 'failed for good')
  }
  return ack
}

/** The diagnosis that the parser asked recovery for, with its evidence. */
async function diagnosisOf(store: Store, job: Job): Promise<Diagnosis | null> {
  const events = await findJobEvents(store, job.id)
  return events.findLast((event) => event.type === 'RecoveryRequested')?.diagnosis ?? null
}

const wantsArtefacts = ({ request, startedAt }: Job): boolean =>
  startedAt !== null && (request.recovery.strategy === 'CHECKPOINT' || request.recovery.strategy === 'ADAPTIVE')

/** What the attempt left on the cluster; throws `TransientError` while the cluster is away, so that nothing is decided without it. */
async function artefactsOf(bus: Bus, job: Job): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const answer = await ask(bus, askSubject('job.files', job.cluster), { jobId: job.id, attempt: job.attempt })
  return FilesAnswer.parse(answer)
}

async function stored(store: Store, structure: Structure): Promise<string> {
  const hash = structureHash(structure)
  await saveStructures(store, new Map([[hash, structure]]))
  return hash
}
