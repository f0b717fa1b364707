import { z } from 'zod'
import { ClusterInventory } from './cluster.ts'
import { type ClusterName, JobId } from './ids.ts'

/** Questions that the gateway asks of whoever holds a cluster's connection, by NATS request and reply. JSON both ways. */
export const ASKS = ['cluster.check', 'job.files', 'job.tail'] as const
export type Ask = (typeof ASKS)[number]

/** `crystalmath.ask.cluster.check.alps`. */
export const askSubject = (ask: Ask, cluster: ClusterName): string => `crystalmath.ask.${ask}.${cluster}`

export const CheckQuestion = z.object({ dryRun: z.boolean() })
export const FilesQuestion = z.object({ jobId: JobId, attempt: z.number().int().min(1) })
export const TailQuestion = z.object({
  jobId: JobId,
  attempt: z.number().int().min(1),
  path: z.string(),
  /** At most this many; an answer must stay below the 1 MB that NATS carries. */
  bytes: z.number().int().min(1).max(500_000),
})
export type CheckQuestion = z.infer<typeof CheckQuestion>
export type FilesQuestion = z.infer<typeof FilesQuestion>
export type TailQuestion = z.infer<typeof TailQuestion>

const answer = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    /** `transient`: the link or the scheduler is away, try later; `refused`: no repetition helps. */
    z.object({ ok: z.literal(false), kind: z.enum(['transient', 'refused', 'not-found']), message: z.string() }),
  ])

export const CheckAnswer = answer(ClusterInventory)
export const FilesAnswer = answer(z.array(z.object({ path: z.string(), size: z.number().int(), modifiedSeconds: z.number() })))
/** The last bytes of the file, base64. */
export const TailAnswer = answer(z.object({ base64: z.string() }))
export type CheckAnswer = z.infer<typeof CheckAnswer>
export type FilesAnswer = z.infer<typeof FilesAnswer>
export type TailAnswer = z.infer<typeof TailAnswer>
