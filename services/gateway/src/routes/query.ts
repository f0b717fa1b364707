import { CampaignId, CampaignWord, ClusterName, CodeName, ProjectId, Status } from '@crystalmath/contract'
import { z } from 'zod'

/** `?status=running&status=pending`, or `?status=running,pending`. */
const words = z
  .union([z.string(), z.array(z.string())])
  .transform((given) =>
    (typeof given === 'string' ? [given] : given).flatMap((some) => some.split(',')).filter((word) => word !== ''),
  )
export const several = <T extends z.ZodType<unknown, string>>(item: T) => words.pipe(z.array(item).max(100))

/** `?dryRun=true`; empty means true. */
export const flag = z.enum(['true', 'false', '1', '0', '']).transform((word) => word !== 'false' && word !== '0')

const pair = z.string().regex(/^[A-Za-z0-9_:/+-]{1,100}=/, 'must be key=value')

export const page = {
  /** From `next` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
}

/** Filters of job lists and counts. */
export const jobFilters = {
  project: several(ProjectId).optional(),
  cluster: several(ClusterName).optional(),
  status: several(Status).optional(),
  /** Words of campaigns: to_run, ready, running, completed, failed, timeout, cancelled. */
  word: several(CampaignWord).optional(),
  code: several(CodeName).optional(),
  campaign: CampaignId.optional(),
  label: z
    .union([pair, z.array(pair).max(20)])
    .transform((given) => (typeof given === 'string' ? [given] : given))
    .optional(),
  name: z.string().max(200).optional(),
  held: flag.optional(),
  since: z
    .union([z.iso.datetime({ offset: true }), z.iso.date()])
    .transform((time) => new Date(time).toISOString())
    .optional(),
}

/** An attempt by its number; absent: the present one. */
export const attempt = z.coerce.number().int().min(1).optional()
