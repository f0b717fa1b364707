import {
  countByCampaign,
  countJobs,
  findStatuses,
  findSuccessors,
  jobsOf,
  jobsPort,
  listCampaigns,
  listJobs,
  type Store,
} from '@crystalmath/store'
import { median } from '../statistics.ts'
import { campaignIdOf, fill, jobIdOf } from './fill.ts'
import { CLUSTER, openGround, PROJECT } from './ground.ts'
import { measureTick } from './tick.ts'

const [FEW, MANY] = [1_000, 1_000_000] as const
const LIVE = 50_000
const TIMES = 15
/** Live jobs while history is measured: what a busy account has. */
const BUSY = 300

export const scaleBench = {
  about: `what a turn of each service and the lists cost with ${FEW} and with ${MANY} finished jobs stored; a tick over ${LIVE} live ones`,
  run: async ({ json, rest }: { readonly json: boolean; readonly rest: readonly string[] }): Promise<void> => {
    const many = rest[0] === undefined ? MANY : Number(rest[0])
    const say = (line: string) => void process.stderr.write(`${line}\n`)
    const ground = await openGround('scale')
    try {
      const { store } = ground
      await fill(store, 1, 0, BUSY, true)
      await fill(store, 2, 0, FEW, false)
      await measure(store) // compiled
      const few = await measure(store)
      const began = performance.now()
      await jobsOf(store).dropIndexes() // keys that are sorted first cost a tenth
      await fill(store, 2, FEW, many, false)
      await ground.makeIndexes()
      say(`${many} finished jobs stored in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
      const after = await measure(store)
      for (const [name, ms] of Object.entries(after)) {
        const before = few[name] ?? Number.NaN
        const line = `${before.toFixed(1).padStart(8)} ms ${ms.toFixed(1).padStart(8)} ms  ${(ms / before).toFixed(2)}x`
        process.stdout.write(`${name.padEnd(42)} ${line}\n`)
      }
      const tick = await measureTick(ground, LIVE)
      for (const [name, value] of Object.entries(tick)) process.stdout.write(`${name.padEnd(42)} ${value}\n`)
      if (json) process.stdout.write(`${JSON.stringify({ bench: 'scale', few, many: after, tick })}\n`)
    } finally {
      await ground.close()
    }
  },
}

/** What services ask again and again, ms; the median of several. */
async function measure(store: Store): Promise<Readonly<Record<string, number>>> {
  const jobs = jobsPort(store)
  const now = () => new Date().toISOString()
  const projects = [PROJECT]
  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    'submitter: who is to be cancelled': () => jobs.findCancelling(CLUSTER, 500),
    'submitter: who is to be fenced': () => jobs.findFencing(CLUSTER, 100),
    'submitter: whose answer is missing': () => jobs.findUnanswered(CLUSTER, { claimedBefore: now(), now: now() }, 25),
    'submitter: who is to be held': () => jobs.findHolding(CLUSTER, 25),
    'submitter: what is in flight': () => jobs.findInFlight(CLUSTER),
    'submitter: who is ready': () => jobs.findSubmittable(CLUSTER, now(), 25),
    'submitter: shares and budgets': () => jobs.findShares(projects, now()),
    'poller: a tick': async () => {
      await jobs.findUnfetched(CLUSTER, 100)
      await jobs.findLive(CLUSTER)
    },
    'parser and recovery: a sweep': async () => {
      await jobs.findUnparsed(now(), 50)
      await jobs.findUndecided(now(), 200)
    },
    'orchestrator: a hand-over': async () => {
      await findSuccessors(store.db, jobIdOf(2, 500), 5_000)
      await findStatuses(store.db, [jobIdOf(2, 500)])
    },
    'orchestrator: a sweep': () => findSuccessors(store.db, null, 5_000),
    'list: newest jobs': () => listJobs(store.db, { projects }, { limit: 50 }),
    'list: completed jobs': () => listJobs(store.db, { projects, statuses: ['completed'] }, { limit: 50 }),
    'list: jobs by word': () => listJobs(store.db, { projects, words: ['timeout'] }, { limit: 50 }),
    'list: failed jobs of a campaign': () =>
      listJobs(store.db, { projects, campaignId: campaignIdOf(2_000), statuses: ['failed'] }, { limit: 50 }),
    'list: campaigns': () => listCampaigns(store.db, projects, { limit: 50 }),
    'counts: of a campaign with live jobs': () => countByCampaign(store.db, [campaignIdOf(1_000)]),
    'counts: of 50 campaigns': () =>
      countByCampaign(
        store.db,
        Array.from({ length: 50 }, (_, i) => campaignIdOf(2_000 + i)),
      ),
    'counts: of everything': () => countJobs(store.db, { projects: null }),
  }
  const figures: Record<string, number> = {}
  for (const [name, ask] of Object.entries(asked)) {
    await ask()
    const times: number[] = []
    for (let i = 0; i < TIMES && times.reduce((sum, one) => sum + one, 0) < 10_000; i += 1) {
      const began = performance.now()
      await ask()
      times.push(performance.now() - began)
    }
    figures[name] = median(times)
  }
  return figures
}
