import { z } from 'zod'

/** accepted → submitting → pending → running → ended → completed | failed | cancelled. Within an attempt none goes backwards, but submitting → accepted upon proof. */
export const STATUSES = ['accepted', 'submitting', 'pending', 'running', 'ended', 'completed', 'failed', 'cancelled'] as const
export const Status = z.enum(STATUSES)
export type Status = z.infer<typeof Status>

export const isOver = (status: Status): boolean => status === 'completed' || status === 'failed' || status === 'cancelled'

/** How an attempt ended, as far as scheduler and sentinels prove it. */
export const ENDINGS = [
  'COMPLETED',
  'FAILED',
  'TIMEOUT',
  'OUT_OF_MEMORY',
  'NODE_FAILED',
  'PREEMPTED',
  'CANCELLED',
  'LOST',
] as const
export const Ending = z.enum(ENDINGS)
export type Ending = z.infer<typeof Ending>

/** What a job or a cluster waits for. Waiting is not an error. */
export const WAITING_KINDS = [
  'SCHEDULER_DOWN',
  'ACCOUNTING_DOWN',
  'SSH_DOWN',
  'HOST_KEY_CHANGED',
  'QUEUE_FULL',
  'QUOTA',
  'BUDGET',
  'DISK_FULL',
  'MAINTENANCE',
  'CIRCUIT_OPEN',
  'SUBMIT_ANSWER',
  'FENCING',
  'ACCOUNTING_LAG',
  'OUTPUTS',
  'PREDECESSOR',
  /** A reader met a fault of ours: the outputs are kept, and read again when it is mended. */
  'PARSER_FAULT',
  /** It runs, but none of its files has changed for far longer than ever before in this run. A remark: nothing is done about it. */
  'QUIET',
  'OTHER',
] as const
export const WaitingKind = z.enum(WAITING_KINDS)
export type WaitingKind = z.infer<typeof WaitingKind>

export const WaitingFor = z.object({
  kind: WaitingKind,
  /** One sentence with the evidence: who said what. */
  because: z.string().max(500),
  since: z.iso.datetime(),
})
export type WaitingFor = z.infer<typeof WaitingFor>

/** Stands beside the status; a held job is not submitted, or is held in the queue by the scheduler's own hold. */
export const Hold = z.object({
  reason: z.string().max(300),
  by: z.string(),
  /** Null: until somebody releases it. */
  until: z.iso.datetime().nullable(),
})
export type Hold = z.infer<typeof Hold>

/** An observation that a state rests on. */
export const Evidence = z.object({
  /** `sentinel`, `squeue`, `sacct`, `claim`, `user`, `parser`, … */
  source: z.string(),
  /** The command or file that said so. */
  by: z.string().optional(),
  /** When it was observed. */
  at: z.iso.datetime(),
  /** Whose clock `at` is of. */
  clock: z.enum(['platform', 'cluster', 'database']),
  /** What was said, at most 2 kB. */
  said: z.string().max(2_000),
})
export type Evidence = z.infer<typeof Evidence>
