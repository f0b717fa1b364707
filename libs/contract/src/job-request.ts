import { z } from 'zod'
import { Packing } from './batch.ts'
import { CodeName } from './code-name.ts'
import { ClusterName, JobId, ProjectId } from './ids.ts'
import { Structure } from './structure.ts'

const nodes = z.number().int().min(1).max(10_000)
const ranks = z.number().int().min(1).max(1_000_000)
const threadsPerRank = z.number().int().min(1).max(1_024)
const gpusPerNode = z.number().int().min(0).max(64)
const walltimeSeconds = z.number().int().min(60).max(31_536_000)
const extraDirectives = z.array(z.string().max(200)).max(20)

/** What a user asks of the batch system. Absent: nodes, ranks, memory and wall clock are estimated where the code has a law for them; the rest is the cluster's default. */
export const GivenResources = z.strictObject({
  partition: z.string().max(64).optional(),
  /** The account that the scheduler charges. */
  account: z.string().max(64).optional(),
  qos: z.string().max(64).optional(),
  nodes: nodes.optional(),
  /** MPI ranks in all. */
  ranks: ranks.optional(),
  threadsPerRank: threadsPerRank.optional(),
  gpusPerNode: gpusPerNode.optional(),
  /** On each node. */
  memoryMebibytes: z.number().int().min(16).optional(),
  walltimeSeconds: walltimeSeconds.optional(),
  /** Further directives, `--constraint=haswell`, one option each, checked against a list of harmless ones. */
  extraDirectives: extraDirectives.optional(),
})
export type GivenResources = z.infer<typeof GivenResources>

/** What a job asks of the batch system, all of it. */
export const Resources = GivenResources.extend({
  nodes: nodes.default(1),
  ranks: ranks.default(1),
  threadsPerRank: threadsPerRank.default(1),
  gpusPerNode: gpusPerNode.default(0),
  walltimeSeconds: walltimeSeconds.default(3_600),
  extraDirectives: extraDirectives.default([]),
})
export type Resources = z.infer<typeof Resources>

/** How far a remedy may change what is computed. */
export const Effect = z.enum(['none', 'path', 'numerics', 'model'])
export type Effect = z.infer<typeof Effect>

export const RecoveryPolicy = z.strictObject({
  /** FAIL_FAST: never; RETRY: same inputs; CHECKPOINT: go on from valid artefacts; ADAPTIVE: rules. */
  strategy: z.enum(['FAIL_FAST', 'RETRY', 'CHECKPOINT', 'ADAPTIVE']).default('ADAPTIVE'),
  maxAttempts: z.number().int().min(1).max(50).default(5),
  /** Effects that rules may have without being asked. */
  effects: z.array(Effect).default(['none', 'path']),
})
export type RecoveryPolicy = z.infer<typeof RecoveryPolicy>

/** A structure as JSON, or as the text of a common format. */
export const StructureSource = z.union([
  Structure,
  z.strictObject({ format: z.enum(['poscar', 'cif', 'extxyz', 'xyz']), text: z.string().max(5_000_000) }),
])
export type StructureSource = z.infer<typeof StructureSource>

/** A file of the user's own beside the inputs. */
export const ExtraFile = z.strictObject({
  path: z
    .string()
    .max(200)
    .regex(
      /^[A-Za-z0-9_][A-Za-z0-9_.+-]*(\/[A-Za-z0-9_][A-Za-z0-9_.+-]*){0,3}$/,
      'must be a relative path of letters, digits and _.+-',
    ),
  text: z.string().max(10_000_000),
})
export type ExtraFile = z.infer<typeof ExtraFile>

/** One calculation as a user posts it. */
export const JobRequest = z.strictObject({
  project: ProjectId,
  cluster: ClusterName,
  code: CodeName,
  name: z.string().min(1).max(200).optional(),
  structure: StructureSource.optional(),
  /** The code's own settings; each code's schema says which. */
  parameters: z.record(z.string(), z.unknown()).default({}),
  resources: GivenResources.default({}),
  recovery: RecoveryPolicy.prefault({}),
  /** Absent: `auto`. */
  packing: Packing.optional(),
  /** Higher first. */
  priority: z.number().int().min(-1_000_000).max(1_000_000).default(0),
  labels: z.record(z.string().max(100), z.string().max(1_000)).default({}),
  extraFiles: z.array(ExtraFile).max(100).default([]),
  /** A small POSIX shell script, run once in the job's folder before the code: clean environment, two minutes, nothing outside the folder. Its output is kept as `own-set-up.out`; a failure ends the run. */
  setUp: z.string().min(1).max(4_000).optional(),
  /** Starts only when this job is completed. */
  after: JobId.optional(),
  /** `after`: the structure is the last geometry of the job in `after`; then `structure` is left out. */
  structureFrom: z.literal('after').optional(),
})
export type JobRequest = z.infer<typeof JobRequest>
/** What a client may write: defaults left out. */
export type JobRequestInput = z.input<typeof JobRequest>
