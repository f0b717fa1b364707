import { isOver } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromium, openBrowser, openStage, type Stage, scriptJob } from './src/index.ts'

/** Two silicon atoms, the second one away from its place: forces, and a few steps back. */
const silicon = (shift: number) =>
  `2\nLattice="0 2.7 2.7 2.7 0 2.7 2.7 2.7 0" Properties=species:S:1:pos:R:3 pbc="T T T"\nSi 0 0 0\nSi ${1.35 + shift} 1.35 1.35\n`
/** Text that would run if a page took it for markup. */
const MARKUP = '<img src=x onerror=alert(1)>'

const path = chromium()
let stage: Stage
let browser: Browser
let page: Page
let troubles: readonly string[]
let campaignId: string
let failedId: string

describe.skipIf(path === null)('the dashboard in a real browser', () => {
  beforeAll(async () => {
    stage = await openStage({ name: 'pages', environment: process.env })
    const { client, project, cluster } = stage
    const template = {
      project,
      cluster,
      code: 'quantum-espresso',
      parameters: {
        calculation: 'relax',
        cutoffRydberg: 12,
        kMesh: [1, 1, 1],
        smearing: null,
        pseudopotentials: { Si: 'Si.pz-vbc.UPF' },
      },
      resources: { walltimeSeconds: 300 },
    } as const
    const open = async function* () {
      yield new TextEncoder().encode([0.05, 0.08, 0.11].map(silicon).join(''))
    }
    const { campaign } = await client.createCampaign({ name: 'displaced silicon', template } as never, { format: 'extxyz', open })
    campaignId = campaign?.id ?? ''
    const failing = scriptJob(stage, 'exit 3', { name: MARKUP, recovery: { strategy: 'FAIL_FAST' } })
    failedId = (await client.submit(failing)).id
    const over = async () => (await client.jobs({}, { limit: 10 })).items.every(({ status }) => isOver(status))
    await waitUntil(over, {
      timeoutMs: 120_000,
      onTimeout: async () => JSON.stringify((await client.jobs({}, { limit: 10 })).items.map(({ evidence }) => evidence)),
    })
    const opened = await openBrowser(path ?? '')
    browser = opened.browser
    page = opened.page
    troubles = opened.troubles
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
  })

  /** What a person sees, not what is hidden. */
  const text = async (): Promise<string> => String(await page.evaluate('document.body.innerText'))
  const shows = (words: string | RegExp): Promise<unknown> =>
    waitUntil(async () => (typeof words === 'string' ? (await text()).includes(words) : words.test(await text())), {
      timeoutMs: 20_000,
      onTimeout: async () => `the page shows: ${await text()}\n${troubles.join('\n')}`,
    })
  const go = (hash: string): Promise<unknown> => page.evaluate(`location.hash = ${JSON.stringify(hash)}`)

  it('asks for a token, says why one is refused, and takes one from a link out of the address', async () => {
    await page.goto(stage.platform.url)
    await shows('Paste a token')
    await page.type('input[name=token]', 'cmt_wrong')
    await page.click('main button')
    await shows('the token is unknown, expired or revoked')
    await page.goto(`${stage.platform.url}/#token=${stage.platform.token}`)
    await page.reload()
    await shows('4 jobs')
    expect(page.url()).not.toContain('cmt_')
  })

  it('shows what failed as text, whatever its name is', async () => {
    await shows(MARKUP)
    expect(await page.$$('main img')).toEqual([])
  })

  it('shows a campaign with its statistics, and its results as points that lead to their jobs', async () => {
    await go(`#/campaigns/${campaignId}`)
    await shows('displaced silicon')
    await shows(/3 completed, [\d.]+ core-hours/)
    expect(await page.$$('svg circle')).toHaveLength(3)
    await page.click('svg circle')
    await shows('Why we believe this')
  })

  it('shows the energy of a job as the API has it, its steps and its structure as pictures, and its output', async () => {
    const id = page.url().split('/').at(-1) ?? ''
    const energy = (await stage.client.job(id)).summary?.energyEv
    await shows(`${energy?.toFixed(8)} eV`)
    await page.waitForSelector('.uplot canvas')
    await page.waitForSelector('.structure canvas')
    expect(await text()).toMatch(/relaxation converged\s+yes/)
    const rows = await page.$$('tr')
    for (const row of rows)
      if ((await row.evaluate((one) => one.textContent)).startsWith('pw.out')) await (await row.$('button'))?.click()
    await shows('JOB DONE.')
  })

  it('gives a failed job its next attempt, and follows it without being asked', async () => {
    await go(`#/jobs/${failedId}`)
    await shows(/failed/)
    for (const button of await page.$$('main button'))
      if ((await button.evaluate((one) => one.textContent)) === 'Retry') await button.click()
    await shows('retried by admin')
    await waitUntil(
      async () => (await stage.client.job(failedId)).past.length === 1 && isOver((await stage.client.job(failedId)).status),
      {
        timeoutMs: 60_000,
        onTimeout: async () => JSON.stringify(await stage.client.job(failedId)),
      },
    )
    await shows(/FAILED, exit code 3/)
  })

  it('shows what the doctor found', async () => {
    await go(`#/clusters/${stage.cluster}`)
    await shows('What the doctor found')
    expect(await text()).toContain('SCHEDULER')
  })

  it('has pages that complain of nothing', () => expect(troubles).toEqual([]))
})
