import { randomUUID } from 'node:crypto'
import { type Finding, JobId, type Preparation, ProjectId, Resources, tokenOf } from '@crystalmath/contract'
import type { Place, Site } from '../site.ts'
import { ill, warning, well } from './finding.ts'

const PREPARATION: Preparation = {
  files: [],
  clusterFiles: [],
  steps: [{ program: 'date', args: ['+%s'], stdin: null, stdout: 'out', parallel: false }],
  stopFile: null,
  keep: ['out'],
  parse: '.',
  warnings: [],
}

export type DryRunTiming = { readonly waitMs: number; readonly pauseMs: number }
export const DRY_RUN_TIMING: DryRunTiming = { waitMs: 120_000, pauseMs: 500 }

/** A job of one second, the whole way: stage, claim, watch its folder, fetch, clean up. */
export async function dryRun(site: Site, { waitMs, pauseMs } = DRY_RUN_TIMING): Promise<Finding> {
  const jobId = JobId.parse(randomUUID())
  const place: Place = { project: ProjectId.parse('doctor'), jobId, attempt: 1, token: tokenOf(jobId, 1) }
  const resources = Resources.parse({ walltimeSeconds: 60 })
  const began = Date.now()
  await site.stage([{ place, nonce: 'dry', code: 'script', preparation: PREPARATION, resources, jobName: 'dry run', copies: [] }])
  const answer = (await site.claim([{ place, tryNumber: 1, nonce: 'dry', resources }])).get(place.token)
  if (answer?.kind !== 'submitted')
    return ill(
      'DRY_RUN',
      `a job of one second was not accepted: ${answer?.kind} "${answer?.said ?? ''}"`,
      'the scheduler says what it misses: an account, a partition, a time limit',
    )
  const last = began + waitMs
  for (;;) {
    const sight = (await site.look([place])).get(place.token)
    if (sight?.end) {
      const seen = sight.clusterSeconds - sight.end.atSeconds
      const missing: string[] = []
      await site.fetch([{ place, keep: PREPARATION.keep, files: sight.end.files }], async (fetched) => {
        missing.push(...fetched.flatMap(({ report }) => report.missing))
      })
      await site.settleSpool([place.token])
      const said = `job ${answer.nativeId} ran on ${sight.end.host} and was seen to end ${seconds(Date.now() - began)} s after it was sent, at most ${seen.toFixed(1)} s late`
      if (sight.end.exitCode !== 0)
        return ill(
          'DRY_RUN',
          `${said}, with exit code ${sight.end.exitCode} (${sight.end.cause})`,
          `look at ${site.spec.root}/doctor/${jobId}/1/job.err`,
        )
      return missing.length > 0
        ? ill('DRY_RUN', `${said}; its output did not arrive`, 'look whether the compute nodes write where the login node reads')
        : well('DRY_RUN', said)
    }
    if (Date.now() > last) {
      const { queue } = await site.lookUp([place])
      const row = queue.rows.find(({ name }) => name === place.token)
      await site.cancel([{ place, nativeIds: [answer.nativeId] }])
      const said = `job ${answer.nativeId} did not end within ${seconds(waitMs)} s (${row === undefined ? 'not in the queue' : `${row.raw} ${row.reason ?? ''}`.trim()}), and was cancelled`
      const isWaiting = row?.state === 'pending'
      return isWaiting
        ? warning('DRY_RUN', said, 'the queue is busy; ask again later')
        : ill('DRY_RUN', said, `look at ${site.spec.root}/doctor/${jobId}/1 and whether compute nodes see that folder`)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

const seconds = (ms: number) => (ms / 1_000).toFixed(1)
