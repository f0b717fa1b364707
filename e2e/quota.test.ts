import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage, scriptJob } from './src/index.ts'

/** Of the association, enforced by Slurm at submit. */
const QUOTA = 8
const BY_HAND = 3
const WAITING = 40

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'quota', site: { maxSubmitJobs: QUOTA }, environment: process.env })
}, 240_000)
afterAll(() => stage?.close())

describe('an account that may have eight jobs in the queue', () => {
  it('is told of that limit by the doctor, before any job is refused', async () => {
    const { inventory } = await stage.client.cluster(stage.cluster)
    expect(inventory?.submitLimits).toContainEqual({
      of: expect.stringMatching(/^association of \w+ \(MaxSubmitJobs\)$/),
      jobs: QUOTA,
    })
    const finding = inventory?.findings.find(({ item }) => item === 'SUBMIT_LIMITS')
    expect(finding).toMatchObject({ severity: 'warning', mend: expect.stringContaining(`maxInFlight ${QUOTA}`) })
  })

  it('is kept full, jobs submitted by hand included, and no refusal counts against a job', async () => {
    const { client, site, project, cluster } = stage
    const { stdout } = await site.login(`for i in $(seq ${BY_HAND}); do sbatch --parsable --hold --wrap 'sleep 1'; done`)
    expect(stdout.trim().split('\n')).toHaveLength(BY_HAND)
    const requests = Array.from({ length: WAITING }, () => scriptJob(stage, 'sleep 1\n', { packing: 'single' }))
    const ids = (await client.submitMany(requests)).jobs.map(({ id }) => id)
    let jobs: readonly JobView[] = []
    const waits = new Set<string>()
    let foreign: number | null = null
    await waitUntil(
      async () => {
        jobs = (await client.jobs({ project }, { limit: 200 })).items.filter(({ id }) => ids.includes(id))
        for (const { waitingFor } of jobs) if (waitingFor !== null) waits.add(waitingFor.kind)
        foreign = Math.max(foreign ?? 0, (await client.cluster(cluster)).foreignJobs ?? 0)
        return jobs.length === WAITING && jobs.every(({ status }) => isOver(status))
      },
      { timeoutMs: 150_000, onTimeout: () => JSON.stringify(jobs.map(({ status, waitingFor }) => ({ status, waitingFor }))) },
    )
    expect(jobs.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(ids.map(() => 'completed 1'))
    expect(waits).toContain('QUOTA')
    expect(foreign).toBe(BY_HAND)
    const answers = (await Promise.all(ids.map((id) => client.events(id))))
      .flat()
      .filter(({ type }) => type === 'SubmissionAnswered')
    // the first sending learns the limit; then each end makes room, and a probe now and then
    expect(answers.length - WAITING).toBeLessThan(4 * WAITING)
    process.stderr.write(
      `${answers.length - WAITING} refusals for ${WAITING} jobs under a quota of ${QUOTA}, ${BY_HAND} of them taken by hand\n`,
    )
  })
})
