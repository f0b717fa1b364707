import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, openClient } from '@crystalmath/client'
import type { JobRequestInput } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optional, variables } from './config.ts'
import { findCompose, say } from './testing/compose.ts'
import { openEngine } from './testing/engine.ts'

const wish = optional('CRYSTALMATH_CONTAINERS')
const engine = wish === '0' ? 'CRYSTALMATH_CONTAINERS is 0' : await openEngine()
const because = typeof engine === 'string' ? engine : null
if (wish !== undefined && wish !== '0' && because !== null) throw new Error(`CRYSTALMATH_CONTAINERS is ${wish}, but ${because}`)
/** With CRYSTALMATH_CONTAINERS=all: what an operator does once a year is tried too. */
const itOnDemand = it.runIf(wish === 'all')
// the reporter names no test of a file that is skipped as a whole
if (because !== null) process.stderr.write(`containers: skipped: ${because}\n`)
const skipped = because === null ? '' : ` (skipped: ${because})`
const host = typeof engine === 'string' ? undefined : engine.host
const compose = because === null ? findCompose() : []
const PORT = 20_000 + (process.pid % 20_000)
/** Of this run alone: whoever uses the same engine keeps his own. */
const IMAGES = {
  platform: `crystalmath/platform:trial${process.pid}`,
  testbed: `crystalmath/testbed:trial${process.pid}`,
} as const
const SERVICES = ['gateway', 'submitter', 'poller', 'parser', 'recovery', 'orchestrator'] as const
const BASES = ['debian:bookworm-slim', 'node:24.21.0-bookworm-slim'] as const
const SERVERS = ['nats:2.11-alpine', 'mongo:7'] as const

let folder: string
let env: Readonly<Record<string, string | undefined>>
let client: Client
const inCompose = (...words: readonly string[]) => say([...compose, '--profile', 'testbed', ...words], env)
/** With the host's network: an engine may have no other way out. */
const build = (image: string, file: string) =>
  took(`building ${image}`, docker('build', '--quiet', '--network', 'host', '--tag', image, '--file', file, '.'))
const baseImages = (...images: readonly string[]) =>
  took(`base images ${images.join(' ')}`, say(['sh', 'scripts/base-images.sh', ...images], env))
const shell = `${compose.join(' ')} --profile testbed`
const inShell = (line: string) => say(['bash', '-o', 'pipefail', '-c', line], env)
const docker = (...words: readonly string[]) => say(['docker', ...words], env)
const containersOf = async (service: string) => (await inCompose('ps', '-q', service)).split('\n').filter((line) => line !== '')
const inSite = async (script: string) => docker('exec', (await containersOf('testbed'))[0] ?? '', 'sh', '-c', script)

const took = async <T>(what: string, work: Promise<T>): Promise<T> => {
  const begun = performance.now()
  const answer = await work
  process.stderr.write(`compose: ${what}: ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`)
  return answer
}

const common = { project: 'play', cluster: 'testbed', resources: { walltimeSeconds: 300, memoryMebibytes: 800 } } as const

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
  resources: { walltimeSeconds: 300, memoryMebibytes: 256 },
}

/** Inside the network of the servers: which of a password of NATS and a URL of MongoDB is taken, which refused. */
const KNOCKS = `
import { connect } from '@nats-io/transport-node'
import { MongoClient } from 'mongodb'
const [password, url] = process.argv.slice(1)
const said = (error) => \`refused: \${error.message}\`
const nats = connect({ servers: 'nats://nats:4222', user: 'crystalmath', pass: password, reconnect: false })
console.log('nats', await nats.then((link) => link.close().then(() => 'taken'), said))
const mongo = new MongoClient(url, { serverSelectionTimeoutMS: 30_000 })
console.log('mongodb', await mongo.db('crystalmath').command({ ping: 1 }).then(() => 'taken', said))
await mongo.close()
`
const knock = (words: readonly string[]) => {
  const node = ['node', '--input-type=module', '-e', KNOCKS, ...words]
  return inCompose('exec', '-T', 'recovery', ...node)
}

const isCompleted = async (id: string) => {
  const view = await client.job(id)
  if (view.status === 'failed' || view.status === 'cancelled') expect.fail(`job ${id}: ${JSON.stringify(view)}`)
  return view.status === 'completed'
}

beforeAll(async () => {
  if (because !== null) return
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-compose-'))
  env = {
    ...variables(),
    ...(host === undefined ? {} : { DOCKER_HOST: host }),
    // the classic builder: another one is a package of its own
    DOCKER_BUILDKIT: '0',
    COMPOSE_PROJECT_NAME: `cmtrial${process.pid}`,
    CRYSTALMATH_SECRETS: join(folder, 'secrets'),
    CRYSTALMATH_PORT: String(PORT),
    CRYSTALMATH_IMAGE: IMAGES.platform,
    CRYSTALMATH_TESTBED_IMAGE: IMAGES.testbed,
  }
  await baseImages(...BASES)
  await Promise.all([
    baseImages(...SERVERS),
    build(IMAGES.platform, 'Dockerfile'),
    build(IMAGES.testbed, 'deploy/testbed.Dockerfile'),
  ])
}, 900_000)

