import { isOver, type JobId } from '@crystalmath/contract'
import type { Log } from '@crystalmath/service'
import {
  findJob,
  findResult,
  findStatuses,
  findStructure,
  findSuccessors,
  type Store,
  type Successor,
  saveStructures,
  tell,
} from '@crystalmath/store'
import { structureHash } from '@crystalmath/structures'
import { type Predecessor, whatFollows } from './what-follows.ts'

export type Deps = { readonly store: Store; readonly log: Log }

/** Waiting jobs per look of the sweep. */
const AT_ONCE = 5_000

/** Lets jobs go whose predecessor is completed, and fails those whose predecessor is over without: of one job upon its news, of all in the sweep.
 * Safe to repeat, from any number of replicas. Returns how many it moved. */
export async function advance({ store, log }: Deps, of: JobId | null, now: Date): Promise<number> {
  let moved = 0
  for (let from: JobId | undefined; ; ) {
    const waiting = await findSuccessors(store.db, of, AT_ONCE, from)
    for (const [after, ids] of await whereOver(store, waiting)) {
      const before = await loadPredecessor(store, after)
      for (const id of ids) if (await move({ store, log }, id, before, now.toISOString())) moved += 1
    }
    from = waiting.at(-1)?.id
    if (waiting.length < AT_ONCE) return moved
  }
}

/** Those whose predecessor is over or gone, by predecessor. */
async function whereOver(store: Store, waiting: readonly Successor[]): Promise<ReadonlyMap<JobId, readonly JobId[]>> {
  const statuses = await findStatuses(store.db, [...new Set(waiting.map(({ after }) => after))])
  const over = waiting.filter(({ after }) => {
    const status = statuses.get(after)
    return status === undefined || isOver(status)
  })
  return new Map([...Map.groupBy(over, ({ after }) => after)].map(([after, some]) => [after, some.map(({ id }) => id)]))
}

async function loadPredecessor(store: Store, id: JobId): Promise<Predecessor | null> {
  const job = await findJob(store, id)
  if (job === null) return null
  const [result, submitted] = await Promise.all([
    job.status !== 'completed' || job.resultId === null ? null : findResult(store, job.resultId),
    job.structureHash === null ? null : findStructure(store, job.structureHash),
  ])
  return { id, status: job.status, verdict: job.verdict, result, submitted }
}

async function move({ store, log }: Deps, id: JobId, before: Predecessor | null, at: string): Promise<boolean> {
  const job = await findJob(store, id)
  if (job === null || job.waitingFor?.kind !== 'PREDECESSOR') return false // another replica was faster
  const { attempt, version, request } = job
  const following = whatFollows(request.structureFrom, before, request.after ?? '')
  switch (following.kind) {
    case 'wait':
      return false
    case 'go': {
      const structure = following.structure === null ? undefined : await stored(store, following.structure)
      const after = await tell(store, id, { type: 'LetGo', at, structureHash: structure })
      log.info({ jobId: id, after: request.after }, 'let go')
      return after !== null && after.version > version
    }
    case 'fail': {
      const { verdict } = following
      const evidence = { source: 'orchestrator', at, clock: 'platform', said: verdict } as const
      const after = await tell(store, id, { type: 'GiveUp', at, attempt, verdict, evidence })
      log.info({ jobId: id, after: request.after }, 'failed with the job before it')
      return after?.status === 'failed'
    }
  }
}

async function stored(store: Store, structure: Parameters<typeof structureHash>[0]): Promise<string> {
  const hash = structureHash(structure)
  await saveStructures(store, new Map([[hash, structure]]))
  return hash
}
