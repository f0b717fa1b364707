import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { ack, type Outcome, reject } from '@crystalmath/bus'
import { emptyResult, readsOf, writesOf } from '@crystalmath/codes'
import { type JobId, PermanentError, TransientError, tokenOf } from '@crystalmath/contract'
import { type Job, waitingFor } from '@crystalmath/job'
import { type Clock, isoTime, type Log } from '@crystalmath/service'
import type { JobsPort } from '@crystalmath/store'
import { batchCause } from './batch-cause.ts'
import { firstCause } from './first-cause.ts'
import { type ReadResult, type Task, toReadResult } from './read-result.ts'
import { ReaderFault, type Workers } from './workers.ts'

export type Deps = { readonly jobs: JobsPort; readonly workers: Workers; readonly log: Log; readonly clock: Clock }

/**
 * Reads the outputs of one ended attempt and stores the result. Done twice, it stores the same twice. A file that cannot be read costs this
 * message alone. A fault of ours says nothing of the calculation: the message becomes a dead letter with the stack, and the job waits, as
 * ended, until the letter is sent again or a parser starts anew.
 */
export async function parseJob({ jobs, workers, log, clock }: Deps, jobId: JobId, attempt: number): Promise<Outcome> {
  const job = await jobs.findJob(jobId)
  if (job === null || job.status !== 'ended' || job.attempt !== attempt || job.resultId !== null) return ack // stale news
  const read = await resultOf(job, jobs, workers)
  if (read instanceof ReaderFault) {
    log.error({ jobId, attempt, err: read }, 'a reader met a fault of ours: the job waits for a mend')
    const at = isoTime(clock)
    const wait = waitingFor('PARSER_FAULT', `its outputs are kept and not read, for a fault of ours: ${read.message}`, at)
    await jobs.tell(jobId, { type: 'Wait', at, during: 'ended', waitingFor: wait, nextActionAt: null })
    return reject(read.stack ?? read.message)
  }
  const { result, poison } = read
  const { body, summary, verdict } = result
  const diagnosis = firstCause(job, verdict, job.end?.ending === 'COMPLETED' ? null : await batchCause(jobs, job))
  const resultId = await jobs.saveResultBody(jobId, attempt, body)
  await jobs.tell(jobId, {
    type: 'RecordResult',
    at: isoTime(clock),
    attempt,
    resultId,
    summary,
    diagnosis,
  })
  log.info({ jobId, attempt, energyEv: summary.energyEv, diagnosis: diagnosis?.kind ?? null }, 'result stored')
  return poison === null ? ack : reject(poison)
}

type Read = { readonly result: ReadResult; readonly poison: string | null }

async function resultOf(job: Job, jobs: JobsPort, workers: Workers): Promise<Read | ReaderFault> {
  if (readsOf(job.code) === undefined)
    return {
      result: toReadResult({ ...emptyResult(job.code), termination: job.end?.ending === 'COMPLETED' ? 'normal' : 'error' }),
      poison: null,
    }
  const folder = await mkdtemp(join(tmpdir(), 'crystalmath-parse-'))
  try {
    let count = 0
    for await (const { path, content } of jobs.readOutputs(tokenOf(job.id, job.attempt))) {
      const to = join(folder, normalize(`/${path}`))
      await mkdir(dirname(to), { recursive: true })
      await writeFile(to, content)
      count += 1
    }
    if (count === 0) return unreadable(job, 'no output was kept', null)
    const path = join(folder, normalize(`/${job.keeping?.parse ?? '.'}`))
    const submitted = await submittedOrder(job, jobs)
    return { result: await workers.parse({ path, code: job.code, folder, submitted }), poison: null }
  } catch (error) {
    if (error instanceof TransientError) throw error
    const short = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, '').replace(/^: /, '')
    if (error instanceof PermanentError)
      return unreadable(job, short(error.message), wasCutOff(job) ? null : short(error.message))
    // what the system says (no space, too many files) passes; the rest is a bug of ours
    if (!(error instanceof Error) || 'code' in error) throw error
    return new ReaderFault(short(error.message), short(error.stack ?? error.message))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Whoever was killed may have written nothing yet, or half of a file: that is no fault of the outputs. */
const wasCutOff = ({ end }: Job): boolean =>
  end !== null && end.ending !== 'COMPLETED' && (end.ending !== 'FAILED' || (end.exitCode ?? 0) > 128)

/** What a result says per atom is kept in the order in which the atoms were submitted. */
async function submittedOrder(job: Job, jobs: JobsPort): Promise<Task['submitted']> {
  const writes = writesOf(job.code)
  if (writes?.writtenOrder === undefined || job.structureHash === null) return null
  const structure = await jobs.findStructure(job.structureHash)
  return structure === null ? null : { structure, order: writes.writtenOrder(structure) }
}

function unreadable(job: Job, message: string, poison: string | null): Read {
  const kind = poison === null ? 'OUTPUT_INCOMPLETE' : 'OUTPUT_UNREADABLE'
  const evidence = { file: job.keeping?.parse ?? '.', line: null, text: message.slice(0, 300) }
  return {
    result: toReadResult({
      ...emptyResult(job.code),
      diagnoses: [{ kind, message: `the outputs could not be read: ${message}`.slice(0, 500), evidence }],
    }),
    poison,
  }
}
