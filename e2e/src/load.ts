import { setTimeout as pause } from 'node:timers/promises'
import { openClient } from '@crystalmath/client'
import autocannon from 'autocannon'
import { ledgerScript } from './ledger.ts'
import { type Stage, scriptJob } from './stage.ts'

/** Reads and checks by autocannon, and one client that posts a job after the other. */
export type Load = {
  /** Ends it, with what autocannon counted and the ids of the posted jobs. */
  end(): Promise<{ readonly result: autocannon.Result; readonly posted: readonly string[] }>
  close(): Promise<void>
}

/** An answer that takes longer counts as failed. */
const TIMEOUT_SECONDS = 10
/** Longer than any trial: it is stopped. */
const DURATION_SECONDS = 3_600

export function openLoad(url: string, stage: Stage, ids: readonly string[], requestsPerSecond: number): Load {
  const { token } = stage.platform
  const [id = ''] = ids
  const body = JSON.stringify(scriptJob(stage, 'true'))
  const { promise: done, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  const wanted: autocannon.Options = {
    url,
    connections: 8,
    overallRate: requestsPerSecond,
    duration: DURATION_SECONDS,
    timeout: TIMEOUT_SECONDS,
    headers: { authorization: `Bearer ${token}` },
    requests: [
      { method: 'GET', path: '/v1/jobs?limit=20' },
      { method: 'GET', path: `/v1/jobs/${id}` },
      { method: 'GET', path: '/v1/jobs/counts' },
      { method: 'POST', path: '/v1/jobs?dryRun=true', body, headers: { 'content-type': 'application/json' } },
    ],
  }
  const instance = autocannon(wanted, (error: unknown, result) => (error == null ? resolve(result) : reject(error)))

  const stop = new AbortController()
  const posted: string[] = []
  const client = openClient({ url, token })
  const posting = async () => {
    while (!stop.signal.aborted) {
      posted.push((await client.submit(scriptJob(stage, ledgerScript(0.2)))).id)
      await pause(1_000, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const posts = posting()
  // seen by end(); a trial that fails before that must not end this process
  posts.catch(() => undefined)
  const close = async () => {
    stop.abort()
    instance.stop()
    await Promise.allSettled([done, posts])
  }
  return {
    close,
    end: async () => {
      await close()
      await posts
      return { result: await done, posted }
    },
  }
}
