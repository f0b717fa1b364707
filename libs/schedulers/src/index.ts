export { type ClusterFacts, schedulerFor } from './registry.ts'
export type {
  AccountingReading,
  ByHand,
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
