import type { CampaignView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage, scriptJob } from './src/index.ts'

const ROWS = 24
let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'tables', environment: process.env })
}, 240_000)
afterAll(() => stage?.close())

/** A table like architector's: every third calculation fails until it is tried again. */
const csv = (): string => {
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `${100 + i},"2\nh2\nH 0 0 0\nH 0 0 ${(0.7 + i / 1_000).toFixed(3)}\n",${i % 3 === 0 ? 'bad' : 'good'}`,
  )
  return `orig_index,aligned_csd_core,kind\n${rows.join('\n')}\n`
}

/** Reads its own geometry; those at 0.700, 0.703 … fail in their first attempt. */
const SCRIPT = `d=$(tail -1 structure.extxyz | awk '{printf "%d", $4 * 1000 + 0.5}')
case $(basename "$PWD") in 1) [ $((d % 3)) -ne 1 ] || exit 3 ;; esac
echo "distance $d"`

async function untilOver(id: string): Promise<CampaignView> {
  const over = await waitUntil(
    async () => {
      const view = await stage.client.campaign(id)
      const { completed, failed, timeout, cancelled } = view.words
      return completed.count + failed.count + timeout.count + cancelled.count === view.total ? view : null
    },
    { timeoutMs: 150_000, onTimeout: async () => JSON.stringify(await stage.client.campaign(id)) },
  )
  if (over === null) throw new TypeError('waitUntil answers what it waited for')
  return over
}

describe('a project with a budget', () => {
  it('sends nothing that it cannot pay, says so, and goes on when it is raised', async () => {
    const { client, cluster } = stage
    const { id: project } = await client.createProject({ id: 'poor' })
    await client.changeProject(project, { budgetCoreHours: 0.05 }) // five minutes on a core may cost 0.083
    // accounting knows whole seconds: what takes none costs nothing
    const { id } = await client.submit(scriptJob({ project, cluster }, 'sleep 3'))
    const waiting = async () => (await client.job(id)).waitingFor
    await waitUntil(async () => (await waiting())?.kind === 'BUDGET', { timeoutMs: 20_000 })
    expect((await waiting())?.because).toContain('has 0.05 core-hours left that are neither spent nor reserved')
    expect((await client.job(id)).status).toBe('accepted')
    await client.changeProject(project, { budgetCoreHours: 1 })
    await waitUntil(async () => (await client.job(id)).status === 'completed', { timeoutMs: 60_000 })
    const { spentCoreHours, reservedCoreHours, users } = await client.projectUsage(project)
    expect(reservedCoreHours).toBe(0)
    expect(spentCoreHours).toBeGreaterThan(0)
    expect(spentCoreHours).toBeLessThan(0.01)
    expect(users).toEqual([{ user: 'admin', coreHours: spentCoreHours, attempts: 1 }])
  })
})

describe('a campaign on a real Slurm', () => {
  it('runs every row of its table once, resets what failed, and gives every row back', async () => {
    const { client, project, cluster } = stage
    const template = {
      project,
      cluster,
      code: 'script',
      parameters: { script: SCRIPT },
      resources: { walltimeSeconds: 300, memoryMebibytes: 64 },
      recovery: { strategy: 'FAIL_FAST' },
    } as const
    const head = { name: 'h2', template, chargeColumn: null, spinColumn: null, maxInFlight: 8, duplicates: 'refuse' } as const
    const open = async function* () {
      yield new TextEncoder().encode(csv())
    }
    const { campaign } = await client.createCampaign(head as never, { format: 'csv', open })
    const id = campaign?.id ?? ''
    expect(campaign).toMatchObject({ state: 'open', total: ROWS })
    const first = await untilOver(id)
    expect(first.words).toMatchObject({ completed: { count: 16 }, failed: { count: 8 } })
    expect((await client.campaignFailures(id)).items.every(({ failCount }) => failCount === 1)).toBe(true)
    expect(await client.resetCampaign(id, { maxFailures: 3 })).toEqual({ reset: 8, leftAlone: 0 })
    const second = await untilOver(id)
    expect(second.words.completed).toEqual({ count: ROWS, percent: 100 })
    const lines = (await (await client.exportCampaign(id)).text()).trim().split('\r\n')
    expect(lines).toHaveLength(ROWS + 1)
    expect(lines.slice(1).map((line) => line.split(',')[4])).toEqual(Array.from({ length: ROWS }, (_, i) => String(100 + i)))
    const jobs = await client.jobs({ campaign: id, word: 'completed' }, { limit: ROWS })
    expect(jobs.items.map(({ attempt }) => attempt).filter((attempt) => attempt === 2)).toHaveLength(8)
  })
})
