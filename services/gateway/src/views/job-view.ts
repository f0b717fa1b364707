import type { ChangeView, JobView, OriginView } from '@crystalmath/contract'
import type { Job, Origin } from '@crystalmath/job'

/** Why an attempt exists, without what only the submitter needs. */
export const toOriginView = ({ rule, because, changes, altered }: Origin): OriginView => ({
  rule,
  because,
  changes: changes.map(toChange),
  altered,
})

/** JSON has no `undefined`: a setting that was absent is null. */
const toChange = ({ path, from, to }: Origin['changes'][number]): ChangeView => ({ path, from: from ?? null, to: to ?? null })

/** A job as the API shows it. */
export function toJobView(job: Job): JobView {
  return {
    id: job.id,
    project: job.projectId,
    user: job.userId,
    campaignId: job.campaignId,
    cluster: job.cluster,
    code: job.code,
    name: job.name,
    labels: job.request.labels,
    priority: job.request.priority,
    status: job.status,
    attempt: job.attempt,
    version: job.version,
    held: job.holds.length > 0,
    holds: [...job.holds],
    waitingFor: job.waitingFor,
    cancelRequested: job.cancelRequested,
    nativeId: job.nativeId,
    batch: job.batch ?? null,
    createdAt: job.createdAt,
    submittedAt: job.submittedAt,
    startedAt: job.startedAt,
    endObservedAt: job.end?.observedAt ?? null,
    updatedAt: job.updatedAt,
    ending: job.end?.ending ?? null,
    exitCode: job.end?.exitCode ?? null,
    provedBy: job.end?.provedBy ?? null,
    evidence: job.evidence,
    parameters: job.parameters,
    resources: job.resources,
    estimate: job.estimate ?? null,
    origin: toOriginView(job.origin),
    summary: job.summary,
    resultId: job.resultId,
    verdict: job.verdict,
    diagnosis: job.diagnosis,
    past: job.past.map(({ attempt, origin, nativeId, ending, exitCode, endedAt, resultId, diagnosis }) => ({
      attempt,
      origin: toOriginView(origin),
      nativeId,
      ending,
      exitCode,
      endedAt,
      resultId,
      diagnosis,
    })),
  }
}
