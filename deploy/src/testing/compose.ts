import { execFile, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const CHECKOUT = resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** Compose v2 where it is, else docker-compose 1.29; null where neither is, or no engine answers. */
export function findCompose(): readonly string[] | null {
  const works = (program: string, ...words: readonly string[]) =>
    spawnSync(program, words, { stdio: 'ignore', timeout: 5_000 }).status === 0
  if (!works('docker', 'version')) return null
  if (works('docker', 'compose', 'version')) return ['docker', 'compose']
  return works('docker-compose', 'version') ? ['docker-compose'] : null
}

/** Runs a program from the checkout's root; throws with what it said. */
export async function say(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const [program = '', ...words] = argv
  const { stdout } = await run(program, words, { cwd: CHECKOUT, env, maxBuffer: 64 << 20 })
  return stdout.trim()
}
