import { placeOf, type Site } from '@crystalmath/cluster'
import { type LiveJob, type Pace, paced, quietOf, waitingFor } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { Reads } from './work.ts'

type Feeling = Pick<Reads, 'jobs' | 'clock'> & {
  readonly config: Pick<Reads['config'], 'QUIET_SECONDS'>
  readonly duty: Pick<Reads['duty'], 'cluster'> & { readonly site: Pick<Site, 'signs'> }
}

/** Remarks of running jobs that are silent far beyond their own pace, and takes the remark back when they write again. Ends none of them. What it knows of
 * their pace is in memory: another poller learns it anew, and meanwhile says less. */
export function makePulse({ duty, jobs, config, clock }: Feeling): { turn(): Promise<void> } {
  let known = new Map<string, Pace>()
  const tell = (job: LiveJob, because: string | null) =>
    jobs.tell(job.id, {
      ...{ type: 'Wait', at: isoTime(clock), during: 'running', nextActionAt: null },
      waitingFor: because === null ? null : waitingFor('QUIET', because, isoTime(clock)),
    })
  return {
    async turn() {
      const running = (await jobs.findLive(duty.cluster)).filter(isWatched)
      if (running.length === 0) return
      const signs = await duty.site.signs(running.map((job) => placeOf(job)))
      const nowMs = clock.monotonicMs()
      const next = new Map<string, Pace>()
      for (const job of running) {
        const { token } = placeOf(job)
        const [sign, before] = [signs.get(token), known.get(token)]
        if (sign === undefined) continue
        const pace = paced(before, sign, nowMs)
        next.set(token, pace)
        const because = quietOf(pace, nowMs, config.QUIET_SECONDS * 1_000)
        if (because !== null && job.waitingFor?.kind !== 'QUIET') await tell(job, because)
        else if (because === null && job.waitingFor?.kind === 'QUIET' && before !== undefined && before.sign !== sign)
          await tell(job, null)
      }
      known = next
    },
  }
}

/** What waits for something else is not remarked a second time. */
const isWatched = ({ status, cancelRequested, waitingFor: wait }: LiveJob): boolean =>
  status === 'running' && cancelRequested === null && (wait === null || wait.kind === 'QUIET')
