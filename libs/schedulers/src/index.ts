export { type ClusterFacts, schedulerFor } from './registry.ts'
export type {
  AccountingReading,
  CancelWords,
  Limits,
  Maintenance,
  Question,
  QueueReading,
  Reading,
  Said,
  Scheduler,
  SubmitWords,
  Who,
} from './scheduler.ts'
