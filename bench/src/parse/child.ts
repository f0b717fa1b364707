import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { canPin, pinned } from '../pinned.ts'
import { CHECKOUT } from './files.ts'

const NODE = join(CHECKOUT, 'node_modules/.bin/node')
const CLI = join(CHECKOUT, 'apps/cli/bin/crystalmath')

/** As `npm ci` does: sources may have changed since. In a process of its own, whose memory does not stand in the records of those that this one starts. */
export function compileAhead(): void {
  const { status, stderr } = spawnSync(NODE, [join(CHECKOUT, 'apps/cli/src/ahead/main.ts')], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the command line was not compiled ahead: ${stderr}`)
}

/** What a script of this folder says, as JSON. With `cores`, it and all its threads run on the first so many; null where this machine cannot hold them there. */
export function askChild<T>(script: string, args: readonly string[], cores: number | null = null): T | null {
  if (cores !== null && !canPin()) return null
  const command = [NODE, join(import.meta.dirname, script), ...args]
  const [program = '', ...rest] = cores === null ? command : pinned(`0-${cores - 1}`, command)
  const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' })
  if (stdout === '') throw new Error(`${script} ${args.join(' ')} failed: ${stderr}`)
  return JSON.parse(stdout) as T
}

export type CliTimes = { readonly firstSeconds: number; readonly processSeconds: number }

/** Wall seconds of the command line by its real path, until its first result and until it has ended. */
export async function runCli(path: string, full: boolean): Promise<CliTimes> {
  const began = performance.now()
  const child = spawn(CLI, ['parse', '--json', ...(full ? ['--full'] : []), path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let first: number | null = null
  child.stdout.on('data', () => {
    first ??= performance.now()
  })
  const [status] = (await once(child, 'close')) as [number | null]
  if (status !== 0 || first === null) throw new Error(`crystalmath parse ${path} failed`)
  return { firstSeconds: (first - began) / 1_000, processSeconds: (performance.now() - began) / 1_000 }
}
