import { emptyResult } from '@crystalmath/codes'
import {
  CampaignCreated,
  CampaignFailures,
  CampaignStatistics,
  CampaignView,
  ClusterName,
  ClusterSpec,
  type Diagnosis,
  JobId,
  NativeId,
  type ResultSummary,
} from '@crystalmath/contract'
import { findJob, findStructure, findSubmittable, jobsOf, saveCluster, saveInventory, saveResult, tell } from '@crystalmath/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INVENTORY, type Platform, startPlatform, type Who } from './testing/platform.ts'

const ORCA = ClusterName.parse('molecules')
let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
  const spec = ClusterSpec.parse({
    name: ORCA,
    scheduler: 'slurm',
    ssh: { host: '127.0.0.1', user: 'cm', key: 'id_ed25519' },
    root: '/scratch/cm',
    codes: { orca: { executables: { orca: '/opt/orca/orca' } } },
  })
  await saveCluster(platform.store, spec)
  await saveInventory(platform.store, spec, INVENTORY)
})
afterAll(() => platform.close())

const HEAD = {
  name: 'lanthanides',
  template: { project: 'oxides', cluster: 'molecules', code: 'orca', parameters: { method: 'PBE', basis: 'def2-SVP' } },
}
const h2 = (distance: number) => `"2\n\nH 0 0 0\nH 0 0 ${distance}"`
const CSV = `orig_index,aligned_csd_core,charge,uhf,elements,natoms,ligand name
17,${h2(0.74)},0,0,H;H,2,"a, b"
18,${h2(0.75)},-1,1,H;H,2,c
19,${h2(0.76)},0,2,H;H,2,d
`
type Options = {
  readonly who?: Who
  readonly head?: object
  readonly query?: string
  readonly key?: string
  readonly type?: string
}
const post = (text: string, { who = 'mike', head = HEAD, query = '', key, type = 'text/csv' }: Options = {}) =>
  platform.ask(who, 'POST', `/v1/campaigns?head=${encodeURIComponent(JSON.stringify(head))}${query}`, {
    text,
    headers: { 'content-type': type, ...(key === undefined ? {} : { 'idempotency-key': key }) },
  })
const make = async (text = CSV, options: Options = {}) => {
  const { json, status } = await post(text, options)
  expect(status, JSON.stringify(json)).toBe(201)
  const created = CampaignCreated.parse(json)
  if (created.campaign === null) throw new TypeError('it was made')
  return { ...created, campaign: created.campaign }
}
const get = (path: string) => platform.ask('vera', 'GET', path)
const show = async (id: string) => CampaignView.parse((await get(`/v1/campaigns/${id}`)).json)
const act = (id: string, what: string, body: object = {}) => platform.ask('mike', 'POST', `/v1/campaigns/${id}/${what}`, { body })
const at = () => new Date().toISOString()
const submittable = async (id: string) =>
  (await findSubmittable(platform.store, ORCA, at(), 10_000)).filter(({ campaignId }) => campaignId === id).map((job) => job.id)
const jobsIn = async (id: string): Promise<readonly JobId[]> => {
  const rows = await platform.store.db.collection('campaign-rows').find({ campaignId: id }).sort({ row: 1 }).toArray()
  return rows.map(({ _id }) => JobId.parse(String(_id)))
}

const SUMMARY: ResultSummary = {
  energyEv: -31.7,
  energyKind: 'total',
  maxForceEvPerAngstrom: 0.1,
  electronicConverged: true,
  ionicConverged: null,
  ionicStepCount: 1,
  scfStepCount: 8,
  wallSeconds: 3_600,
  coreCount: 4,
  formula: 'H2',
}