afterAll(async () => {
  if (typeof engine === 'string') return
  // what was made for want of a registry, and the images of this run: all of it on an engine of its own
  if (host === undefined) await docker('rmi', IMAGES.platform, IMAGES.testbed).catch(() => undefined)
  await took('the engine stopped', engine.stop())
  await rm(folder, { recursive: true, force: true })
}, 180_000)

describe.skipIf(because !== null)(`the platform in containers${skipped}`, () => {
  beforeAll(async () => {
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
    if (because !== null) return
    // docker-compose 1.29 leaves the unnamed volumes of replicas
    await inCompose('rm', '-fsv', 'parser')
    await took('down', inCompose('down', '-v', '-t', '30'))
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

  it('needs less than 300 MB', async () => {
    expect(Number(await docker('image', 'inspect', '-f', '{{.Size}}', IMAGES.platform))).toBeLessThan(300e6)
  })

  it('runs every service as a user of its own, on a root that nobody can write, and finds it healthy', async () => {
    const containers = (await Promise.all([...SERVICES, 'nats', 'mongo'].map(containersOf))).flat()
    expect(containers).toHaveLength(8)
    const said = await docker(
      ...['inspect', '-f', '{{.HostConfig.ReadonlyRootfs}} {{.State.Health.Status}} {{.Config.User}}', ...containers],
    )
    for (const line of said.split('\n')) expect(line).toMatch(/^true healthy (1000:1000|999:999)$/)
    const write = inCompose('exec', '-T', 'recovery', 'touch', '/app/x')
    await expect(write).rejects.toMatchObject({ stderr: expect.stringMatching(/Read-only file system/) })
  })

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

  const isReady = () => client.ready().catch(() => false)

  itOnDemand(
    'is restored from a backup, under an epoch of its own',
    async () => {
      const archive = join(folder, 'data.tar.gz')
      const inMongo = (entry: string) => `${shell} run --rm --no-deps -T --entrypoint ${entry} mongo`
      await inCompose('stop', ...SERVICES, 'mongo')
      await inShell(`${inMongo('tar')} -C /data/db -c . | gzip >${archive}`)
      await inCompose('up', '-d')
      await waitUntil(isReady, { timeoutMs: 60_000 })
      const { id: lost } = await client.submit(entered)
      await waitUntil(() => isCompleted(lost), { timeoutMs: 120_000, everyMs: 500 })

      await inCompose('stop', ...SERVICES, 'mongo', 'nats')
      await inShell(`gunzip -c ${archive} | ${inMongo('sh')} -c 'cd /data/db && find . -mindepth 1 -delete && tar -x'`)
      const said = await inCompose('run', '--rm', '--entrypoint', 'node', 'recovery', '/app/deploy/src/after-restore.ts')
      // 2; one more if this is tried again, for the backup is then of the restored state
      const [, epoch] = /is now of epoch ([2-9])\b/.exec(said) ?? []
      expect(epoch, said).toBeDefined()
      await inCompose('up', '-d')
      await waitUntil(isReady, { timeoutMs: 60_000 })
      await expect(client.job(String(lost))).rejects.toMatchObject({ status: 404 })
      const { id } = await client.submit(entered)
      await waitUntil(() => isCompleted(id), { timeoutMs: 120_000, everyMs: 500 })
      expect(await inSite('cat /dev/shm/crystalmath-*/home/*/crystalmath/.owner')).toMatch(new RegExp(`^\\S+ ${epoch}$`))
    },
    400_000,
  )

  itOnDemand(
    'changes its passwords, and refuses the old ones',
    async () => {
      const secrets = ['nats/password', 'mongodb/url'].map((name) => join(folder, 'secrets', name))
      const present = () => Promise.all(secrets.map((path) => readFile(path, 'utf8')))
      const old = await present()
      expect(await knock(old)).toBe('nats taken\nmongodb taken')
      for (const name of ['nats', 'mongodb']) await rm(join(folder, 'secrets', name), { recursive: true })
      await inCompose('up', '-d', '--force-recreate')
      await waitUntil(isReady, { timeoutMs: 60_000 })
      const { id } = await client.submit(entered)
      await waitUntil(() => isCompleted(id), { timeoutMs: 180_000, everyMs: 500 })
      expect(await knock(await present())).toBe('nats taken\nmongodb taken')
      expect(await knock(old)).toMatch(/^nats refused: .*Authorization Violation.*\nmongodb refused: Authentication failed\.?$/i)
    },
    400_000,
  )
})

describe.skipIf(because !== null)(`NATS and MongoDB from testcontainers${skipped}`, () => {
  it('pass the tests of bus and store, as the native ones do', async () => {
    const argv = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', 'libs/bus', 'libs/store']
    const said = await took('bus and store', say(argv, { ...env, CRYSTALMATH_TEST_SERVERS: 'containers' }))
    expect(said).toMatch(/NATS and MongoDB in containers/)
    expect(said).toMatch(/\n[1-9]\d* passed, 0 failed/)
  }, 180_000)
})
