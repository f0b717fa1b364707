import { execFile, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const CHECKOUT = resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** Compose v2 where it is, else docker-compose 1.29. */
export function findCompose(): readonly string[] {
  const { status } = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore', timeout: 5_000 })
  return status === 0 ? ['docker', 'compose'] : ['docker-compose']
}

/** Runs a program from the checkout's root; throws with what it said. */
export async function say(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const [program = '', ...words] = argv
  const { stdout } = await run(program, words, { cwd: CHECKOUT, env, maxBuffer: 64 << 20 })
  return stdout.trim()
}
