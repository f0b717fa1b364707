import { z } from 'zod'

/** What a calculation will need, by the law of its code: measured runs correct it, safety is added later. */
export const Demand = z.object({
  /** Kind of calculation, by which runs are compared: `relax`, `gw`. */
  kind: z.string(),
  /** Seconds on one core. */
  coreSeconds: z.number(),
  /** MiB that are shared out among all ranks, that every group of ranks with k points of its own holds besides, and every rank. */
  sharedMebibytes: z.number(),
  mebibytesPerGroup: z.number(),
  mebibytesPerRank: z.number(),
  /** Ranks and nodes beyond which it goes no faster, or not at all. */
  mostRanks: z.number().int(),
  mostNodes: z.number().int(),
  /** Groups of ranks among which k points can be shared out with none left empty. */
  kGroups: z.number().int(),
  /** What it rests on: atoms, electrons, bands, k points, plane waves, basis functions. */
  size: z.record(z.string(), z.number()),
  because: z.array(z.string()),
})
export type Demand = z.infer<typeof Demand>

/** What was estimated of a job's resources, and why. */
export const Estimate = z.object({
  /** Members that nobody gave, dotted: `resources.ranks`, `parameters.pools`. */
  fields: z.array(z.string()),
  /** One sentence for each number. */
  because: z.array(z.string()),
  /** By the law alone, for the ranks in force: finished runs are held against it. */
  kind: z.string(),
  coreSeconds: z.number(),
  mebibytes: z.number(),
})
export type Estimate = z.infer<typeof Estimate>
