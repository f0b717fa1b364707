import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAMILIES, MAY_IMPORT, PURE } from '../module-map.ts'

const CHECKOUT = resolve(import.meta.dirname, '..')
const SETTINGS = ['oxlint.config.ts', 'module-map.ts', 'tsconfig.json', 'package.json', 'names.grit', 'biome.json']
const NOT_IN_MAP = 'not in the module map'

/** A line of source planted in a folder, and what the linters must, or must not, say of it. */
type Case = { readonly folder: string; readonly source: string; readonly says?: string; readonly saysNot?: string }

const nameOf = (folder: string) => folder.replace(/^libs\//, '@crystalmath/')
const strangerTo = (folder: string) =>
  Object.keys(MAY_IMPORT).find(
    (other) => other.startsWith('libs/') && other !== folder && !MAY_IMPORT[folder]?.includes(nameOf(other)),
  )

const unlisted = Object.keys(MAY_IMPORT).flatMap((folder): Case[] =>
  ['left-pad', '@crystalmath/testing', nameOf(strangerTo(folder) ?? '')].map((name) => ({
    folder,
    source: `export * from '${name}'`,
    says: NOT_IN_MAP,
  })),
)

const listed = Object.entries(MAY_IMPORT).flatMap(([folder, names]): Case[] =>
  [...names, './of-its-own.ts', '../../also/its-own.ts'].map((name) => ({
    folder: `${folder}/deep`,
    source: `export * from '${name.replace('node:*', 'node:fs/promises').replace('**', 'jetstream')}'`,
    saysNot: NOT_IN_MAP,
  })),
)

const families = Object.entries(FAMILIES).flatMap(([folder, members]): Case[] =>
  members.map((member, index) => ({
    folder: `${folder}/${member}/read`,
    source: `export * from '../../${members.at(index - 1)}/index.ts'`,
    says: NOT_IN_MAP,
  })),
)

const pure = PURE.flatMap((folder): Case[] => [
  { folder, source: "export { readFileSync } from 'node:fs'", says: NOT_IN_MAP },
  { folder, source: "export { randomUUID } from 'node:crypto'", says: 'no-restricted-imports' },
  { folder, source: "export { createHash } from 'node:crypto'", saysNot: 'no-restricted-imports' },
  { folder, source: 'export const now = () => Date.now()', says: 'no-restricted-properties' },
  { folder, source: 'export const chance = () => Math.random()', says: 'no-restricted-properties' },
  { folder, source: 'export const pid = () => process.pid', says: 'no-restricted-globals' },
  { folder, source: "export const get = () => fetch('http://127.0.0.1')", says: 'no-restricted-globals' },
  { folder, source: 'export const later = (f: () => void) => setTimeout(f, 1)', says: 'no-restricted-globals' },
])

const others: readonly Case[] = [
  { folder: 'services/poller', source: "export * from '../../../libs/store/src/index.ts'", says: NOT_IN_MAP },
  { folder: 'services/poller', source: "export * from '../../submitter/src/main.ts'", says: NOT_IN_MAP },
  { folder: 'libs/job/circle', source: "export * from './planted.ts'", says: 'no-cycle' },
  { folder: 'libs/cluster', source: "export const is = (c: { name: string }) => c.name === 'slurm'", says: 'ask supports.x' },
  { folder: 'libs/bus', source: "export const mode = process.env['MODE']", says: 'no-process-env' },
  { folder: 'libs/bus', source: 'const send = async () => 1\nexport const f = () => { send() }', says: 'no-floating-promises' },
  { folder: 'libs/bus', source: 'export const f = async () => await 1', says: 'await-thenable' },
  {
    folder: 'libs/bus',
    source: 'const is = async () => true\nexport const f = () => (is() ? 1 : 2)',
    says: 'no-misused-promises',
  },
  {
    folder: 'libs/job',
    source: "export const f = (s: 'a' | 'b') => { switch (s) { case 'a': return 1 } return 2 }",
    says: 'switch-exhaustiveness-check',
  },
  { folder: 'libs/job', source: 'export const f = () => { try { return 1 } catch {} return 2 }', says: 'no-empty' },
  { folder: 'libs/job', source: 'export const f = (x: any) => x', says: 'noExplicitAny' },
  { folder: 'libs/job', source: 'export const f = (x: string | null) => x!', says: 'noNonNullAssertion' },
]

const CASES = Object.entries({ unlisted, listed, families, pure, others }).flatMap(([kind, cases]) =>
  cases.map((one, index) => ({ ...one, file: `${one.folder.replace(/^(\w+\/[\w-]+)/, '$1/src')}/${kind}-${index}/planted.ts` })),
)

/** File → all that was said of it. */
const said = new Map<string, string>()

// a rule that reports nothing looks like a clean tree: each is shown a violation, all of them in one tree apart
let tree = ''
afterAll(() => rmSync(tree, { recursive: true, force: true }))
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'crystalmath-planted-'))
  for (const file of SETTINGS) cpSync(join(CHECKOUT, file), join(tree, file))
  symlinkSync(join(CHECKOUT, 'node_modules'), join(tree, 'node_modules'))
  for (const { file, source } of CASES) {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    writeFileSync(join(tree, file), `${source}\n`)
  }
  const note = (file: string, text: string) => said.set(file, `${said.get(file) ?? ''}${text}\n`)
  const oxlint: { diagnostics: { filename: string; code: string; message: string; help?: string }[] } = run(
    tree,
    'oxlint',
    '-f',
    'json',
  )
  for (const { filename, code, message, help } of oxlint.diagnostics) note(filename, `${code} ${message} ${help ?? ''}`)
  const biome: { diagnostics: { location: { path: string }; category: string; message: string }[] } = run(
    tree,
    ...(['biome', 'lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'] as const),
  )
  for (const { location, category, message } of biome.diagnostics) note(location.path, `${category} ${message}`)
}, 60_000)

function run(cwd: string, tool: string, ...words: readonly string[]) {
  const { stdout, error } = spawnSync(join(CHECKOUT, 'node_modules/.bin', tool), words, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error) throw error
  return JSON.parse(stdout)
}

describe('the linters', () => {
  it.each(CASES.filter(({ says }) => says))('report in $folder: $source', ({ file, says }) =>
    expect(said.get(file)).toContain(says),
  )
  it.each(CASES.filter(({ saysNot }) => saysNot))('let pass in $folder: $source', ({ file, saysNot }) =>
    expect(said.get(file) ?? '').not.toContain(saysNot),
  )
})