/** Runs a job to an end without a cluster. */
async function end(
  id: JobId,
  {
    energyEv = -31.7,
    summary = {},
    diagnosis = null as Diagnosis | null,
    ending = 'COMPLETED' as 'COMPLETED' | 'TIMEOUT',
    version = '6.0.1',
  } = {},
) {
  const { store } = platform
  const attempt = (await findJob(store, id))?.attempt ?? 1
  const evidence = { source: 'sentinel', at: at(), clock: 'cluster', said: 'end' } as const
  const answer = { kind: 'submitted', nativeId: NativeId.parse('1') } as const
  const over = { ending, exitCode: 0, provedBy: 'scheduler', evidence, startedAt: null, observedAt: at() } as const
  const structureHash = (await findJob(store, id))?.structureHash ?? ''
  const structure = await findStructure(store, structureHash)
  const result = { ...emptyResult('orca'), energyEv, energyKind: 'total' as const, structure, codeVersion: version, coreHours: 4 }
  const resultId = await saveResult(store, id, attempt, result)
  await tell(store, id, { type: 'StartSubmission', at: at(), attempt, nonce: 'a', keep: [], parse: '.' })
  await tell(store, id, { type: 'RecordAnswer', at: at(), attempt, tryNumber: 1, answer, evidence, nextActionAt: at() })
  await tell(store, id, {
    type: 'RecordJudgement',
    at: at(),
    attempt,
    judgement: { kind: 'ended', nativeId: answer.nativeId, end: over },
  })
  await tell(store, id, { type: 'RecordOutputs', at: at(), attempt, files: [], missing: [] })
  await tell(store, id, {
    type: 'RecordResult',
    at: at(),
    attempt,
    resultId,
    summary: { ...SUMMARY, energyEv, ...summary },
    diagnosis,
  })
  if (diagnosis !== null) await tell(store, id, { type: 'GiveUp', at: at(), attempt, verdict: diagnosis.message, evidence })
}
const because = (kind: Diagnosis['kind']): Diagnosis => ({
  kind,
  message: `it is ${kind}`,
  evidence: { file: 'x', line: 1, text: 'y' },
})

describe('a campaign from an architector table', () => {
  it('has a job per row, with charge and multiplicity, and keeps all columns', async () => {
    const { campaign, accepted, skippedCount } = await make()
    expect([accepted, skippedCount]).toEqual([3, 0])
    expect(campaign).toMatchObject({ state: 'open', rows: 3, total: 3, words: { to_run: { count: 3, percent: 100 } } })
    expect(campaign.columns).toEqual(['orig_index', 'charge', 'uhf', 'elements', 'natoms', 'ligand name'])
    const ids = await jobsIn(campaign.id)
    const job = await findJob(platform.store, ids[1] ?? JobId.parse(crypto.randomUUID()))
    expect(job?.parameters).toMatchObject({ method: 'PBE', charge: -1, multiplicity: 2 })
    expect(job?.request.labels).toEqual({ orig_index: '18' })
    expect(await submittable(campaign.id)).toHaveLength(3)
  })

  it('makes nothing while one row is wrong, and says which and why; skipBad makes the others', async () => {
    const bad = `${CSV}20,${h2(0.01)},0,0,H;H,2,e\n21,${h2(0.74)},x,0,H;H,2,f\n22,${h2(0.74)},0,1,H;H,2,g\n`
    const before = await jobsOf(platform.store).countDocuments()
    const refused = await post(bad)
    expect(refused.status).toBe(422)
    expect(refused.json['detail']).toContain('3 of 6 rows are wrong; nothing was created')
    expect((refused.json['errors'] as { row: number }[]).map(({ row }) => row)).toEqual([3, 4, 5])
    expect(await jobsOf(platform.store).countDocuments()).toBe(before)
    expect(await platform.store.db.collection('campaign-rows').countDocuments({ row: 3 })).toBe(0)
    const made = await make(bad, { query: '&skipBad=true' })
    expect(made).toMatchObject({ accepted: 3, skippedCount: 3, campaign: { total: 3 } })
    expect(made.skipped[1]?.errors[0]).toMatchObject({ row: 4, path: 'charge', value: 'x' })
  })

  it('makes nothing on a dry run', async () => {
    const before = await jobsOf(platform.store).countDocuments()
    const { status, json } = await post(CSV, { query: '&dryRun=true' })
    expect(status).toBe(200)
    expect(json).toMatchObject({ campaign: null, accepted: 3 })
    const { plan } = CampaignCreated.parse(json)
    expect(plan?.map(({ packing, jobs, submissions }) => ({ packing, jobs, submissions }))).toEqual([
      { packing: 'single', jobs: 3, submissions: 3 },
    ])
    expect(await jobsOf(platform.store).countDocuments()).toBe(before)
  })

  it('is made once, however often it is sent with one key; another table under that key is refused', async () => {
    const key = crypto.randomUUID()
    const first = await make(CSV, { key })
    const again = await make(CSV, { key })
    expect(again.campaign.id).toBe(first.campaign.id)
    expect(again.campaign.total).toBe(3)
    expect((await post(`${CSV}20,${h2(0.8)},0,0,H;H,2,e\n`, { key })).status).toBe(422)
  })

  it('goes on where its import broke off, and sends nothing before it is whole', async () => {
    const key = crypto.randomUUID()
    const { campaign } = await make(CSV, { key })
    const [lost] = await jobsIn(campaign.id)
    const { db } = platform.store
    const posted = (await jobsOf(platform.store).findOne({ _id: lost as JobId }))?.events[0]
    const { type: _t, at: _a, ...facts } = posted as unknown as Record<string, unknown>
    await jobsOf(platform.store).deleteOne({ _id: lost as JobId })
    await db.collection<{ _id: string }>('campaign-rows').updateOne({ _id: lost as string }, { $set: { posted: facts } })
    await db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: campaign.id }, { $set: { state: 'importing', touchedAt: '2020' } })
    expect(await submittable(campaign.id)).toEqual([])
    const again = await make(CSV, { key })
    expect(again.campaign).toMatchObject({ id: campaign.id, state: 'open', total: 3 })
    expect(await submittable(campaign.id)).toHaveLength(3)
  })

  it.each(['vera', 'eve'] as const)('is not made by %s, who may not submit there', async (who) => {
    expect((await post(CSV, { who })).status).toBe(who === 'vera' ? 403 : 404)
  })

  it.each([
    ['a,a\n1,2\n', 400, 'two columns "a"'],
    ['orig_index,xyz\n1,x\n', 422, '1 of 1 rows are wrong'],
    ['orig_index,aligned_csd_core\n', 422, 'the table has no row'],
  ])('says what is wrong with a table (%#)', async (text, status, detail) => {
    const refused = await post(text)
    expect(refused.status).toBe(status)
    expect(refused.json['detail']).toContain(detail)
  })
})

