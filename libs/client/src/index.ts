export { type Client, eachJob, type JobFilter, openClient, type SubmitOptions } from './client.ts'
export type { ClientOptions } from './http.ts'
export { ProblemError, UnreachableError } from './problem-error.ts'
export type { News, WatchOptions } from './watch.ts'
