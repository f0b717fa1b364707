import { randomUUID } from 'node:crypto'
import type { AccountingListing, QueueListing } from '@crystalmath/contract'
import type { AccountingReading, QueueReading, Said } from '@crystalmath/schedulers'
import { clockOf } from './remote.ts'

/** The heads of a listing: an absence counts once per listing, and only in one that was begun after it was asked for. */
export const headed = <T extends QueueReading | AccountingReading>(reading: T, begunAt: string, clock: Said) => ({
  listingId: randomUUID(),
  begunAt,
  clusterSeconds: clockOf(clock),
  ...reading,
})

/** A listing that nobody could make, and why. */
export const unmade = (
  kind: 'SSH_DOWN' | 'HOST_KEY_CHANGED' | 'ACCOUNTING_DOWN',
  said: string,
  begunAt: string,
): QueueListing & AccountingListing => ({
  listingId: randomUUID(),
  begunAt,
  clusterSeconds: null,
  complete: false,
  trouble: { kind, said },
  rows: [],
})
