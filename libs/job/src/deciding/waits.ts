import type { WaitingFor, WaitingKind } from '@crystalmath/contract'
import type { Job } from '../job.ts'

export const waitingFor = (kind: WaitingKind, because: string, since: string): WaitingFor => ({
  kind,
  because: because.slice(0, 500),
  since,
})

export const sameWait = (job: Pick<Job, 'waitingFor'>, wait: Job['waitingFor']): boolean =>
  job.waitingFor?.kind === wait?.kind && job.waitingFor?.because === wait?.because

/** A wait of the same kind began when it first began. */
export const keepSince = (job: Pick<Job, 'waitingFor'>, wait: Job['waitingFor']): Job['waitingFor'] =>
  wait !== null && job.waitingFor?.kind === wait.kind ? { ...wait, since: job.waitingFor.since } : wait
