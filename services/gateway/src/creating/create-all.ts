import type { BulkCreated, CampaignId, Structure } from '@crystalmath/contract'
import type { Command } from '@crystalmath/job'
import { createJobs, recordAudit, saveStructures } from '@crystalmath/store'
import type { GoodRow } from '../checking/check-row.ts'
import { unavailable } from '../http/problem.ts'
import type { Call } from '../http/route.ts'
import { derivedJobId, newJobId } from '../ids.ts'

/** Jobs per write, as many as an array holds: others are served in between, and the first array is sent while the last jobs are still being stored. */
const JOBS_PER_WRITE = 1_000

type Creating = Pick<Call<unknown, unknown>, 'deps' | 'caller' | 'idempotency' | 'requestId'>

/** Stores checked rows as jobs. With an Idempotency-Key the ids are derived, so that repeating what broke off makes only what is missing. */
export async function createAll(
  call: Creating,
  rows: readonly GoodRow[],
  campaignId: CampaignId | null,
): Promise<BulkCreated['jobs']> {
  const { deps, caller, requestId } = call
  const now = deps.now()
  const made: { row: number; id: BulkCreated['jobs'][number]['id']; name: string }[] = []
  try {
    for (let at = 0; at < rows.length; at += JOBS_PER_WRITE) {
      const some = rows.slice(at, at + JOBS_PER_WRITE)
      await saveStructures(deps.store, structuresOf(some))
      const commands = some.map((row) => commandOf(call, row, campaignId, now))
      await createJobs(deps.store, commands)
      made.push(
        ...commands.map(({ posted }, index) => ({ row: some[index]?.row ?? at + index, id: posted.id, name: posted.name })),
      )
    }
  } catch (error) {
    if (made.length > 0) throw interrupted(made.length, rows.length, call.idempotency !== null, error)
    throw error
  }
  const detail = { jobs: made.length, projects: [...new Set(rows.map(({ request }) => request.project))] }
  const target = made[0]?.id ?? ''
  await recordAudit(deps.store.db, {
    at: now.toISOString(),
    user: caller.user.id,
    action: 'POST /v1/jobs',
    target,
    detail,
    requestId,
  })
  return made
}

/** A job never refers to a structure that is not there: these are stored first. */
export const structuresOf = (rows: readonly GoodRow[]): ReadonlyMap<string, Structure> =>
  new Map(
    rows.flatMap(({ structure, structureHash }) =>
      structure === null || structureHash === null ? [] : [[structureHash, structure]],
    ),
  )

export function commandOf(
  { caller, idempotency }: Pick<Creating, 'caller' | 'idempotency'>,
  good: GoodRow,
  campaignId: CampaignId | null,
  now: Date,
): Extract<Command, { type: 'PostJob' }> {
  const { row, request, name, structureHash, calculationHash, inForce } = good
  const { structure: _, ...rest } = request
  const id = idempotency === null ? newJobId(now) : derivedJobId(`${idempotency}.${row}`)
  const { project: projectId, cluster, code } = request
  const posted = {
    id,
    projectId,
    userId: caller.user.id,
    campaignId,
    cluster,
    code,
    name,
    request: rest,
    structureHash,
    calculationHash,
    inForce,
  }
  return { type: 'PostJob', at: now.toISOString(), posted }
}

function interrupted(made: number, wanted: number, hasKey: boolean, cause: unknown): Error {
  const how = cause instanceof Error ? cause.message : String(cause)
  const next = hasKey
    ? 'send the same request with the same Idempotency-Key again: only what is missing is made'
    : 'look at /v1/jobs before sending the rest; with an Idempotency-Key the whole request could be repeated'
  return unavailable(`${made} of ${wanted} jobs were made, then the store failed (${how}); ${next}`, 5)
}
