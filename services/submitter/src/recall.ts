import { placeOf } from '@crystalmath/cluster'
import { carrierOf } from '@crystalmath/contract'
import { type Job, withdrawn } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import { notePilotClosed } from './feeding.ts'
import type { Work } from './work.ts'

/** Withdraws the tickets of members that no pilot shall begin any more. Whose ticket is withdrawn is given back at once; of others, that a pilot took, the poller tells the end. */
export async function recallMembers(work: Work): Promise<void> {
  const { jobs, duty, config, clock, lastAsked } = work
  const now = clock.monotonicMs()
  const wanted = await jobs.findRecalling(duty.cluster, AT_ONCE)
  const due = wanted.filter(
    (job) => now - (lastAsked.get(keyOf(job)) ?? Number.NEGATIVE_INFINITY) > config.UNANSWERED_SECONDS * 500,
  )
  if (due.length === 0) return
  for (const job of due) lastAsked.set(keyOf(job), now)
  // they would be sent there again and again
  for (const { batch, recalled } of due) if (batch != null && recalled === true) notePilotClosed(work, carrierOf(batch))
  const deciders = await duty.site.withdraw(due.map((job) => placeOf(job)))
  const at = isoTime(clock)
  const back = due.flatMap((job) => {
    if (job.batch == null || deciders.get(placeOf(job).token) !== 'withdrawn') return []
    const judgement = withdrawn(job.batch.id, at)
    return [{ jobId: job.id, command: { type: 'RecordJudgement', at, attempt: job.attempt, judgement } as const }]
  })
  await jobs.tellMany(back)
  duty.log.info({ wanted: due.length, givenBack: back.length }, 'tickets were withdrawn')
}

/** Tickets in one turn. */
const AT_ONCE = 1_000

const keyOf = ({ id, attempt, tryNumber }: Job): string => `recall.${id}.${attempt}.${tryNumber}`
