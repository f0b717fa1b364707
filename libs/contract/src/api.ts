import { z } from 'zod'
import { BatchView } from './batch.ts'
import { CalculationResult } from './calculation-result.ts'
import { ClusterSpec, ClusterView } from './cluster.ts'
import { CodeName } from './code-name.ts'
import { Estimate } from './estimate.ts'
import { ResultSummary } from './events.ts'
import { CampaignId, ClusterName, JobId, NativeId, ProjectId, UserId } from './ids.ts'
import { Effect, JobRequest, Resources } from './job-request.ts'
import { InputProblem } from './problem.ts'
import { Ending, Evidence, Hold, Status, WaitingFor } from './status.ts'

const time = z.iso.datetime()
const open = z.record(z.string(), z.unknown())

/** One page of a list. `next` goes into `?cursor=`; null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })
export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }

/** One setting that a remedy or a user changed between two attempts. */
export const ChangeView = z.object({ path: z.string(), from: z.unknown(), to: z.unknown() })
export type ChangeView = z.infer<typeof ChangeView>

/** Why there is an attempt, and how it differs from the one before. */
export const OriginView = z.object({
  /** `submitted`, the remedy's name, or `retried by <user>`. */
  rule: z.string(),
  because: z.string(),
  changes: z.array(ChangeView),
  /** Whether what is computed changed: such a result stays out of fits and default exports. */
  altered: z.boolean(),
})
export type OriginView = z.infer<typeof OriginView>

/** What remains of an attempt that is over. */
export const PastAttemptView = z.object({
  attempt: z.number().int().min(1),
  origin: OriginView,
  nativeId: NativeId.nullable(),
  ending: Ending.nullable(),
  exitCode: z.number().int().nullable(),
  endedAt: time.nullable(),
  resultId: z.string().nullable(),
  diagnosis: z.string().nullable(),
})
export type PastAttemptView = z.infer<typeof PastAttemptView>

/** What the scheduler's accounting says of an attempt's memory. */
export const AccountedMemory = z.object({
  /** All processes below the batch script, on its own node; null where none was seen. */
  batchMebibytes: z.number().nullable(),
  /** The largest task of any step that the scheduler started itself. */
  taskMebibytes: z.number().nullable(),
  /** How long the run was, which took its samples now and then. */
  seconds: z.number(),
})
export type AccountedMemory = z.infer<typeof AccountedMemory>

export const AttemptAccount = z.object({
  attempt: z.number().int().min(1),
  coreHours: z.number(),
  /** Whether accounting was asked; before, the core-hours are those of the attempt's own word. */
  isFinal: z.boolean(),
  memory: AccountedMemory.nullable(),
})
export type AttemptAccount = z.infer<typeof AttemptAccount>

/** A job as the API shows it. */
export const JobView = z.object({
  id: JobId,
  project: ProjectId,
  user: UserId,
  campaignId: CampaignId.nullable(),
  cluster: ClusterName,
  code: CodeName,
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  priority: z.number().int(),
  status: Status,
  attempt: z.number().int().min(1),
  /** Grows with every change; also the ETag. */
  version: z.number().int(),
  /** Whether at least one hold stands. */
  held: z.boolean(),
  holds: z.array(Hold),
  waitingFor: WaitingFor.nullable(),
  cancelRequested: z.object({ by: z.string(), at: time }).nullable(),
  nativeId: NativeId.nullable(),
  /** The array or the pilot that the present attempt is a member of; null or absent: it went alone. */
  batch: BatchView.nullable().optional(),
  createdAt: time,
  /** When the batch system took the present attempt. */
  submittedAt: time.nullable(),
  startedAt: time.nullable(),
  /** When the end was proved; the status follows when the outputs are stored. */
  endObservedAt: time.nullable(),
  updatedAt: time,
  ending: Ending.nullable(),
  exitCode: z.number().int().nullable(),
  /** What proved the end: `sentinel`, `scheduler`, `exit-code` or `absence`. */
  provedBy: z.string().nullable(),
  /** What the present state rests on. */
  evidence: Evidence,
  parameters: open,
  /** In force: given, or estimated. */
  resources: Resources,
  /** What of them was estimated, and why; null: nothing was. */
  estimate: Estimate.nullable(),
  origin: OriginView,
  summary: ResultSummary.nullable(),
  resultId: z.string().nullable(),
  /** One sentence on why it failed, was cancelled, or what was repaired. */
  verdict: z.string().nullable(),
  diagnosis: z.string().nullable(),
  past: z.array(PastAttemptView),
  /** Of attempts that were charged; absent in lists. */
  accounts: z.array(AttemptAccount).optional(),
})
export type JobView = z.infer<typeof JobView>

export const JobPage = pageOf(JobView)
export type JobPage = z.infer<typeof JobPage>

/** One stored fact of a job. */
export const JobEventView = z.object({
  /** Its place in the job's history, from 0. */
  index: z.number().int(),
  type: z.string(),
  at: time,
  /** One sentence for people. */
  said: z.string(),
  /** Null for facts that are decisions of ours and rest on no observation. */
  evidence: Evidence.nullable(),
  /** Everything that was stored with it. */
  detail: open,
})
export type JobEventView = z.infer<typeof JobEventView>
export const JobEventList = z.object({ items: z.array(JobEventView) })

