import type { ProjectId } from '@crystalmath/contract'
import { type Job, type Picked, reservedCoreHours, waitingFor } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { Work } from './work.ts'

/** Jobs of one project that show at once why they are not sent. */
const SHOWN = 200

/** Says on the jobs of projects that their budgets stopped what they wait for, and takes it off those of projects that may go on. */
export async function showStops(work: Work, stopped: Picked<Job>['stopped']): Promise<void> {
  const { jobs, duty, clock, stops } = work
  if (stopped.length === 0 && stops.size === 0) return
  const at = isoTime(clock)
  const because = new Map(stopped.map((stop) => [stop.job.projectId, sentence(stop)]))
  const ready = await jobs.findSubmittable(duty.cluster, at, SHOWN)
  const change = ({ id, nextActionAt }: Job, wait: ReturnType<typeof waitingFor> | null) =>
    jobs.tell(id, { type: 'Wait', at, during: 'accepted', waitingFor: wait, nextActionAt })
  await Promise.all(
    ready.map(async (job) => {
      const why = because.get(job.projectId)
      const shows = job.waitingFor?.kind === 'BUDGET'
      if (why !== undefined && !shows) await change(job, waitingFor('BUDGET', why, at))
      else if (why === undefined && shows) await change(job, null)
    }),
  )
  stops.clear()
  for (const { job } of stopped) stops.add(job.projectId)
}

const hours = (coreHours: number): string => coreHours.toFixed(coreHours < 10 ? 2 : 1)

const sentence = ({ job, coreHoursLeft }: Picked<Job>['stopped'][number]): string =>
  `project ${job.projectId} has ${hours(coreHoursLeft)} core-hours left that are neither spent nor reserved, and its next job may cost ${hours(reservedCoreHours(job.resources))}; ` +
  `an administrator raises its budget with "crystalmath project set ${job.projectId} --budget CORE-HOURS"`

/** Projects that were stopped in the last turn; a replica that begins looks once. */
export type Stops = Set<ProjectId | 'not known yet'>
export const unknownStops = (): Stops => new Set(['not known yet'])
