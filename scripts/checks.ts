import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const CHECKOUT = resolve(import.meta.dirname, '..')

/** A tool that looks over the whole checkout. */
export type Check = { readonly name: string; readonly argv: readonly string[] }

/** What has to pass besides the tests; `npm run check` runs it alone, and `npm test` as tests. */
export const CHECKS: readonly Check[] = [
  { name: 'is formatted and named as agreed (biome)', argv: ['biome', 'check', '--error-on-warnings'] },
  { name: 'has types that fit (tsc)', argv: ['tsc', '-p', '.'] },
  { name: 'has types that fit in the browser (tsc)', argv: ['tsc', '-p', 'apps/dashboard'] },
  { name: 'keeps the module map, loses no promise (oxlint)', argv: ['oxlint', '--deny-warnings'] },
  {
    name: 'declares what it uses and uses what it declares (knip)',
    argv: ['knip', '--strict', '--no-config-hints', '--include', 'files,dependencies,unlisted,unresolved'],
  },
  { name: 'exports nothing in vain (knip)', argv: ['knip', '--no-config-hints', '--include', 'exports,types,duplicates'] },
  ...optional('scripts/generate-docs.ts', {
    name: 'has documents that agree with the source',
    argv: ['node', 'scripts/generate-docs.ts', '--check'],
  }),
  ...optional('scripts/generate-causes.ts', {
    name: 'has a list of causes that agrees with the tables',
    argv: ['node', 'scripts/generate-causes.ts', '--check'],
  }),
  ...optional('scripts/generate-reads.ts', {
    name: 'has a list of what is read that agrees with the readers',
    argv: ['node', 'scripts/generate-reads.ts', '--check'],
  }),
]

function optional(file: string, check: Check): readonly Check[] {
  return existsSync(resolve(CHECKOUT, file)) ? [check] : []
}

/** Runs one check from the root; null when it passes, else what it said. */
export function failureOf({ argv: [program = '', ...rest] }: Check): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(resolve(CHECKOUT, 'node_modules/.bin', program), rest, {
      cwd: CHECKOUT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => said.push(text))
    child.once('error', (error) => done(error.message))
    child.once('close', (code) => done(code === 0 ? null : `exit status ${code}\n${said.join('')}`))
  })
}
