import { z } from 'zod'
import { ClusterInventory, Finding } from './cluster.ts'
import { type ClusterName, JobId } from './ids.ts'

/** Questions that the gateway asks of whoever holds a cluster's connection, by NATS request and reply. */
export type Ask = 'cluster.check' | 'job.files' | 'job.tail'

/** The subject below `crystalmath.ask.`: `cluster.check.alps`. */
export const askSubject = (ask: Ask, cluster: ClusterName): string => `${ask}.${cluster}`

/** Any poller answers: whether a cluster that is not registered could work. The question is its `ClusterSpec`. */
export const EXAMINE_SUBJECT = 'cluster.examine'

export const CheckQuestion = z.object({ dryRun: z.boolean() })
export const FilesQuestion = z.object({ jobId: JobId, attempt: z.number().int().min(1) })
/** An answer must stay below the 1 MB that NATS carries. */
export const MAX_TAIL_BYTES = 500_000
export const TailQuestion = z.object({
  jobId: JobId,
  attempt: z.number().int().min(1),
  path: z.string(),
  bytes: z.number().int().min(1).max(MAX_TAIL_BYTES),
})
export type CheckQuestion = z.infer<typeof CheckQuestion>
export type FilesQuestion = z.infer<typeof FilesQuestion>
export type TailQuestion = z.infer<typeof TailQuestion>

export const CheckAnswer = ClusterInventory
/** `inventory` is null where there is no connection; then the only finding says why. */
export const ExamineAnswer = z.object({ inventory: ClusterInventory.nullable(), findings: z.array(Finding) })
export type ExamineAnswer = z.infer<typeof ExamineAnswer>
/** `head`: first bytes, base64, of files whose headers tell whether a restart may build on them. */
export const FilesAnswer = z.array(
  z.object({ path: z.string(), size: z.number().int(), modifiedSeconds: z.number(), head: z.string().optional() }),
)
/** The last bytes of the file, base64. */
export const TailAnswer = z.object({ base64: z.string() })
export type FilesAnswer = z.infer<typeof FilesAnswer>
export type TailAnswer = z.infer<typeof TailAnswer>
