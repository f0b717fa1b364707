import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage, scriptJob } from './src/index.ts'

/** Of the association, enforced by Slurm at submit. */
const QUOTA = 20
const BY_HAND = 3
const WAITING = 300

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'quota', site: { maxSubmitJobs: QUOTA }, environment: process.env })
}, 240_000)
afterAll(() => stage?.close())

describe('an account that may have twenty jobs in the queue', () => {
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
    const requests = Array.from({ length: WAITING }, () => scriptJob(stage, 'true\n', { packing: 'single' }))
    const ids = (await client.submitMany(requests)).jobs.map(({ id }) => id)
    let jobs: readonly JobView[] = []
    const waits = new Set<string>()
    let foreign: number | null = null
    let most = 0
    await waitUntil(
      async () => {
        jobs = (await client.jobs({ project }, { limit: 500 })).items.filter(({ id }) => ids.includes(id))
        most = Math.max(most, jobs.filter(({ status }) => status === 'pending' || status === 'running').length)
        for (const { waitingFor } of jobs) if (waitingFor !== null) waits.add(waitingFor.kind)
        foreign = Math.max(foreign ?? 0, (await client.cluster(cluster)).foreignJobs ?? 0)
        return jobs.length === WAITING && jobs.every(({ status }) => isOver(status))
      },
      {
        timeoutMs: 400_000,
        everyMs: 500,
        onTimeout: () => JSON.stringify(jobs.map(({ status, waitingFor }) => ({ status, waitingFor }))),
      },
    )
    expect(jobs.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(ids.map(() => 'completed 1'))
    expect(waits).toContain('QUOTA')
    expect(foreign).toBe(BY_HAND)
    // those that ended a moment ago count here until their end is proved, and in the queue no more
    expect(most).toBeGreaterThan((QUOTA - BY_HAND) / 2)
    const answers = (await Promise.all(ids.map((id) => client.events(id))))
      .flat()
      .filter(({ type }) => type === 'SubmissionAnswered')
    // the first sending learns the limit; then each end makes room, and a probe now and then
    expect(answers.length - WAITING).toBeLessThan(4 * WAITING)
    process.stderr.write(
      `${answers.length - WAITING} refusals for ${WAITING} jobs under a quota of ${QUOTA}, ${BY_HAND} of them taken by hand\n`,
    )
  }, 500_000)
})
