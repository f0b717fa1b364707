import type { Place } from '@crystalmath/cluster'
import { tokenOf } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'

/** Where an attempt of a job lives; the present one unless told. */
export const placeOf = (job: Job, attempt = job.attempt): Place => ({
  project: job.projectId,
  jobId: job.id,
  attempt,
  token: tokenOf(job.id, attempt),
})
