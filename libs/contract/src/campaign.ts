import { z } from 'zod'
import { Packing } from './batch.ts'
import { CodeName } from './code-name.ts'
import { CampaignId, ClusterName, JobId, ProjectId, UserId } from './ids.ts'
import { JobRequest } from './job-request.ts'
import { InputProblem } from './problem.ts'
import { Ending, Status } from './status.ts'

const time = z.iso.datetime()
const column = z.string().min(1).max(200)
const open = z.record(z.string(), z.unknown())

/** What all rows of a campaign have in common: a job without its structure. */
export const CampaignTemplate = JobRequest.omit({ structure: true, structureFrom: true })
export type CampaignTemplate = z.infer<typeof CampaignTemplate>

/** What happens to a row that computes what another job has computed, by its `calculationHash`. */
export const Duplicates = z.enum(['run', 'reuse', 'refuse'])
export type Duplicates = z.infer<typeof Duplicates>

/** What a campaign is, without its rows. */
export const CampaignHead = z.strictObject({
  name: z.string().min(1).max(200),
  template: CampaignTemplate,
  /** Column with the structure. */
  geometryColumn: column.default('aligned_csd_core'),
  geometryFormat: z.enum(['xyz', 'extxyz', 'cif', 'poscar']).default('xyz'),
  /** Column with the charge, e; null: there is none. Absent: `charge`, if the table has it. */
  chargeColumn: column.nullable().optional(),
  /** Column with the number of unpaired electrons. Absent: `uhf`, if the table has it. */
  spinColumn: column.nullable().optional(),
  /** Column with the multiplicity; goes before `spinColumn`. Absent: `multiplicity`, if the table has it. */
  multiplicityColumn: column.nullable().optional(),
  nameColumn: column.nullable().optional(),
  /** At most so many of its jobs are in the cluster's queue at once. */
  maxInFlight: z.number().int().min(1).max(1_000_000).optional(),
  duplicates: Duplicates.default('run'),
  /** Whether none of its jobs is sent until somebody releases it. */
  held: z.boolean().default(false),
})
export type CampaignHead = z.infer<typeof CampaignHead>
export type CampaignHeadInput = z.input<typeof CampaignHead>

/** Body of `POST /v1/campaigns` as JSON. Tables of other formats come as streams, with the head in `?head=`. */
export const CampaignCreate = CampaignHead.extend({
  /** Each a record of columns, as a line of JSON Lines. */
  rows: z.array(open).min(1).max(100_000),
})
export type CampaignCreate = z.infer<typeof CampaignCreate>

/** Words that users filter jobs of a campaign by; every job is under exactly one. */
export const CAMPAIGN_WORDS = ['to_run', 'ready', 'running', 'completed', 'failed', 'timeout', 'cancelled'] as const
/** `to_run`: not sent yet; `ready`: in the queue or on its way there; `running`: runs, or its outputs are being read; `timeout`: failed for want of wall time. */
export const CampaignWord = z.enum(CAMPAIGN_WORDS)
export type CampaignWord = z.infer<typeof CampaignWord>

/** A count and its share of all, %. */
export const Share = z.object({ count: z.number().int(), percent: z.number() })
export type Share = z.infer<typeof Share>

export const CampaignView = z.object({
  id: CampaignId,
  name: z.string(),
  project: ProjectId,
  user: UserId,
  code: CodeName,
  cluster: ClusterName,
  createdAt: time,
  /** `importing` until all its jobs are stored: none of them is sent before. */
  state: z.enum(['importing', 'open', 'cancelled']),
  /** Who holds it: none of its jobs is sent meanwhile; those in the queue go on. */
  held: z.object({ by: z.string(), at: time, reason: z.string() }).nullable(),
  maxInFlight: z.number().int().nullable(),
  duplicates: Duplicates,
  /** Rows that became jobs. */
  rows: z.number().int(),
  /** Columns of the table that go to the export. */
  columns: z.array(z.string()),
  total: z.number().int(),
  byStatus: z.partialRecord(Status, z.number().int()),
  words: z.record(CampaignWord, Share),
})
export type CampaignView = z.infer<typeof CampaignView>
export const CampaignPage = z.object({ items: z.array(CampaignView), next: z.string().nullable() })