describe('a campaign from other tables', () => {
  it('is made of the frames of an extended XYZ file, and of JSON', async () => {
    const frame = (d: number) => `2\nProperties=species:S:1:pos:R:3 charge=0 tag=t${d}\nH 0 0 0\nH 0 0 ${d}\n`
    const { campaign } = await make(frame(0.7) + frame(0.8), { type: 'chemical/x-extxyz' })
    expect(campaign).toMatchObject({ total: 2, columns: ['charge', 'tag'] })
    const rows = [{ aligned_csd_core: 'H 0 0 0\nH 0 0 0.7', uhf: 2, note: 'n' }]
    const { json } = await platform.ask('mike', 'POST', '/v1/campaigns', { body: { ...HEAD, rows } })
    expect(json).toMatchObject({ campaign: { total: 1, columns: ['uhf', 'note'] } })
  })
})

describe('calculations that are known', () => {
  const table = (distance: number, spin = 0) => `aligned_csd_core,charge,uhf\n${h2(distance)},0,${spin}\n`

  it('are reused when they are asked for: same code, same version, same spin; nothing is sent', async () => {
    const first = await make(table(0.901))
    const [one] = await jobsIn(first.campaign.id)
    await end(one as JobId)
    const reuse = { head: { ...HEAD, duplicates: 'reuse' } }
    const second = await make(table(0.901), reuse)
    expect(second.reused).toEqual([{ row: 0, sameAs: one }])
    expect(second.campaign.words.completed.count).toBe(1)
    const [two] = await jobsIn(second.campaign.id)
    const result = await get(`/v1/jobs/${two}/result`)
    expect(result.json).toMatchObject({ jobId: two, result: { energyEv: -31.7 } })
    expect((await findJob(platform.store, two as JobId))?.evidence.said).toContain(`the result of job ${one}`)
    const triplet = await make(table(0.901, 2), reuse)
    expect([triplet.reused, await submittable(triplet.campaign.id)]).toEqual([[], await jobsIn(triplet.campaign.id)])
  })

  it('are not reused once the cluster runs another version', async () => {
    const first = await make(table(0.902))
    await end((await jobsIn(first.campaign.id))[0] as JobId, { version: '5.0.4' })
    const newer = await make(table(0.903))
    await end((await jobsIn(newer.campaign.id))[0] as JobId, { version: '6.0.0' })
    expect((await make(table(0.902), { head: { ...HEAD, duplicates: 'reuse' } })).reused).toEqual([])
  })

  it('are refused when that is asked for, within a table too', async () => {
    const twice = `aligned_csd_core,charge,uhf\n${h2(0.91)},0,0\n${h2(0.91)},0,0\n`
    const refused = await post(twice, { head: { ...HEAD, duplicates: 'refuse' } })
    expect(refused.json['errors']).toMatchObject([{ row: 1, message: expect.stringContaining('computes the same as job') }])
    expect((await make(twice, { head: { ...HEAD, duplicates: 'reuse' } })).repeated).toMatchObject([{ row: 1 }])
    expect((await make(twice)).warnings).toContainEqual(
      expect.objectContaining({ row: 1, message: expect.stringContaining('another row of this table') }),
    )
  })
})

