import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  ClusterSpec,
  JobId,
  PermanentError,
  type Preparation,
  ProjectId,
  Resources,
  type SchedulerName,
  type Token,
  TransientError,
  tokenOf,
} from '@crystalmath/contract'
import { bringUp, missingPackages, type Testbed } from '@crystalmath/testbed'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite } from './open-site.ts'
import type { FetchReport, Place, SentinelNews, Site, StagedAttempt } from './site.ts'

const missing = missingPackages()
const canRun = process.getuid?.() === 0 && missing.length === 0
if (!canRun) it.skip(`a cluster (skipped: not root, or these packages are missing: ${missing.join(' ')})`, () => {})

const OWNER = { installation: 'tests', epoch: 1 }

/** Reports in the order in which attempts were handed over; contents of all of them by path. */
async function fetchAll(from: Site, wanted: Parameters<Site['fetch']>[0]) {
  const files = new Map<string, string>()
  const reports = new Map<string, FetchReport>()
  await from.fetch(wanted, async (fetched) => {
    for (const { token, contents, report } of fetched) {
      for (const [path, content] of contents) files.set(path, Buffer.from(content).toString())
      reports.set(token, report)
    }
  })
  return { files, reports }
}
const resources = Resources.parse({ walltimeSeconds: 300, memoryMebibytes: 64 })

const newPlace = (): Place => {
  const jobId = JobId.parse(randomUUID())
  return { project: ProjectId.parse('demo'), jobId, attempt: 1, token: tokenOf(jobId, 1) }
}

/** A job of the shell's own: `text` is its script. */
const shellJob = (text: string): Preparation => ({
  files: [{ path: 'script', text }],
  clusterFiles: [],
  steps: [{ program: 'sh', args: ['script'], stdin: null, stdout: 'out', parallel: false }],
  stopFile: null,
  keep: ['out'],
  parse: '.',
  warnings: [],
})

const staged = (place: Place, preparation: Preparation, more: Partial<StagedAttempt> = {}): StagedAttempt => ({
  place,
  nonce: 'n1',
  code: 'script',
  preparation,
  resources,
  jobName: 'a test',
  copies: [],
  ...more,
})

type Kind = {
  readonly scheduler: SchedulerName
  readonly accounting: boolean
  /** Jobs that fill the machine. */
  readonly fillers: number
  readonly many: number
}
const KINDS: readonly Kind[] = [
  { scheduler: 'slurm', accounting: true, fillers: 0, many: 60 },
  { scheduler: 'local', accounting: false, fillers: 2, many: 25 },
]

