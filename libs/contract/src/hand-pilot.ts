import { z } from 'zod'
import { BatchId, type PilotShape } from './batch.ts'
import { CampaignId, ClusterName, NativeId, ProjectId, UserId } from './ids.ts'
import { Resources } from './job-request.ts'

/** Body of `POST /v1/pilots`: a pilot that a person starts inside an allocation of his own. */
export const HandPilotRequest = z.strictObject({
  cluster: ClusterName,
  project: ProjectId,
  /** Only jobs of this campaign. */
  campaign: CampaignId.optional(),
  /** Only jobs with all of these labels. */
  labels: z.record(z.string(), z.string()).default({}),
  /** It begins so many jobs at most; absent: as many as find time. */
  maxJobs: z.number().int().min(1).max(100_000).optional(),
})
export type HandPilotRequest = z.infer<typeof HandPilotRequest>
export type HandPilotRequestInput = z.input<typeof HandPilotRequest>

/** `asked`: its script is not on the cluster yet; `ready`: it may be started; `running`: it takes jobs; `over`: it begins nobody any more. */
export const HandPilotState = z.enum(['asked', 'ready', 'running', 'over'])
export type HandPilotState = z.infer<typeof HandPilotState>

/** What the pilot itself says, on its cluster. */
export const HandPilotSight = z.object({
  state: HandPilotState,
  /** Of the allocation that it was started in. */
  nativeId: NativeId.nullable(),
  /** Jobs side by side; null: it has not begun. */
  slots: z.number().int().nullable(),
  /** Seconds since the epoch, cluster clock. */
  endsSeconds: z.number().nullable(),
  /** Jobs that it has begun. */
  begun: z.number().int(),
})
export type HandPilotSight = z.infer<typeof HandPilotSight>

export const HandPilotView = HandPilotRequest.extend({
  id: BatchId,
  labels: z.record(z.string(), z.string()),
  /** What each of its jobs asks for: no others go there. */
  member: Resources,
  /** How many jobs waited that ask for that, when it was made. */
  waiting: z.number().int(),
  /** The script to start inside the allocation. */
  script: z.string(),
  sight: HandPilotSight,
  createdBy: UserId,
  createdAt: z.iso.datetime(),
})
export type HandPilotView = z.infer<typeof HandPilotView>

/** How a person's pilot uses its allocation, as far as that is known before it begins: of its slots and its end it learns there. */
export const handPilotShape = ({ ranks, threadsPerRank, walltimeSeconds }: Resources): PilotShape => ({
  slots: 1,
  cores: ranks * threadsPerRank,
  memberSeconds: walltimeSeconds,
  earlySeconds: 0,
  lifetimeSeconds: 86_400,
})
