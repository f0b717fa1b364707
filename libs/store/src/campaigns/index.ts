export {
  type CampaignDocument,
  campaignsOf,
  changeCampaign,
  findCampaign,
  insertCampaign,
  listCampaigns,
  removeCampaign,
  touchCampaign,
} from './campaigns.ts'
export { type CampaignCount, type CompletedNumbers, countByCampaign, eachCompleted, forgetCounts } from './counts.ts'
export { countFailures, failCountOf, findFailures, findResettable } from './failures.ts'
export { energyKindsOf, findJobsById, findRowsOf, isLimited, reprioritize } from './jobs-of-campaign.ts'
export { findKnownCalculations, type KnownJob, newestCodeVersion } from './known.ts'
export { type CampaignRow, eachRow, eachStaged, settleRows, stageRows } from './rows.ts'
export { wordOf, wordsFilter } from './words.ts'