/** A row that was not made a job because its calculation is known. */
export const KnownCalculation = z.object({
  row: z.number().int(),
  /** The job that computes, or has computed, the same. */
  sameAs: JobId,
})
export type KnownCalculation = z.infer<typeof KnownCalculation>

/** Jobs that would go into the cluster's queue in one way: `submissions` of them, by the doctor's word on the cluster and an empty queue. */
export const PlannedGroup = z.object({
  packing: Packing.exclude(['auto']),
  jobs: z.number().int(),
  submissions: z.number().int(),
  because: z.string(),
})
export type PlannedGroup = z.infer<typeof PlannedGroup>

/** Answer to `POST /v1/campaigns`; on a dry run nothing was stored. */
export const CampaignCreated = z.object({
  /** Null on a dry run. */
  campaign: CampaignView.nullable(),
  /** Rows that passed every check. */
  accepted: z.number().int(),
  skippedCount: z.number().int(),
  /** The first 1000 of them. */
  skipped: z.array(z.object({ row: z.number().int(), errors: z.array(InputProblem) })),
  /** Rows whose result was there already, and is theirs now. */
  reused: z.array(KnownCalculation),
  /** Rows left out because another row computes the same. */
  repeated: z.array(KnownCalculation),
  warnings: z.array(InputProblem),
  /** On a dry run: how the accepted rows would go into the queue; null: nobody has looked at the cluster yet. */
  plan: z.array(PlannedGroup).nullable().optional(),
})
export type CampaignCreated = z.infer<typeof CampaignCreated>

/** Of the numbers that are there. */
export const Spread = z.object({
  count: z.number().int(),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
})
export type Spread = z.infer<typeof Spread>

/** `GET /v1/campaigns/{id}/statistics`: over its completed jobs. */
export const CampaignStatistics = z.object({
  /** Of energies and forces: `ev`: eV and eV/Å; `hartree`: hartree and hartree/bohr. */
  unit: z.enum(['ev', 'hartree']),
  completed: z.number().int(),
  maxForce: Spread,
  scfSteps: Spread,
  wallSeconds: Spread,
  cores: Spread,
  /** Wall time times cores, of those jobs that say both, h. */
  totalCoreHours: z.number(),
  /** What all attempts of all its jobs cost, the failed too: by accounting, where it tells. */
  chargedCoreHours: z.number(),
  /** Completed jobs that do not say both. */
  withoutCoreHours: z.number().int(),
  /** Completed jobs whose result recovery altered: in no number above. */
  altered: z.number().int(),
})
export type CampaignStatistics = z.infer<typeof CampaignStatistics>

/** A job that failed, and how often. */
export const CampaignFailure = z.object({
  id: JobId,
  row: z.number().int().nullable(),
  name: z.string(),
  word: CampaignWord,
  /** Attempts that came to no good end. */
  failCount: z.number().int(),
  ending: Ending.nullable(),
  diagnosis: z.string().nullable(),
  verdict: z.string().nullable(),
})
export type CampaignFailure = z.infer<typeof CampaignFailure>
/** `GET /v1/campaigns/{id}/failures`, those that failed most often first. */
export const CampaignFailures = z.object({ total: z.number().int(), items: z.array(CampaignFailure) })
export type CampaignFailures = z.infer<typeof CampaignFailures>

/** Body of `POST /v1/campaigns/{id}/reset`. */
export const CampaignReset = z.strictObject({
  filter: z
    .array(z.enum(['failed', 'timeout', 'cancelled']))
    .min(1)
    .default(['failed', 'timeout']),
  /** Jobs that failed so often, or more often, are left alone. */
  maxFailures: z.number().int().min(1).max(1_000).optional(),
})
export type CampaignReset = z.infer<typeof CampaignReset>
export const CampaignResetDone = z.object({ reset: z.number().int(), leftAlone: z.number().int() })
export type CampaignResetDone = z.infer<typeof CampaignResetDone>

/** Body of `PATCH /v1/campaigns/{id}`. */
export const CampaignChange = z.strictObject({
  /** Of the jobs that are not sent yet. */
  priority: z.number().int().min(-1_000_000).max(1_000_000).optional(),
  /** Null: no limit but the cluster's. */
  maxInFlight: z.number().int().min(1).max(1_000_000).nullable().optional(),
})
export type CampaignChange = z.infer<typeof CampaignChange>
