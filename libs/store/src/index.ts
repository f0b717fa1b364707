export * from './access/index.ts'
export { type Batch, createBatch, findBatch, type LivingPilot } from './batches.ts'
export { accountOf, type Budget, findBudget, type Limits, narrow, saveBudget, viewBudget, widen } from './budgets.ts'
export * from './campaigns/index.ts'
export { type ChargeSum, findAccounts, findSpent, type OpenCharge, sumChargesBy, sumChargesOfCampaign } from './charges.ts'
export * from './clusters.ts'
export { type FinishedRun, findFinishedRuns } from './finished-runs.ts'
export { createHandPilot, findHandPilot } from './hand-pilots.ts'
export { findInstallation, raiseEpoch } from './installation.ts'
export {
  createJobs,
  findJob,
  findJobEvents,
  type JobDocument,
  jobsOf,
  tell,
  tellAgain,
  toJob,
} from './jobs.ts'
export { type JobsPort, jobsPort } from './jobs-port.ts'
export { LEASE_TTL_MS, type Lease, type LeaseOptions, takeLease } from './leases.ts'
export { asStoreError, openStore, type Store, type StoreOptions } from './open.ts'
export { findUnpublished } from './outbox.ts'
export { type KeptFile, listOutputs, readOutputs, saveOutputs } from './outputs.ts'
export { findResult, resultIdOf, saveResult, saveResultBody } from './results.ts'
export { findReserved } from './shares.ts'
export { findStructure, saveStructures } from './structures.ts'
export { tellMany } from './tell-many.ts'
export * from './work.ts'
