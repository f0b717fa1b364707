import type { CampaignId, HandPilotRequest, ProjectId, Resources } from '@crystalmath/contract'
import { mayJoin, shapeOf, type Waiting } from './plan.ts'

/** What most of those ask for that a pilot on one node may run, and how many do; null where none may. */
export function commonestShape(waiting: readonly Waiting[]): { readonly member: Resources; readonly waiting: number } | null {
  const able = waiting.filter((job) => mayJoin(job) && job.resources.nodes === 1 && job.resources.gpusPerNode === 0)
  const groups = [...Map.groupBy(able, ({ resources }) => shapeOf(resources)).values()]
  const [most] = groups.toSorted((a, b) => b.length - a.length)
  return most?.[0] === undefined ? null : { member: most[0].resources, waiting: most.length }
}

/** What of a job decides whether a person's pilot takes it. */
export type Owned = {
  readonly projectId: ProjectId
  readonly campaignId: CampaignId | null
  readonly request: { readonly labels: Readonly<Record<string, string>> }
}

/** Whether it is of the project, and of the campaign and with all of the labels where such are asked for. */
export const takes = (
  { project, campaign, labels }: Pick<HandPilotRequest, 'project' | 'campaign' | 'labels'>,
  { projectId, campaignId, request }: Owned,
): boolean =>
  project === projectId &&
  (campaign === undefined || campaign === campaignId) &&
  Object.entries(labels).every(([key, value]) => request.labels[key] === value)
