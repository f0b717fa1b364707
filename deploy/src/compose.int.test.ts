import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, openClient } from '@crystalmath/client'
import type { JobRequestInput } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCompose, say } from './testing/compose.ts'

const wanted = process.env['CRYSTALMATH_CONTAINERS'] === '1'
const compose = wanted ? findCompose() : null
const because = wanted ? 'no Docker engine with Compose answers' : 'set CRYSTALMATH_CONTAINERS=1 where a Docker engine answers'
const PORT = 20_000 + (process.pid % 20_000)
const BASES = ['debian:bookworm-slim', 'node:24.21.0-bookworm-slim', 'nats:2.11-alpine', 'mongo:7']

let folder: string
let env: Readonly<Record<string, string | undefined>>
let client: Client
const inCompose = (...words: readonly string[]) => say([...(compose ?? []), '--profile', 'testbed', ...words], env)
const docker = (...words: readonly string[]) => say(['docker', ...words], env)
const containersOf = async (service: string) => (await inCompose('ps', '-q', service)).split('\n').filter((line) => line !== '')
const inSite = async (script: string) => docker('exec', (await containersOf('testbed'))[0] ?? '', 'sh', '-c', script)

const took = async <T>(what: string, work: Promise<T>): Promise<T> => {
  const begun = performance.now()
  const answer = await work
  process.stderr.write(`compose: ${what}: ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`)
  return answer
}

const common = { project: 'play', cluster: 'testbed', resources: { walltimeSeconds: 300, memoryMebibytes: 200 } } as const

/** Silicon at 5.43 Å. */
const silicon: JobRequestInput = {
  ...common,
  code: 'quantum-espresso',
  structure: {
    format: 'poscar',
    text: 'Si2\n1.0\n0 2.715 2.715\n2.715 0 2.715\n2.715 2.715 0\nSi\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n',
  },
  parameters: { calculation: 'scf', pseudopotentials: { Si: 'Si.pbe-rrkj.UPF' }, system: { ecutwfc: 20 } },
}

/** A run that enters itself in a ledger of the cluster when it starts and when it ends. */
const entered: JobRequestInput = {
  ...common,
  code: 'script',
  parameters: {
    script: 'cd .. && job=$PWD && cd - && echo "start $job" >>"$HOME/ledger"; sleep 8; echo "end $job" >>"$HOME/ledger"',
  },
  resources: { walltimeSeconds: 300, memoryMebibytes: 64 },
}

const isCompleted = async (id: string) => {
  const view = await client.job(id)
  if (view.status === 'failed' || view.status === 'cancelled') expect.fail(`job ${id}: ${JSON.stringify(view)}`)
  return view.status === 'completed'
}

describe.skipIf(compose === null)(`the platform in containers${compose === null ? ` (skipped: ${because})` : ''}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crystalmath-compose-'))
    env = {
      ...process.env,
      COMPOSE_PROJECT_NAME: `cmtrial${process.pid}`,
      CRYSTALMATH_SECRETS: folder,
      CRYSTALMATH_PORT: String(PORT),
    }
    await say(['sh', 'deploy/make-secrets.sh', folder], env)
    if (process.env['CRYSTALMATH_IMAGE'] === undefined) {
      await took('base images', say(['sh', 'scripts/base-images.sh', ...BASES], env))
      await took('build', inCompose('build'))
    }
    await took('up', inCompose('up', '-d'))
    const token = await waitUntil(() => inCompose('exec', '-T', 'gateway', 'cat', '/var/lib/crystalmath/first-token'), {
      timeoutMs: 30_000,
    })
    client = openClient({ url: `http://127.0.0.1:${PORT}`, token })
    await took(
      'the test bed is known',
      waitUntil(async () => (await client.cluster('testbed')).inventory !== null, { timeoutMs: 60_000, everyMs: 500 }),
    )
  }, 600_000)

  afterAll(async () => {
    if (compose === null) return
    await took('down', inCompose('down', '-v', '-t', '30'))
    await rm(folder, { recursive: true, force: true })
  }, 120_000)

  it('carries a job to its energy', async () => {
    const { id } = await client.submit(silicon)
    await took(
      'a job',
      waitUntil(() => isCompleted(id), { timeoutMs: 120_000, everyMs: 250 }),
    )
    const { energyEv } = (await client.result(id)).result
    expect(energyEv).toBeGreaterThan(-216)
    expect(energyEv).toBeLessThan(-213)
  }, 150_000)

  it('runs three parsers when asked to', async () => {
    await took('parser scaled to 3', inCompose('up', '-d', '--no-recreate', '--scale', 'parser=3', 'parser'))
    const parsers = await containersOf('parser')
    expect(parsers).toHaveLength(3)
    await waitUntil(
      async () => (await docker('inspect', '-f', '{{.State.Health.Status}}', ...parsers)) === 'healthy\nhealthy\nhealthy',
      { timeoutMs: 60_000, everyMs: 500 },
    )
  }, 120_000)

  it('loses and doubles nothing when containers are killed and made anew while 20 jobs run', async () => {
    const { jobs } = await client.submitMany(
      Array.from({ length: 20 }, () => entered),
      { idempotencyKey: 'twenty' },
    )
    const ids = jobs.map(({ id }) => id)
    const ledger = async () => (await inSite('cat /dev/shm/crystalmath-*/home/*/ledger 2>/dev/null || :')).split('\n')
    await waitUntil(async () => (await ledger()).length > 2, { timeoutMs: 60_000, everyMs: 250 })

    for (const service of ['submitter', 'poller']) {
      const [container = ''] = await containersOf(service)
      // all but the container's first process, which ends with them; Docker starts it again
      await docker('exec', container, 'sh', '-c', 'kill -9 -1').catch(() => undefined)
    }
    const services = ['gateway', 'submitter', 'poller', 'parser', 'recovery']
    await took('recreated', inCompose('up', '-d', '--no-deps', '--force-recreate', ...services))
    const done = async () => {
      const all = await Promise.all(ids.map(isCompleted))
      return all.every((one) => one)
    }
    await took('20 jobs', waitUntil(done, { timeoutMs: 240_000, everyMs: 1_000 }))

    const lines = await ledger()
    for (const what of ['start', 'end']) {
      const entries = lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.split('/').at(-1) ?? '')
      expect([...entries].sort()).toEqual(ids.map(String).sort())
    }
  }, 360_000)
})