describe.runIf(canRun).each(KINDS)('a cluster under $scheduler', ({ scheduler, accounting, fillers, many }) => {
  let bed: Testbed
  let site: Site
  const news: SentinelNews[] = []
  const ending = new AbortController()

  beforeAll(async () => {
    bed = await bringUp({
      name: `site${scheduler.slice(0, 4)}`,
      accounting,
      nodes: 2,
      maxSessions: 4,
      loginNoise: 'Welcome to the site',
    })
    const spec = ClusterSpec.parse({
      name: 'alps',
      scheduler,
      ssh: { host: bed.host, port: bed.port, user: bed.user, key: 'k', hostKeys: [bed.hostKey] },
      root: `${bed.home}/cm`,
      codes: { script: {} },
    })
    site = await openSite(spec, { key: { file: bed.privateKeyPath }, owner: OWNER })
    await site.takeRoot(OWNER)
    await site.watch((some) => void news.push(...some), ending.signal)
  })
  afterAll(async () => {
    ending.abort()
    await site?.close()
    await bed?.down()
  })

  const submit = async (preparation: Preparation, place = newPlace()): Promise<Place> => {
    await site.stage([staged(place, preparation)])
    const answers = await site.claim([{ place, tryNumber: 1, nonce: 'n1', resources }])
    expect(answers.get(place.token)).toMatchObject({ kind: 'submitted' })
    return place
  }
  const heard = (kind: SentinelNews['kind'], token: Token) => news.find((one) => one.kind === kind && one.token === token)
  const end = async (token: Token) => {
    const found = await waitUntil(() => heard('end', token), { timeoutMs: 30_000, onTimeout: `no end of ${token}` })
    if (found?.kind !== 'end') throw new Error('not an end')
    return found.end
  }

  it('runs a job to its end, tells of it at once, and gives its outputs back', async () => {
    const place = await submit(shellJob('echo hello; echo careful >&2'))
    const sentinel = await end(place.token)
    expect(Date.now() / 1_000 - sentinel.atSeconds).toBeLessThan(5)
    expect(sentinel).toMatchObject({ exitCode: 0, cause: 'exit', files: [{ path: 'out', size: 6 }] })
    const { files, reports } = await fetchAll(site, [{ place, keep: ['out'], files: sentinel.files }])
    expect(files).toEqual(
      new Map([
        ['out', 'hello\n'],
        ['job.out', ''],
        ['job.err', 'careful\n'],
      ]),
    )
    expect(reports.get(place.token)).toMatchObject({ missing: [], refused: [] })
    const sight = (await site.look([place])).get(place.token)
    expect(sight).toMatchObject({
      exists: true,
      lockOwner: sentinel.owner,
      end: { exitCode: 0 },
      duplicates: [],
      cancelFile: false,
    })
    expect(sight?.nativeId).toBe(sentinel.owner.split('.')[0])
  })

  it('tells how a job failed, in queue and accounting too', async () => {
    const place = await submit(shellJob('exit 7'))
    expect(await end(place.token)).toMatchObject({ exitCode: 7 })
    const row = await waitUntil(
      async () => (await site.lookUp([place])).queue.rows.find(({ name, state }) => name === place.token && state === 'ended'),
      { timeoutMs: 20_000 },
    )
    expect(row).toMatchObject({ ending: 'FAILED' })
    const record = await waitUntil(
      async () => (await site.listAccounting([place.token], 600)).rows.find(({ ending }) => ending !== null),
      { timeoutMs: 20_000 },
    )
    expect(record).toMatchObject({ name: place.token, ending: 'FAILED', exitCode: 7 })
  })

  it('cancels what runs, and the job tells of it', async () => {
    const place = await submit(shellJob('while :; do sleep 0.1; done'))
    await waitUntil(() => heard('start', place.token), { timeoutMs: 20_000 })
    await site.cancel([{ place, nativeIds: [] }])
    expect(await end(place.token)).toMatchObject({ exitCode: 143, cause: 'cancelled' })
    const gone = await waitUntil(
      async () => (await site.listQueue()).rows.find(({ name, state }) => name === place.token && state === 'ended'),
      { timeoutMs: 20_000 },
    )
    expect(gone?.ending).toBe('CANCELLED')
  })

  it('holds what waits in the queue, and releases it', async () => {
    const place = newPlace()
    await site.stage([staged(place, shellJob('echo done'))])
    // fills the machine first, so that it waits
    const others = await Promise.all(Array.from({ length: fillers }, () => submit(shellJob('sleep 3'))))
    const answer = (await site.claim([{ place, tryNumber: 1, nonce: 'n1', resources }])).get(place.token)
    if (answer?.kind !== 'submitted') throw new Error(`not submitted: ${JSON.stringify(answer)}`)
    const held = await site.setHold(answer.nativeId, true).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(TransientError) // it was quicker
        return false
      },
    )
    if (held) {
      const row = (await site.listQueue()).rows.find(({ name }) => name === place.token)
      expect(row).toMatchObject({ state: 'pending', reason: expect.stringContaining('Held') })
      await site.setHold(answer.nativeId, false)
    }
    expect(await end(place.token)).toMatchObject({ exitCode: 0 })
    await Promise.all(others.map(({ token }) => end(token)))
  })

  it('runs one of two submissions of the same attempt', async () => {
    const place = await submit(shellJob('echo x >>ran; sleep 0.3; wc -l <ran'))
    await site.stage([staged(place, shellJob('echo x >>ran; sleep 0.3; wc -l <ran'), { nonce: 'n2' })])
    const again = await site.claim([{ place, tryNumber: 2, nonce: 'n2', resources }])
    expect(again.get(place.token)).toMatchObject({ kind: 'submitted' })
    const sentinel = await end(place.token)
    await waitUntil(() => heard('duplicate', place.token), { timeoutMs: 20_000 })
    const sight = (await site.look([place])).get(place.token)
    expect(sight?.lockOwner).toBe(sentinel.owner)
    expect(sight?.duplicates).toHaveLength(1)
    expect(
      Buffer.from(await site.tail(place, 'out', 10))
        .toString()
        .trim(),
    ).toBe('1')
  })

  it('never gives a pseudopotential away', async () => {
    const text =
      'echo secret >POTCAR; printf "PAW_PBE Si\\n 4.0\\n parameters from PSCTR are:\\n" >other; echo fine >out2; ln -s POTCAR link'
    const place = await submit(shellJob(text))
    const sentinel = await end(place.token)
    const keep = ['out*', 'POT*', 'other', 'link']
    const { files, reports } = await fetchAll(site, [{ place, keep, files: sentinel.files }])
    expect([...files.keys()].sort()).toEqual(['job.err', 'job.out', 'out', 'out2'])
    expect([...(reports.get(place.token)?.refused ?? [])].sort()).toEqual(['POTCAR', 'other'])
    for (const path of ['POTCAR', 'other', 'link'])
      await expect(site.tail(place, path, 100)).rejects.toBeInstanceOf(PermanentError)
  })

  it('hands an attempt over while another one still waits for its sizes', async () => {
    const [slow, quick] = [await submit(shellJob('echo hello')), await submit(shellJob('echo hello'))]
    await Promise.all([end(slow.token), end(quick.token)])
    const patient = await openSite(site.spec, {
      key: { text: readFileSync(bed.privateKeyPath, 'utf8') },
      owner: OWNER,
      fetchTiming: { waitMs: 1_000, pauseMs: 300 },
    })
    const { reports } = await fetchAll(patient, [
      { place: slow, keep: ['out'], files: [{ path: 'out', size: 999 }] },
      { place: quick, keep: ['out'], files: [{ path: 'out', size: 6 }] },
    ])
    await patient.close()
    expect([...reports]).toMatchObject([
      [quick.token, { missing: [] }],
      [slow.token, { missing: ['out'] }],
    ])
  })

  it('reports what is missing after the wait for outputs that never come', async () => {
    const place = await submit(shellJob('echo hello'))
    await end(place.token)
    const spec = { ...site.spec }
    const impatient = await openSite(spec, {
      key: { text: readFileSync(bed.privateKeyPath, 'utf8') },
      owner: OWNER,
      fetchTiming: { waitMs: 0 },
    })
    const files = [
      { path: 'out', size: 999 },
      { path: 'gone', size: 1 },
    ]
    const { reports } = await fetchAll(impatient, [{ place, keep: ['out', 'gone'], files }])
    await impatient.close()
    expect(reports.get(place.token)?.missing).toEqual(['out', 'gone'])
  })

  it('puts sentinels aside, and tells what it had told before to a new watcher', async () => {
    const [kept, settled] = [await submit(shellJob('true')), await submit(shellJob('true'))]
    await Promise.all([end(kept.token), end(settled.token)])
    await site.settleSpool([settled.token])
    const again: SentinelNews[] = []
    const stop = new AbortController()
    const { done } = await site.watch((some) => void again.push(...some), stop.signal)
    await waitUntil(() => again.some(({ token, kind }) => token === kept.token && kind === 'end'))
    stop.abort()
    await done
    expect(again.some(({ token }) => token === settled.token)).toBe(false)
  })

  it('takes no root of somebody else, and none of a later epoch', async () => {
    await expect(site.takeRoot({ installation: 'others', epoch: 1 })).rejects.toThrow(
      /belongs to installation and epoch "tests 1"/,
    )
    await site.takeRoot(OWNER)
  })

  it('costs few remote commands for many jobs', async () => {
    const places = Array.from({ length: many }, newPlace)
    const before = site.counts()
    await site.stage(places.map((place) => staged(place, shellJob('true'))))
    const answers = await site.claim(places.map((place) => ({ place, tryNumber: 1, nonce: 'n1', resources })))
    expect([...answers.values()].filter(({ kind }) => kind === 'submitted')).toHaveLength(many)
    await waitUntil(() => places.every(({ token }) => heard('end', token)), { timeoutMs: 50_000, everyMs: 200 })
    const { reports } = await fetchAll(
      site,
      places.map((place) => ({ place, keep: ['out'], files: null })),
    )
    expect(reports.size).toBe(many)
    await site.settleSpool(places.map(({ token }) => token))
    const after = site.counts()
    expect(after.remoteCommands - before.remoteCommands).toBeLessThanOrEqual(Math.ceil(many / 25) + Math.ceil(many / 50) + 3)
    expect(after.schedulerCommands - before.schedulerCommands).toBe(many)
    expect(after.connections).toBe(1)
  })

  it('is found healthy by the doctor, with a job', async () => {
    const { findings, schedulerVersion, ...inventory } = await site.check({ dryRun: true })
    const failed = findings.filter(({ severity }) => severity === 'error')
    expect(failed).toEqual([])
    expect(findings.find(({ item }) => item === 'DRY_RUN')).toMatchObject({ severity: 'ok' })
    expect(findings.find(({ item }) => item === 'SHELL_NOISE')).toMatchObject({
      severity: 'warning',
      evidence: expect.stringContaining('Welcome to the site'),
    })
    expect(findings.filter(({ severity, mend }) => severity !== 'ok' && mend === '')).toEqual([])
    expect(inventory.accounting).toBe(true)
    expect(schedulerVersion).not.toBeNull()
  })
})

