import { answerQuestions } from '@crystalmath/bus'
import { placeOf } from '@crystalmath/cluster'
import {
  type Ask,
  askSubject,
  CheckQuestion,
  FilesQuestion,
  type JobId,
  PermanentError,
  TailQuestion,
  TransientError,
} from '@crystalmath/contract'
import { findJob } from '@crystalmath/store'
import { checkCluster } from './doctor.ts'
import type { Work } from './work.ts'

/** Answers the gateway's questions about this cluster while the read lease is held. Returns how to leave. */
export function answerForCluster(work: Work, signal: AbortSignal): () => void {
  const { bus, duty, store } = work
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const place = async ({ jobId, attempt }: { readonly jobId: JobId; readonly attempt: number }) => {
    const job = await findJob(store, jobId)
    if (job === null) throw new PermanentError(`there is no job ${jobId}`)
    return placeOf(job, attempt)
  }
  const answers = {
    'cluster.check': async (question) => {
      const learnt = await checkCluster(work, { onlyIfOlderThanMs: 0, ...CheckQuestion.parse(question) })
      if (learnt === null) throw new TransientError(`${duty.cluster} was registered otherwise while it was looked at`)
      return learnt
    },
    'job.files': async (question) => await duty.site.listFiles(await place(FilesQuestion.parse(question))),
    'job.tail': async (question) => {
      const { path, bytes, ...which } = TailQuestion.parse(question)
      return { base64: Buffer.from(await duty.site.tail(await place(which), path, bytes)).toString('base64') }
    },
  } as const satisfies Record<Ask, (question: unknown) => Promise<unknown>>
  for (const [name, answer] of Object.entries(answers))
    answerQuestions(bus, askSubject(name as Ask, duty.cluster), answer, either)
  return () => stop.abort()
}
