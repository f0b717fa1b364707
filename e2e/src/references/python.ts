import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const HERE = import.meta.dirname
/** How many cases were held against another program, and how many came out otherwise. */
export type Compared = { readonly cases: number; readonly different: number }

export const together = (a: Compared, b: Compared): Compared => ({
  cases: a.cases + b.cases,
  different: a.different + b.different,
})

/** Kept between runs; made anew when a pinned version changes. */
const VENV = resolve(HERE, '../../../node_modules/.cache/reference-python')
const REQUIREMENTS = join(HERE, 'requirements.txt')

function run(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', input, maxBuffer: 1e9 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.slice(-2_000)}`)
  return stdout
}

/** A Python with the pinned packages that our tables are compared with; installs them from PyPI where they are not yet. */
export function referencePython(say: (line: string) => void): string {
  const python = process.env['REFERENCE_PYTHON'] ?? join(VENV, 'bin/python')
  const pinned = readFileSync(REQUIREMENTS, 'utf8').trim().split('\n')
  if (!existsSync(python)) {
    say(`installing ${pinned.join(', ')}`)
    mkdirSync(VENV, { recursive: true })
    run('python3', ['-m', 'venv', VENV])
  }
  const has = new Set(run(python, ['-m', 'pip', 'list', '--format=freeze']).toLowerCase().split('\n'))
  if (!pinned.every((one) => has.has(one))) run(python, ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS])
  return python
}

/** What one of the scripts beside this file prints for an input. */
export const askPython = (python: string, script: string, input: unknown): unknown =>
  JSON.parse(run(python, [join(HERE, script)], JSON.stringify(input)))
