import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silicon } from '@crystalmath/cli/demo'
import type { JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from './src/stage.ts'

let stage: Stage
let folder: string
let bug: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-quarantine-'))
  bug = join(folder, 'bug')
  await writeFile(bug, '')
  const hook = new URL('./src/reader-fault.ts', import.meta.url).href
  stage = await openStage({
    name: 'quar',
    environment: process.env,
    settings: { NODE_OPTIONS: `--import=${hook}`, READER_FAULT_FILE: bug },
  })
}, 120_000)
afterAll(async () => {
  await stage?.close()
  await rm(folder, { recursive: true, force: true })
})

const until = (id: JobView['id'], isSo: (job: JobView) => boolean) =>
  waitUntil(
    async () => {
      const job = await stage.client.job(id)
      return isSo(job) ? job : null
    },
    { timeoutMs: 90_000, onTimeout: async () => JSON.stringify(await stage.client.job(id)) },
  )
const cli = (...words: string[]) => {
  const argv = ['apps/cli/bin/crystalmath', ...words, '--url', stage.platform.url, '--token', stage.platform.token]
  const { stdout, stderr, status } = spawnSync('sh', argv, { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}
const letterOf = (id: JobView['id']) =>
  waitUntil(async () => (await stage.client.deadLetters()).find(({ jobId }) => jobId === id) ?? null, { timeoutMs: 60_000 })

const siliconJob = () => ({
  project: stage.project,
  cluster: stage.cluster,
  code: 'quantum-espresso' as const,
  structure: silicon(5.4),
  parameters: {
    calculation: 'scf',
    cutoffRydberg: 12,
    kMesh: [1, 1, 1],
    smearing: null,
    pseudopotentials: { Si: 'Si.pz-vbc.UPF' },
  },
  resources: { walltimeSeconds: 300 },
})

describe('a calculation that a reader of ours breaks on', () => {
  it('is not called failed: it waits with its outputs, says why, and is read after the mend', async () => {
    const { client } = stage
    const { jobs } = await client.submitMany([siliconJob(), siliconJob()])
    const [byApi, byCommand] = jobs.map(({ id }) => id)
    if (byApi === undefined || byCommand === undefined) throw new Error('nothing was made')
    for (const id of [byApi, byCommand]) {
      const waiting = await until(id, ({ waitingFor }) => waitingFor?.kind === 'PARSER_FAULT')
      expect(waiting).toMatchObject({ status: 'ended', attempt: 1, resultId: null })
      expect(await letterOf(id)).toMatchObject({ consumer: 'parser', because: expect.stringContaining('worker.ts') })
      const why = cli('job', id, '--why')
      expect(why.said).toContain('It waits for PARSER_FAULT')
      expect(why.said).toContain('planted: x is undefined')
      expect(why.said).toContain('its dead letter sent again')
    }
    // with the bug still there it comes back as another letter, and no attempt is made
    const first = await letterOf(byApi)
    await client.resendDeadLetter(first?.sequence ?? 0)
    const second = await waitUntil(
      async () => {
        const found = (await client.deadLetters()).find(({ jobId }) => jobId === byApi)
        return found !== undefined && found.sequence !== first?.sequence ? found : null
      },
      { timeoutMs: 60_000 },
    )
    expect(await client.job(byApi)).toMatchObject({ status: 'ended', attempt: 1, waitingFor: { kind: 'PARSER_FAULT' } })

    await rm(bug)
    await client.resendDeadLetter(second?.sequence ?? 0)
    const read = await until(byApi, ({ status }) => status !== 'ended')
    expect(read).toMatchObject({ status: 'completed', attempt: 1, waitingFor: null })
    expect(await client.job(byCommand)).toMatchObject({ status: 'ended', waitingFor: { kind: 'PARSER_FAULT' } })
    const left = await letterOf(byCommand)
    expect(cli('dead-letters', 'resend', String(left?.sequence))).toMatchObject({ status: 0 })
    expect(await until(byCommand, ({ status }) => status !== 'ended')).toMatchObject({ status: 'completed', attempt: 1 })
    const energies = await Promise.all([byApi, byCommand].map(async (id) => (await client.result(id)).result.energyEv))
    expect(energies[0]).toBeLessThan(-190)
    expect(energies[1]).toBe(energies[0])
  }, 240_000)

  it('is read without anybody`s doing by a parser that starts anew', async () => {
    const { client, platform } = stage
    await writeFile(bug, '')
    const { id } = await client.submit(siliconJob())
    await until(id, ({ waitingFor }) => waitingFor?.kind === 'PARSER_FAULT')
    await rm(bug)
    for (const one of platform.services) if (one.service === 'parser') one.signal('SIGTERM')
    expect(await until(id, ({ status }) => status !== 'ended')).toMatchObject({ status: 'completed', attempt: 1 })
  }, 180_000)
})