describe('calculations that were run elsewhere', () => {
  it('are counted and exported, and never sent', async () => {
    const good = {
      ...emptyResult('orca'),
      termination: 'normal' as const,
      energyEv: -5,
      energyKind: 'total' as const,
      electronicConverged: true,
    }
    const rows = [
      { name: 'a', path: 'runs/a', adopted: good },
      { name: 'b', path: 'runs/b', adopted: { ...good, electronicConverged: false, energyEv: null } },
    ]
    const { json } = await platform.ask('mike', 'POST', '/v1/campaigns', { body: { ...HEAD, rows } })
    const { campaign } = CampaignCreated.parse(json)
    expect(campaign).toMatchObject({
      total: 2,
      words: { completed: { count: 1 }, failed: { count: 1 } },
      columns: ['name', 'path'],
    })
    expect(await submittable(campaign?.id ?? '')).toEqual([])
    const { text } = await get(`/v1/campaigns/${campaign?.id}/export`)
    expect(text).toMatch(/0,[0-9a-f-]+,a,completed,a,runs\/a,-5,total/)
    expect(text).toMatch(/1,[0-9a-f-]+,b,failed,b,runs\/b,,.*ELECTRONIC_NOT_CONVERGED/)
    const wrong = await platform.ask('mike', 'POST', '/v1/campaigns', { body: { ...HEAD, rows: [{ adopted: { energyEv: 1 } }] } })
    expect(wrong.json['errors']).toContainEqual(expect.objectContaining({ row: 0, path: 'adopted.termination' }))
  })

  it('may stand beside rows that are still to run, held until somebody releases them', async () => {
    const adopted = { ...emptyResult('orca'), termination: 'normal' }
    const rows = [{ adopted }, { aligned_csd_core: 'H 0 0 0\nH 0 0 0.74' }]
    const { json } = await platform.ask('mike', 'POST', '/v1/campaigns', { body: { ...HEAD, held: true, rows } })
    const { campaign } = CampaignCreated.parse(json)
    expect(campaign).toMatchObject({ total: 2, held: { by: 'mike' }, words: { completed: { count: 1 }, to_run: { count: 1 } } })
    expect(await submittable(campaign?.id ?? '')).toEqual([])
    await act(campaign?.id ?? '', 'release')
    expect(await submittable(campaign?.id ?? '')).toHaveLength(1)
  })
})