describe.runIf(canRun)('a cluster in trouble', () => {
  let bed: Testbed
  let site: Site
  beforeAll(async () => {
    bed = await bringUp({ name: 'trouble', accounting: false, nodes: 2 })
    const spec = ClusterSpec.parse({
      name: 'alps',
      scheduler: 'slurm',
      ssh: { host: bed.host, port: bed.port, user: bed.user, key: 'k', hostKeys: [bed.hostKey] },
      root: `${bed.home}/cm`,
    })
    site = await openSite(spec, { key: { file: bed.privateKeyPath }, owner: OWNER })
    await site.takeRoot(OWNER)
  })
  afterAll(async () => {
    await site?.close()
    await bed?.down()
  })

  it('whose answer got lost has the job all the same, and looking it up finds it', async () => {
    const place = newPlace()
    await site.stage([staged(place, shellJob('true'))])
    const held = await bed.wrap('sbatch', { holdAnswerSeconds: 2 })
    const torn = await openSite(site.spec, { key: { file: bed.privateKeyPath }, owner: OWNER })
    const answers = torn.claim([{ place, tryNumber: 1, nonce: 'n1', resources }])
    await waitUntil(async () => (await held.calls()).length === 1)
    await torn.close()
    expect((await answers).get(place.token)).toMatchObject({ kind: 'unknown' })
    // asked again while the first one is still at it, it must not submit
    expect((await site.claim([{ place, tryNumber: 1, nonce: 'n1', resources }])).get(place.token)).toMatchObject({
      kind: 'unknown',
    })
    await held.remove()
    const found = await waitUntil(async () => {
      const { sights, queue } = await site.lookUp([place])
      const sight = sights.get(place.token)
      return sight?.nativeId !== null && queue.rows.filter(({ name }) => name === place.token).length === 1 ? sight : undefined
    })
    expect(found?.claims).toHaveLength(1)
  })

  it('that keeps no accounting says so, and does not say "no jobs"', async () => {
    expect(await site.listAccounting([newPlace().token], 60)).toMatchObject({
      complete: false,
      trouble: { kind: 'ACCOUNTING_DOWN' },
    })
    expect((await site.check({ dryRun: false })).findings.find(({ item }) => item === 'ACCOUNTING')).toMatchObject({
      severity: 'warning',
    })
  })

  it('whose controller is away is not an empty queue', async () => {
    const failing = await bed.wrap('squeue', {
      failWith: { exitCode: 1, stderr: 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' },
    })
    expect(await site.listQueue()).toMatchObject({ complete: false, rows: [], trouble: { kind: 'SCHEDULER_DOWN' } })
    await failing.remove()
    expect(await site.listQueue()).toMatchObject({ complete: true, trouble: null })
  })

  it('that cannot be reached tells so in the listing', async () => {
    await site.close()
    expect(await site.listQueue()).toMatchObject({ complete: false, trouble: { kind: 'SSH_DOWN' } })
  })
})