/** `GET /v1/jobs/{id}/evidence`: why we believe the state of a job, and what would change our mind. */
export const EvidenceView = z.object({
  id: JobId,
  status: Status,
  attempt: z.number().int(),
  /** One sentence: what we believe. */
  belief: z.string(),
  because: Evidence,
  waitingFor: WaitingFor.nullable(),
  /** Observations that would move it on, one sentence each. */
  wouldChange: z.array(z.string()),
  /** Facts that rest on an observation, oldest first. */
  history: z.array(JobEventView),
})
export type EvidenceView = z.infer<typeof EvidenceView>

/** Body of `POST /v1/jobs` for many: all or none, unless `?skipBad=true`. */
export const BulkCreate = z.strictObject({ jobs: z.array(JobRequest).min(1).max(10_000), campaignId: CampaignId.optional() })
export type BulkCreate = z.infer<typeof BulkCreate>

/** Rows that were refused under `?skipBad=true`. */
export const SkippedRow = z.object({ row: z.number().int(), errors: z.array(InputProblem) })

/** Answer to a bulk create, or to a dry run (then `jobs` is empty). */
export const BulkCreated = z.object({
  /** The rows that became jobs, in the order of the request. */
  jobs: z.array(z.object({ row: z.number().int(), id: JobId, name: z.string() })),
  skipped: z.array(SkippedRow),
  /** Rows that passed every check. */
  accepted: z.number().int(),
  warnings: z.array(InputProblem),
  /** Of a dry run: what the first hundred jobs would ask the batch system for, and what of it was estimated. */
  planned: z.array(z.object({ row: z.number().int(), resources: Resources, estimate: Estimate.nullable() })).optional(),
})
export type BulkCreated = z.infer<typeof BulkCreated>

/** Body of `POST /v1/jobs/{id}/hold`. */
export const HoldRequest = z.strictObject({
  reason: z.string().min(1).max(300).default('held by a user'),
  /** Absent: until somebody releases it. */
  until: time.optional(),
})

/** Body of `POST /v1/jobs/{id}/retry`: settings to change, dotted path → value. */
export const RetryRequest = z.strictObject({ set: open.default({}) })

/** `GET /v1/jobs/{id}/inputs`: what the job was asked to do; the structure as it was understood. */
export const InputsView = z.object({
  id: JobId,
  attempt: z.number().int(),
  request: open,
  /** Settings in force now: the request's with the changes of remedies. */
  parameters: open,
  resources: Resources,
  structure: z.unknown().nullable(),
  /** Effects that rules may have. */
  effects: z.array(Effect),
})
export type InputsView = z.infer<typeof InputsView>

/** `GET /v1/jobs/{id}/result`. */
export const ResultView = z.object({
  id: z.string(),
  jobId: JobId,
  attempt: z.number().int(),
  /** Whether recovery changed what is computed; then `alteredSettings` says what. */
  altered: z.boolean(),
  alteredSettings: z.array(ChangeView),
  result: CalculationResult,
})
export type ResultView = z.infer<typeof ResultView>

export const FileView = z.object({
  path: z.string(),
  size: z.number().int(),
  /** `store`: kept by us; `cluster`: still in the attempt's folder there. */
  source: z.enum(['store', 'cluster']),
  modifiedAt: time.nullable(),
  /** First bytes, base64, of files whose headers tell whether a restart may build on them. */
  head: z.string().optional(),
})
export type FileView = z.infer<typeof FileView>
/** `GET /v1/jobs/{id}/files`. */
export const FileList = z.object({
  attempt: z.number().int(),
  items: z.array(FileView),
  /** Outputs that were expected and were not there. */
  missing: z.array(z.string()),
  /** Why the cluster could not be asked; null where it was, or did not need to be. */
  trouble: z.string().nullable(),
})
export type FileList = z.infer<typeof FileList>

export const ClusterPage = pageOf(ClusterView)
export const ClusterCreate = ClusterSpec

/** Jobs by status, for a project, a campaign or everything that the caller may see. */
export const JobCounts = z.object({ total: z.number().int(), byStatus: z.partialRecord(Status, z.number().int()) })
export type JobCounts = z.infer<typeof JobCounts>

/** A message that a service gave up on. */
export const DeadLetterView = z.object({
  /** Its number in the stream of dead letters. */
  sequence: z.number().int(),
  at: time,
  /** The subject that it came by. */
  subject: z.string(),
  consumer: z.string().nullable(),
  deliveries: z.number().int().nullable(),
  because: z.string(),
  jobId: z.string().nullable(),
  /** The message itself, as JSON where it is JSON. */
  message: z.unknown(),
})
export type DeadLetterView = z.infer<typeof DeadLetterView>
export const DeadLetterPage = pageOf(DeadLetterView)

/** First event of `/v1/events` for a client that is new, or whose last id is unknown or expired: the state to begin from. */
export const StreamSnapshot = z.object({
  at: time,
  counts: JobCounts,
  /** The newest jobs that are not over, at most 1000. */
  jobs: z.array(JobView.pick({ id: true, project: true, cluster: true, name: true, status: true, attempt: true, version: true })),
  /** False if there are more of them than `jobs` has. */
  complete: z.boolean(),
})
export type StreamSnapshot = z.infer<typeof StreamSnapshot>