describe('the life of a campaign', () => {
  it('is held and released, limited, and given another priority', async () => {
    const { campaign } = await make(CSV, { head: { ...HEAD, maxInFlight: 2 } })
    const { id } = campaign
    expect(await submittable(id)).toHaveLength(2)
    const [one] = await submittable(id)
    await tell(platform.store, one as JobId, { type: 'StartSubmission', at: at(), attempt: 1, nonce: 'a', keep: [], parse: '.' })
    expect(await submittable(id)).toHaveLength(1)
    expect((await act(id, 'hold', { reason: 'wrong basis' })).json).toMatchObject({ held: { by: 'mike', reason: 'wrong basis' } })
    expect(await submittable(id)).toEqual([])
    await act(id, 'release')
    await platform.ask('mike', 'PATCH', `/v1/campaigns/${id}`, { body: { maxInFlight: null, priority: 7 } })
    expect(await submittable(id)).toHaveLength(2)
    expect((await findSubmittable(platform.store, ORCA, at(), 1))[0]).toMatchObject({ campaignId: id, request: { priority: 7 } })
  })

  it('is cancelled as a whole, and reset', async () => {
    const { campaign } = await make()
    const { id } = campaign
    expect((await act(id, 'cancel')).json).toMatchObject({ state: 'cancelled', words: { cancelled: { count: 3 } } })
    expect((await act(id, 'reset', { filter: ['cancelled'] })).json).toEqual({ reset: 3, leftAlone: 0 })
    expect(await show(id)).toMatchObject({ state: 'open', words: { to_run: { count: 3 } } })
    expect(await submittable(id)).toHaveLength(3)
  })

  it('tells failures from time-outs, counts them, and resets them up to a limit', async () => {
    const { campaign } = await make()
    const { id } = campaign
    const [one, two, three] = (await jobsIn(id)) as [JobId, JobId, JobId]
    await end(one, { diagnosis: because('INPUT_ERROR') })
    await end(two, { diagnosis: because('OUT_OF_WALLTIME'), ending: 'TIMEOUT' })
    await end(three)
    expect(await show(id)).toMatchObject({
      words: { failed: { count: 1, percent: 33.33 }, timeout: { count: 1 }, completed: { count: 1 } },
    })
    expect((await get(`/v1/jobs?campaign=${id}&word=timeout`)).json['items']).toMatchObject([{ id: two }])
    expect((await act(id, 'reset', { filter: ['failed'] })).json).toEqual({ reset: 1, leftAlone: 0 })
    await end(one, { diagnosis: because('INPUT_ERROR') })
    const chronic = CampaignFailures.parse((await get(`/v1/campaigns/${id}/failures?atLeast=2`)).json)
    expect(chronic).toMatchObject({
      total: 1,
      items: [{ id: one, row: 0, failCount: 2, word: 'failed', diagnosis: 'INPUT_ERROR' }],
    })
    expect(CampaignFailures.parse((await get(`/v1/campaigns/${id}/failures`)).json).total).toBe(2)
    expect((await act(id, 'reset', { maxFailures: 2 })).json).toEqual({ reset: 1, leftAlone: 1 })
  })

  it('has statistics of its good results alone, in eV and in hartree', async () => {
    const { campaign } = await make()
    const [one, two, three] = (await jobsIn(campaign.id)) as [JobId, JobId, JobId]
    await end(one)
    await end(two, { summary: { maxForceEvPerAngstrom: 0.3, coreCount: 8 } })
    await tell(platform.store, three, { type: 'RequestCancel', at: at(), by: 'mike' })
    const changes = [{ path: 'method', from: 'PBE', to: 'PBE0' }]
    await tell(platform.store, three, { type: 'Retry', at: at(), by: 'mike', changes })
    await end(three, { summary: { maxForceEvPerAngstrom: 9 } })
    const statistics = CampaignStatistics.parse((await get(`/v1/campaigns/${campaign.id}/statistics`)).json)
    expect(statistics).toMatchObject({ unit: 'ev', completed: 3, altered: 1, totalCoreHours: 16, withoutCoreHours: 0 })
    expect(statistics.maxForce).toEqual({ count: 2, mean: 0.2, median: 0.2, min: 0.1, max: 0.3 })
    const { json } = await get(`/v1/campaigns/${campaign.id}/statistics?unit=hartree`)
    expect(CampaignStatistics.parse(json).maxForce.max).toBeCloseTo(0.3 / 51.422067, 8)
  })

  it('is exported with its own columns; altered numbers are left out and it says so', async () => {
    const { campaign } = await make()
    const [one, two] = (await jobsIn(campaign.id)) as [JobId, JobId, JobId]
    await end(one)
    await tell(platform.store, two, { type: 'RequestCancel', at: at(), by: 'mike' })
    await tell(platform.store, two, { type: 'Retry', at: at(), by: 'mike', changes: [{ path: 'basis', from: 'a', to: 'b' }] })
    await end(two, { energyEv: -99 })
    const csv = await get(`/v1/campaigns/${campaign.id}/export`)
    expect(csv.headers.get('x-left-out')).toBe('1')
    const [header, ...lines] = csv.text.trimEnd().split('\r\n')
    expect(header).toContain('row,job_id,name,status,orig_index,charge,uhf,elements,natoms,ligand name,energy_ev,energy_kind')
    expect(lines[0]).toContain(`0,${one},H2,completed,17,0,0,H;H,2,"a, b",-31.7,total`)
    expect(lines).toHaveLength(3)
    expect(csv.text).not.toContain(',-99,')
    expect(lines[1]).toContain('altered')
    const lineByLine = await fetch(`${platform.url}/v1/campaigns/${campaign.id}/export?format=jsonl&all=true&word=completed`, {
      headers: { authorization: `Bearer ${platform.tokens.vera}` },
    })
    const jsonl = (await lineByLine.text()).trim().split('\n')
    expect(jsonl.map((line) => (JSON.parse(line) as { energy_ev: number }).energy_ev)).toEqual([-31.7, -99])
    const frames = (await get(`/v1/campaigns/${campaign.id}/export?format=extxyz`)).text
    expect(frames).toMatch(/^2\nProperties=species:S:1:pos:R:3 .*orig_index=17.*energy_ev=-31.7/)
    expect(frames.trimEnd().split('\n')).toHaveLength(4)
  })

  it('is listed, and is nobody else’s to see', async () => {
    const { campaign } = await make()
    const list = await get('/v1/campaigns?limit=1')
    expect(list.json['items']).toMatchObject([{ id: campaign.id }])
    expect(list.json['next']).not.toBeNull()
    expect((await platform.ask('eve', 'GET', `/v1/campaigns/${campaign.id}`)).status).toBe(404)
    expect((await platform.ask('vera', 'POST', `/v1/campaigns/${campaign.id}/cancel`, { body: {} })).status).toBe(403)
  })
})
