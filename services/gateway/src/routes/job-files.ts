import { ask } from '@crystalmath/bus'
import {
  askSubject,
  FileList,
  FilesAnswer,
  isOver,
  MAX_TAIL_BYTES,
  PermanentError,
  TailAnswer,
  TransientError,
  tokenOf,
} from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { listOutputs, readOutputs } from '@crystalmath/store'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { forbidden, HttpProblem, notFound, unavailable } from '../http/problem.ts'
import { type Answer, ok, type Route, route } from '../http/route.ts'
import { jobFor } from '../permissions.ts'
import { attempt } from './query.ts'

const DEFAULT_TAIL_BYTES = 65_536

/** POTCAR text is under licence and never leaves its cluster; this is one of several gates. */
const FORBIDDEN = /(^|\/)(POTCAR([._-].*)?|POT_[^/]*|PSCTR[^/]*)$/i

/** Whether an attempt's folder may still hold what the store has not. */
const mayRun = (job: Job, number: number): boolean =>
  number === job.attempt && job.tryNumber > 0 && !isOver(job.status) && job.status !== 'ended'

export const jobFileRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/jobs/{id}/files',
    tag: 'files',
    summary: 'Outputs of a job: those that are kept, and those still on the cluster while it runs',
    allow: 'user',
    query: z.object({ attempt }),
    answers: { 200: { description: 'The files', schema: FileList } },
    handle: async ({ deps, caller, params, query }) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      const number = query.attempt ?? job.attempt
      const kept = await listOutputs(deps.store, tokenOf(job.id, number))
      const stored = kept.map(({ path, size }) => ({ path, size, source: 'store' as const, modifiedAt: null }))
      const missing = number === job.attempt ? [...(job.outputs?.missing ?? [])] : []
      if (stored.length > 0 || !mayRun(job, number)) return ok({ attempt: number, items: stored, missing, trouble: null })
      const { items, trouble } = await filesThere(deps, job, number)
      return ok({ attempt: number, items, missing, trouble })
    },
  }),
  route({
    method: 'get',
    path: '/v1/jobs/{id}/files/{path+}',
    tag: 'files',
    summary: 'One output; of a running job, its last bytes from the cluster',
    description: `With ?tail=BYTES only the last bytes, at most ${MAX_TAIL_BYTES} of a running job. X-Source says where they come from.`,
    allow: 'user',
    query: z.object({ attempt, tail: z.coerce.number().int().min(1).max(100_000_000).optional() }),
    answers: { 200: { description: 'The bytes', type: 'application/octet-stream' } },
    handle: async ({ deps, caller, params, query }) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      const path = checkPath(params['path'] ?? '')
      const number = query.attempt ?? job.attempt
      for await (const { content } of readOutputs(deps.store, tokenOf(job.id, number), [path])) {
        const wanted = query.tail === undefined ? content : content.subarray(Math.max(0, content.length - query.tail))
        return bytes(wanted, 'store', content.length)
      }
      if (!mayRun(job, number))
        throw notFound(`attempt ${number} of job ${job.id} kept no file "${path}"; see /v1/jobs/${job.id}/files`)
      return bytes(await tailThere(deps, job, path, query.tail ?? DEFAULT_TAIL_BYTES), 'cluster', null)
    },
  }),
]

const bytes = (content: Uint8Array, source: string, size: number | null): Answer => ({
  status: 200,
  bytes: { content, type: 'application/octet-stream' },
  headers: { 'x-source': source, 'content-disposition': 'attachment', ...(size === null ? {} : { 'x-file-size': String(size) }) },
})

function checkPath(path: string): string {
  const isPlain =
    path.length <= 500 && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0')
  if (!isPlain) throw notFound(`"${path}" is no path of an output`)
  if (FORBIDDEN.test(path)) throw forbidden(`"${path}" is a pseudopotential under licence; it stays on its cluster`)
  return path
}

/** A cluster that does not answer is a remark, not an error: the kept files are told all the same. */
async function filesThere(deps: Deps, job: Job, number: number): Promise<Pick<FileList, 'items' | 'trouble'>> {
  try {
    const answer = await ask(
      deps.bus,
      askSubject('job.files', job.cluster),
      { jobId: job.id, attempt: number },
      deps.config.ASK_SECONDS * 1_000,
    )
    const files = FilesAnswer.parse(answer).filter(({ path }) => !FORBIDDEN.test(path))
    const items = files.map(({ path, size, modifiedSeconds, head }) => ({
      path,
      size,
      source: 'cluster' as const,
      modifiedAt: new Date(modifiedSeconds * 1_000).toISOString(),
      ...(head === undefined ? {} : { head }),
    }))
    return { items, trouble: null }
  } catch (error) {
    if (error instanceof TransientError || error instanceof PermanentError) return { items: [], trouble: error.message }
    throw error
  }
}

async function tailThere(deps: Deps, job: Job, path: string, wanted: number): Promise<Uint8Array> {
  const question = { jobId: job.id, attempt: job.attempt, path, bytes: Math.min(wanted, MAX_TAIL_BYTES) }
  try {
    const answer = await ask(deps.bus, askSubject('job.tail', job.cluster), question, deps.config.ASK_SECONDS * 1_000)
    return Buffer.from(TailAnswer.parse(answer).base64, 'base64')
  } catch (error) {
    if (error instanceof TransientError) throw unavailable(`${job.cluster} cannot be asked for "${path}": ${error.message}`, 5)
    if (error instanceof PermanentError)
      throw new HttpProblem({
        title: 'Not there',
        status: 404,
        detail: `"${path}" of job ${job.id} on ${job.cluster}: ${error.message}`,
      })
    throw error
  }
}
