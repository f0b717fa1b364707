import type { CalculationResult, JobId } from '@crystalmath/contract'
import { Binary, type ObjectId } from 'mongodb'
import { readAll, writeAll } from './bucket.ts'
import type { Store } from './open.ts'
import { pack, type ResultBody, unpack } from './packed.ts'

/** A result is its JSON, packed: inline below this size, else in GridFS (a document holds 16 MiB at most). */
const INLINE_BYTES = 8 << 20

type ResultDocument = { _id: string; jobId: JobId; attempt: number; body?: Binary; file?: ObjectId }

const resultsOf = (store: Store) => store.db.collection<ResultDocument>('results')

/** `<job>.<attempt>`. */
export const resultIdOf = (jobId: JobId, attempt: number): string => `${jobId}.${attempt}`

/** Stores the result of one attempt; a repetition replaces it. */
export const saveResult = async (store: Store, jobId: JobId, attempt: number, result: CalculationResult): Promise<string> =>
  await saveResultBody(store, jobId, attempt, JSON.stringify(result))

/** The same for what `bodyOf` made, in whichever thread. */
export async function saveResultBody(store: Store, jobId: JobId, attempt: number, given: ResultBody): Promise<string> {
  const id = resultIdOf(jobId, attempt)
  const body = typeof given === 'string' ? await pack(given) : given
  const place = body.length <= INLINE_BYTES ? { body: new Binary(body) } : { file: await writeAll(store, `result/${id}`, body) }
  await resultsOf(store).replaceOne({ _id: id }, { jobId, attempt, ...place }, { upsert: true })
  return id
}

export async function findResult(store: Store, id: string): Promise<CalculationResult | null> {
  const document = await resultsOf(store).findOne({ _id: id })
  if (document === null) return null
  const body =
    document.body !== undefined
      ? Buffer.from(document.body.buffer)
      : document.file !== undefined
        ? await readAll(store, document.file)
        : null
  if (body === null) return null
  return JSON.parse((await unpack(body)).toString('utf8')) as CalculationResult
}
