import { setTimeout as pause } from 'node:timers/promises'
import { isOver, type JobView } from '@crystalmath/contract'
import { judgeLedger, ledgerScript, readLedger } from './ledger.ts'
import type { Tally, TrialsOptions } from './real-trials.ts'
import { openStage, type Stage, scriptJob } from './stage.ts'

/** Of the test bed's default partition: two nodes of eight cores. */
const SLOTS = 16
/** Running, and as many in line behind them: whom the scheduler takes next, the platform has chosen before. */
const IN_FLIGHT = 2 * SLOTS
const WEIGHTS = { heavy: 3, light: 1 } as const
/** Starts that are counted; of each project more are posted, so that both have work all the time. */
const COUNTED = 500
const POSTED_EACH = 420
/** Jobs of a project whose budget is less than what one of them may cost. */
const STOPPED = 5
const TOLERANCE = 0.1
const LIMIT_MS = 900_000

/** Two projects of unequal weight and one without a budget to speak of, on one account of sixteen slots; the runs' own ledger counts. */
export async function runShares({ environment, say }: TrialsOptions): Promise<Tally> {
  const stage = await openStage({ name: 'shares', environment })
  try {
    const { client, cluster } = stage
    const { spec } = await client.cluster(cluster)
    await client.saveCluster({ ...spec, maxInFlight: IN_FLIGHT })
    for (const id of [...Object.keys(WEIGHTS), 'poor']) await client.createProject({ id })
    for (const [id, weight] of Object.entries(WEIGHTS)) await client.changeProject(id, { weight })
    await client.changeProject('poor', { budgetCoreHours: 0.05 })
    const poor = await post(stage, 'poor', STOPPED)
    const ids = new Map([
      ['heavy', await post(stage, 'heavy', POSTED_EACH)],
      ['light', await post(stage, 'light', POSTED_EACH)],
    ])
    const began = performance.now()
    const shares = await countedStarts(stage, ids)
    const wrong = [...wrongShares(shares, say), ...(await wrongStops(stage, poor))]
    say(`the ${COUNTED} starts took ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    await client.changeProject('poor', { budgetCoreHours: null })
    const jobs = await untilOver(stage, [...poor, ...[...ids.values()].flat()])
    const { doubled, lost, falseEnds } = judgeLedger(jobs, await readLedger(stage.site))
    for (const line of [...wrong, ...doubled, ...lost, ...falseEnds]) say(`  ${line}`)
    say(`${jobs.length} jobs of three projects, the stopped one's after its budget was lifted`)
    return { trials: 1, doubled: doubled.length, lost: lost.length + wrong.length, falseEnds: falseEnds.length }
  } finally {
    await stage.close()
  }
}

async function post(stage: Stage, project: string, count: number): Promise<readonly JobView['id'][]> {
  const requests = Array.from({ length: count }, () => ({ ...scriptJob(stage, ledgerScript(2), { packing: 'single' }), project }))
  return (await stage.client.submitMany(requests)).jobs.map(({ id }) => id)
}

/** How many of the first starts each project has. */
async function countedStarts(stage: Stage, ids: ReadonlyMap<string, readonly string[]>): Promise<ReadonlyMap<string, number>> {
  const projectOf = new Map([...ids].flatMap(([project, some]) => some.map((id) => [id, project] as const)))
  for (const deadline = performance.now() + LIMIT_MS; ; ) {
    const starts = (await readLedger(stage.site)).filter(({ what }) => what === 'start')
    if (starts.length >= COUNTED) {
      const first = starts.toSorted((a, b) => a.atSeconds - b.atSeconds).slice(0, COUNTED)
      const counts = Map.groupBy(first, ({ job }) => projectOf.get(job) ?? 'another')
      return new Map([...counts].map(([project, some]) => [project, some.length]))
    }
    if (performance.now() > deadline) throw new Error(`${starts.length} of ${COUNTED} had started after ${LIMIT_MS / 1_000} s`)
    await pause(2_000)
  }
}

function wrongShares(counts: ReadonlyMap<string, number>, say: (line: string) => void): readonly string[] {
  const all = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0)
  const wrong = Object.entries(WEIGHTS).flatMap(([project, weight]) => {
    const [due, had] = [(COUNTED * weight) / all, counts.get(project) ?? 0]
    const off = (had - due) / due
    say(`${project}, of weight ${weight}: ${had} of the first ${COUNTED} starts, due ${due}: ${(100 * off).toFixed(1)} % off`)
    return Math.abs(off) > TOLERANCE ? [`${project} had ${had} starts, due were ${due}`] : []
  })
  return counts.has('another') ? [...wrong, 'the project whose budget stopped it had starts'] : wrong
}

const wrongStops = async (stage: Stage, ids: readonly JobView['id'][]): Promise<readonly string[]> =>
  (await Promise.all(ids.map((id) => stage.client.job(id)))).flatMap(({ id, status, waitingFor }) =>
    status === 'accepted' && waitingFor?.kind === 'BUDGET'
      ? []
      : [`${id} is ${status}, and waits for ${waitingFor?.kind ?? 'nothing'}`],
  )

async function untilOver(stage: Stage, ids: readonly JobView['id'][]): Promise<readonly JobView[]> {
  for (const deadline = performance.now() + LIMIT_MS; ; await pause(3_000)) {
    const jobs: JobView[] = []
    for (const id of ids) jobs.push(await stage.client.job(id))
    if (jobs.every(({ status }) => isOver(status)) || performance.now() > deadline) return jobs
  }
}
