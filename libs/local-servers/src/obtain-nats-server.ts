import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PermanentError } from '@crystalmath/contract'
import type { Progress } from './progress.ts'
import { lastLines, runTool } from './run-tool.ts'

/** Built where the distribution has no package of it; Go's checksum database vouches for the module. */
const GO_MODULE = 'github.com/nats-io/nats-server/v2@v2.11.10'

/** Obtains nats-server: the Debian package as root, else a build by Go into the cache. */
export async function obtainNatsServer(cache: string, onProgress: Progress): Promise<string> {
  const refusals: string[] = []
  if (process.getuid?.() === 0) {
    onProgress('nats-server: installing the Debian package')
    const said = await installPackage()
    if (said === null) return '/usr/sbin/nats-server'
    refusals.push(`apt-get: ${said}`)
  }
  onProgress(`nats-server: building ${GO_MODULE} (about a minute)`)
  const folder = join(cache, 'bin')
  await mkdir(folder, { recursive: true })
  const built = await runTool(['go', 'install', GO_MODULE], { env: { GOBIN: folder, CGO_ENABLED: '0' } })
  if (built.exitCode === 0) return join(folder, 'nats-server')
  refusals.push(`go install: ${lastLines(built)}`)
  throw new PermanentError(
    `no nats-server found, and none could be obtained (${refusals.join('; ')}); install the package nats-server or set CRYSTALMATH_NATS_SERVER`,
  )
}

/** Null when it is installed, else why not. */
async function installPackage(): Promise<string | null> {
  const apt = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=500']
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = () => runTool([...apt, 'install', '-y', '--no-install-recommends', 'nats-server'], { env })
  return withoutDaemons(async () => {
    if ((await install()).exitCode === 0) return null
    await runTool([...apt, 'update'], { env })
    const second = await install()
    return second.exitCode === 0 ? null : lastLines(second)
  })
}

/** The package would start a server of its own; Debian asks this file whether it may. One that is there already has its reasons. */
async function withoutDaemons<T>(install: () => Promise<T>): Promise<T> {
  const guard = '/usr/sbin/policy-rc.d'
  const isOurs = await writeFile(guard, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' }).then(
    () => true,
    () => false,
  )
  return install().finally(() => (isOurs ? rm(guard) : undefined))
}
