import { createBatch, findBatch, findLivingPilots, findUnansweredMembers } from './batches.ts'
import { findBudget, saveBudget } from './budgets.ts'
import { findOpenCharges, saveCharges, settleCharges } from './charges.ts'
import { findCluster, saveClusterWait, saveForeignJobs } from './clusters.ts'
import { findOpenHandPilots, saveHandPilotSight } from './hand-pilots.ts'
import { findJob, findJobEvents, tell } from './jobs.ts'
import type { Store } from './open.ts'
import { readOutputs, saveOutputs } from './outputs.ts'
import { findResult, saveResultBody } from './results.ts'
import { findShares } from './shares.ts'
import { findStructure, saveStructures } from './structures.ts'
import { tellMany } from './tell-many.ts'
import {
  findCancelling,
  findFencing,
  findHolding,
  findInFlight,
  findJobs,
  findLive,
  findRecalling,
  findSubmittable,
  findUnanswered,
  findUndecided,
  findUnfetched,
  findUnparsed,
} from './work.ts'

/** What the services that move jobs ask of a store: the same functions without their first argument, so that their shells run over any store that keeps versions. */
export type JobsPort = ReturnType<typeof jobsPort>

/** Binds the functions to an open database. */
export const jobsPort = (store: Store) => ({
  tell: bound(store, tell),
  tellMany: bound(store, tellMany),
  createBatch: bound(store, createBatch),
  findBatch: bound(store, findBatch),
  findUnansweredMembers: bound(store, findUnansweredMembers),
  findLivingPilots: bound(store, findLivingPilots),
  findOpenHandPilots: bound(store, findOpenHandPilots),
  saveHandPilotSight: bound(store, saveHandPilotSight),
  findJob: bound(store, findJob),
  findJobs: bound(store, findJobs),
  findJobEvents: bound(store, findJobEvents),
  findSubmittable: bound(store, findSubmittable),
  findUnanswered: bound(store, findUnanswered),
  findCancelling: bound(store, findCancelling),
  findHolding: bound(store, findHolding),
  findRecalling: bound(store, findRecalling),
  findFencing: bound(store, findFencing),
  findLive: bound(store, findLive),
  findUnfetched: bound(store, findUnfetched),
  findUnparsed: bound(store, findUnparsed),
  findUndecided: bound(store, findUndecided),
  findInFlight: bound(store, findInFlight),
  findShares: bound(store, findShares),
  saveCharges: bound(store, saveCharges),
  findOpenCharges: bound(store, findOpenCharges),
  settleCharges: bound(store, settleCharges),
  findBudget: bound(store, findBudget),
  saveBudget: bound(store, saveBudget),
  findCluster: bound(store, findCluster),
  saveClusterWait: bound(store, saveClusterWait),
  saveForeignJobs: bound(store, saveForeignJobs),
  findStructure: bound(store, findStructure),
  saveStructures: bound(store, saveStructures),
  saveOutputs: bound(store, saveOutputs),
  readOutputs: bound(store, readOutputs),
  saveResultBody: bound(store, saveResultBody),
  findResult: bound(store, findResult),
})

const bound =
  <Args extends readonly unknown[], Answer>(store: Store, ask: (store: Store, ...args: Args) => Answer) =>
  (...args: Args): Answer =>
    ask(store, ...args)
