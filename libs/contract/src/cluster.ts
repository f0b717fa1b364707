import { z } from 'zod'
import { AccountBudget } from './budget.ts'
import { CodeName } from './code-name.ts'
import { ClusterName } from './ids.ts'
import { WaitingFor } from './status.ts'

/** An absolute path of plain characters: it is used on clusters, always quoted. */
export const RemotePath = z.string().regex(/^\/[A-Za-z0-9_.+@=,/-]*$/, 'must be an absolute path of letters, digits and _.+@=,-')

export const SchedulerName = z.enum(['slurm', 'local', 'flux', 'pbs', 'torque'])
export type SchedulerName = z.infer<typeof SchedulerName>

/** How one code is run on one cluster. */
export const ClusterCode = z.strictObject({
  /** Shell lines before the run: `module load …`, exports. */
  setUp: z.string().max(5_000).default(''),
  /** Program → command on the cluster, `{ "pw.x": "/opt/qe/bin/pw.x" }`; absent means the program's own name on the PATH. */
  executables: z.record(z.string(), z.string()).default({}),
  /** Words before the program; `{ranks}`, `{threads}`, `{nodes}` are filled in. Empty for serial runs. */
  launcher: z.string().default('mpirun -np {ranks}'),
  /** Folder of pseudopotentials, basis sets or POTCARs on the cluster. */
  pseudopotentialFolder: RemotePath.optional(),
})
export type ClusterCode = z.infer<typeof ClusterCode>

/** When jobs that leave it to the platform go out in pilots. Sites differ in what they think of them: nowhere by itself. */
export const PilotPolicy = z.strictObject({
  /** Jobs of a wall clock up to this, s, of which two fit on a node, where enough of one shape wait. */
  shortSeconds: z.number().int().min(1).max(86_400),
  /** How long such a pilot may last, s: what is in one waits for its node, and cannot go elsewhere. */
  lastSeconds: z.number().int().min(60).max(86_400).default(3_600),
})
export type PilotPolicy = z.infer<typeof PilotPolicy>

/** A cluster as an operator registers it. */
export const ClusterSpec = z.strictObject({
  name: ClusterName,
  scheduler: SchedulerName,
  ssh: z.strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).default(22),
    user: z.string().min(1).max(64),
    /** Name of the private key's file in the services' key folder. */
    key: z.string().regex(/^[A-Za-z0-9_.-]+$/),
    /** Pinned host keys, `ssh-ed25519 AAAA…`; taken at onboarding where absent, and shown. */
    hostKeys: z.array(z.string()).default([]),
  }),
  /** Everything of ours on the cluster lies below it. */
  root: RemotePath,
  defaults: z
    .strictObject({ partition: z.string().optional(), account: z.string().optional(), qos: z.string().optional() })
    .default({}),
  codes: z.partialRecord(CodeName, ClusterCode).default({}),
  /** At most so many jobs of ours in the queue at once. */
  maxInFlight: z.number().int().min(1).default(1_000),
  /** Absent: only jobs with `packing: pilot` go out in pilots. */
  pilots: PilotPolicy.optional(),
  /** Seconds between two looks at the queue; sites ask for 30 or more. */
  queueIntervalSeconds: z.number().min(0.5).default(30),
})
export type ClusterSpec = z.infer<typeof ClusterSpec>
export type ClusterSpecInput = z.input<typeof ClusterSpec>

export const Partition = z.object({
  name: z.string(),
  isDefault: z.boolean(),
  available: z.boolean(),
  /** Null: unlimited. */
  maxWalltimeSeconds: z.number().nullable(),
  nodeCount: z.number().int(),
  coresPerNode: z.number().int(),
  memoryMebibytesPerNode: z.number().int(),
})
export type Partition = z.infer<typeof Partition>

/** The partition of that name; without a name the cluster's default. */
export const partitionFor = (name: string | undefined, partitions: readonly Partition[]): Partition | undefined =>
  partitions.find((one) => (name === undefined ? one.isDefault : one.name === name))

/** A pseudopotential (or basis, or POTCAR header) as found on a cluster; never its text. */
export const PseudopotentialFile = z.object({
  fileName: z.string(),
  element: z.string(),
  /** `NC`, `US`, `PAW`, `COULOMB`. */
  kind: z.string().nullable(),
  functional: z.string().nullable(),
  valenceElectrons: z.number().nullable(),
  /** Suggested minima by the file itself, rydberg; null where it says none. */
  cutoffRydberg: z.number().nullable(),
  densityCutoffRydberg: z.number().nullable(),
  relativistic: z.string().nullable(),
  /** MD5 of the whole file, as QE prints it. */
  md5: z.string(),
})
export type PseudopotentialFile = z.infer<typeof PseudopotentialFile>

export const Finding = z.object({
  /** `HOST_KEY`, `SHELL_NOISE`, `SCHEDULER`, `ACCOUNTING`, `CLOCK`, `FREE_SPACE`, … */
  item: z.string(),
  severity: z.enum(['ok', 'warning', 'error']),
  /** What was found, with numbers. */
  evidence: z.string(),
  /** What to do about it; empty for `ok`. */
  mend: z.string(),
})
export type Finding = z.infer<typeof Finding>

/** Whether it keeps every job from running there: an error, but not of one code, which compute nodes may have and the login node not. */
export const stopsCluster = ({ severity, item }: Finding): boolean =>
  severity === 'error' && !/^(CODE|PSEUDOPOTENTIALS) /.test(item)

/** How many jobs may be in the queue at once, and whose limit that is: of an association, an account or a QOS. */
export const SubmitLimit = z.object({ of: z.string(), jobs: z.number().int() })
export type SubmitLimit = z.infer<typeof SubmitLimit>

/** What the doctor learnt: jobs are checked against it before anything is queued. */
export const ClusterInventory = z.object({
  checkedAt: z.iso.datetime(),
  schedulerVersion: z.string().nullable(),
  partitions: z.array(Partition),
  maxArraySize: z.number().int().nullable(),
  /** What the batch system says of our account; absent where nobody has asked it. */
  submitLimits: z.array(SubmitLimit).optional(),
  minJobAgeSeconds: z.number().nullable(),
  killWaitSeconds: z.number().nullable(),
  accounting: z.boolean(),
  /** Cluster clock minus ours, seconds. */
  clockOffsetSeconds: z.number(),
  freeMebibytes: z.number().nullable(),
  pseudopotentials: z.partialRecord(CodeName, z.array(PseudopotentialFile)),
  findings: z.array(Finding),
})
export type ClusterInventory = z.infer<typeof ClusterInventory>

/** A cluster as the API shows it. */
export const ClusterView = z.object({
  spec: ClusterSpec,
  inventory: ClusterInventory.nullable(),
  waitingFor: WaitingFor.nullable(),
  /** Jobs of the account in its queue that people submitted by hand: they fill its limits too. Null: nothing of ours is there, so nobody looks. */
  foreignJobs: z.number().int().nullable(),
  /** Of its account, where one cluster is asked for. */
  budget: AccountBudget.optional(),
})
export type ClusterView = z.infer<typeof ClusterView>
