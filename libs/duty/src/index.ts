export { type Duty, type DutyOptions, keepDuties, openClusterSite } from './keep-duties.ts'
export { showLoads } from './load-metrics.ts'
