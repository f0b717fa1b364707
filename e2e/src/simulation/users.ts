import { ClusterName, JobId, JobRequest, ProjectId, UserId } from '@crystalmath/contract'
import { type Command, decide, evolve, type Job } from '@crystalmath/job'
import type { Platform } from './actors.ts'
import { jobsPortOf } from './store.ts'
import { USER } from './world.ts'

export const CLUSTER = ClusterName.parse('alps')
const PROJECT = ProjectId.parse('silicon')
const ADA = UserId.parse('ada')

const REQUEST = JobRequest.parse({
  project: 'silicon',
  cluster: 'alps',
  code: 'script',
  parameters: { script: 'sleep 10' },
  recovery: { strategy: 'RETRY', maxAttempts: 6 },
})

const idOf = (index: number): JobId => JobId.parse(`01890a5d-ac96-774b-bcce-b302099a80${(0x50 + index).toString(16)}`)

export const POSTING_MS = 60_000
/** What is wanted in pilots is posted in two goes: so many, then the others, which a pilot may be fed with. */
const TOGETHER = 4
/** He acts while all is young, or when silent tries are being disproved. */
const ACTING_MS = [220_000, 400_000] as const

/** A user posts some jobs and changes his mind about some of them. Returns the ids. */
export function startUser(platform: Platform): readonly JobId[] {
  const { world, database } = platform
  const { time, chance } = world
  const jobs = jobsPortOf(world, database, { name: USER, alive: true, pausedUntil: 0, onDeath: null })
  const ids = Array.from({ length: chance.pick([1, 2, 3, 6]) }, (_, index) => idOf(index))
  const iso = () => new Date(time.now()).toISOString()
  const togetherMs = world.weather.packing === 'single' ? null : chance.between(0, POSTING_MS)
  const laterMs = world.weather.packing === 'pilot' ? chance.between(0, 120_000) : 0
  for (const [index, id] of ids.entries()) {
    const postedMs = togetherMs === null ? chance.between(0, POSTING_MS) : togetherMs + (index < TOGETHER ? 0 : laterMs)
    time.after(postedMs, () => post(platform, id))
    const actsMs = chance.between(postedMs, chance.pick(ACTING_MS))
    const say = (ms: number, command: (at: string) => Command) => time.after(ms, () => void jobs.tell(id, command(iso())))
    if (chance.happens(0.3)) say(actsMs, (at) => ({ type: 'RequestCancel', at, by: 'ada' }))
    if (chance.happens(0.15)) {
      const heldMs = chance.between(postedMs, chance.pick(ACTING_MS))
      say(heldMs, (at) => ({ type: 'PutOnHold', at, hold: { reason: 'to see', by: 'ada', until: null } }))
      say(heldMs + chance.between(1_000, 60_000), (at) => ({ type: 'Release', at, by: 'ada' }))
    }
  }
  return ids
}

function post({ database, world }: Platform, id: JobId): void {
  const at = new Date(world.time.now()).toISOString()
  const { structure: _, ...request } = { ...REQUEST, packing: world.weather.packing }
  const events = decide(
    {
      type: 'PostJob',
      at,
      posted: {
        id,
        projectId: PROJECT,
        userId: ADA,
        campaignId: null,
        cluster: CLUSTER,
        code: 'script',
        name: 'simulated',
        request,
        structureHash: null,
      },
    },
    null,
  )
  const [first, ...rest] = events
  if (first === undefined) throw new Error('nothing was posted')
  database.jobs.set(id, { ...rest.reduce<Job>(evolve, evolve(null, first)), version: 1 })
  database.events.set(id, events)
  world.trace(() => `user: posts ${id.slice(-2)}`)
}
