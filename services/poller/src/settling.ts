import { type AccountedMemory, type AccountingRow, queueKey, queueNameOf, rowKey, type Token } from '@crystalmath/contract'
import { isoTime } from '@crystalmath/service'
import type { OpenCharge } from '@crystalmath/store'
import type { Reads } from './work.ts'

/** Attempts in one question to accounting, and questions in one turn. */
const AT_ONCE = 500
const QUESTIONS = 4
/** Accounting hears of an end some seconds late. */
const LAG_MS = 30_000
/** What accounting does not know by then it will not know: records that were purged. */
const GIVEN_UP_MS = 900_000

/** Replaces what attempts cost by their own word by what accounting billed: elapsed time on all allocated cores, of every run under the name. */
export async function settleAccounts({ jobs, duty, clock }: Pick<Reads, 'jobs' | 'duty' | 'clock'>): Promise<void> {
  for (let question = 0; question < QUESTIONS && duty.lease.isHeld(); question += 1) {
    const open = await jobs.findOpenCharges(duty.cluster, isoTime(clock, -LAG_MS), AT_ONCE)
    const [oldest] = open
    if (oldest === undefined) return
    const since = Date.parse(oldest.chargedAt) / 1_000 - 86_400
    const names = new Set(open.map(({ token, batch }) => queueNameOf(token, batch).token))
    const { rows, complete } = await duty.site.listAccounting([...names], since)
    if (!complete) return
    await jobs.settleCharges(settled(open, rows, clock.now()), isoTime(clock))
    if (open.length < AT_ONCE) return
  }
}

type Settled = { readonly token: Token; readonly coreHours: number | null; readonly memory?: AccountedMemory }

/** Pure: which of them are final, with what. */
export function settled(
  open: readonly OpenCharge[],
  rows: readonly Pick<AccountingRow, 'nativeId' | 'name' | 'ending' | 'elapsedSeconds' | 'coreCount' | 'steps'>[],
  nowMs: number,
): readonly Settled[] {
  const runs = Map.groupBy(rows, rowKey)
  return open.flatMap(({ token, chargedAt, batch }): readonly Settled[] => {
    const own = runs.get(queueKey(queueNameOf(token, batch))) ?? []
    if (own.length === 0) return nowMs - Date.parse(chargedAt) > GIVEN_UP_MS ? [{ token, coreHours: null }] : []
    if (own.some(({ ending }) => ending === null)) return []
    const coreSeconds = own.reduce((sum, { elapsedSeconds, coreCount }) => sum + (elapsedSeconds ?? 0) * (coreCount ?? 0), 0)
    const memory = memoryOf(own)
    return [{ token, coreHours: coreSeconds / 3_600, ...(memory === null ? {} : { memory }) }]
  })
}

/**
 * Of the latest run that the scheduler took samples of. What ran below the batch script (everything that mpirun starts on its node) is one
 * sum; of steps under srun the largest task is told.
 */
function memoryOf(runs: readonly Pick<AccountingRow, 'elapsedSeconds' | 'steps'>[]): AccountedMemory | null {
  const largest = (steps: AccountingRow['steps']): number | null => {
    const sizes = steps.flatMap(({ maxRssMebibytes }) =>
      maxRssMebibytes === null || maxRssMebibytes <= 0 ? [] : [maxRssMebibytes],
    )
    return sizes.length === 0 ? null : Math.ceil(Math.max(...sizes))
  }
  for (const { steps, elapsedSeconds } of runs.toReversed()) {
    const batchMebibytes = largest(steps.filter(({ name }) => name === 'batch'))
    const taskMebibytes = largest(steps.filter(({ name }) => /^\d+$/.test(name)))
    if (batchMebibytes !== null || taskMebibytes !== null) return { batchMebibytes, taskMebibytes, seconds: elapsedSeconds ?? 0 }
  }
  return null
}
