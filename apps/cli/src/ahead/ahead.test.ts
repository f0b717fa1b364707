import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AHEAD, compileAhead, OPTIONS } from './compile.ts'
import { fixtures } from './fixtures.ts'
import { MANIFEST, type Manifest, readManifest as readIfThere } from './manifest.ts'

const CHECKOUT = join(import.meta.dirname, '../../../..')
const NODE = join(CHECKOUT, 'node_modules/.bin/node')
const FIXTURES = fixtures()

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crystalmath-ahead-'))
  await compileAhead(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function readManifest(from: string): Manifest {
  const manifest = readIfThere(from)
  if (manifest === null) throw new Error(`${from}: no manifest`)
  return manifest
}

const said = (program: string, words: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(NODE, [...OPTIONS, program, 'parse', ...words], { encoding: 'utf8' })
  return { status, stdout, stderr }
}
const ahead = (...words: readonly string[]) => said(join(folder, 'start.cjs'), words)
const source = (...words: readonly string[]) => said(join(CHECKOUT, 'apps/cli/src/main.ts'), words)

/** The compiled program in a folder of its own, with its chunks changed or its manifest. */
function changed(change: (chunks: string) => void, manifest: (was: Manifest) => Manifest = (was) => was): string {
  const copy = mkdtempSync(join(folder, 'copy-'))
  const was = readManifest(folder)
  cpSync(join(folder, 'start.cjs'), join(copy, 'start.cjs'))
  cpSync(join(folder, was.chunks), join(copy, was.chunks), { recursive: true })
  change(join(copy, was.chunks))
  writeFileSync(join(copy, MANIFEST), JSON.stringify({ ...manifest(was), checkout: join('..', was.checkout) }))
  return join(copy, 'start.cjs')
}
const other = (chunks: string) => writeFileSync(join(chunks, 'entry.cjs'), 'exports.run = () => process.stdout.write("compiled")')

describe('the command line that is compiled ahead', () => {
  it.each([
    ['every fixture as JSON', ['--json', ...FIXTURES]],
    ['every fixture in full', ['--json', '--full', ...FIXTURES]],
    ['every fixture in a table', FIXTURES],
    ['one in words', FIXTURES.slice(0, 1)],
    ['a directory', ['--json', join(FIXTURES[0] ?? '', '..')]],
    ['what cannot be read', ['--json', '/nonexistent', join(CHECKOUT, 'package.json')]],
    ['wrong words', ['--code', 'gaussian', 'x']],
    ['the help', ['--help']],
  ])('says of %s what the sources say', (_, words) => {
    expect(FIXTURES.length).toBeGreaterThan(5)
    const answer = ahead(...words)
    expect(answer).toEqual(source(...words))
    expect(answer.stdout + answer.stderr).not.toBe('')
  })

  it('is what bin/crystalmath looks for, with the options that it was made for', () => {
    const launcher = readFileSync(join(CHECKOUT, 'apps/cli/bin/crystalmath'), 'utf8')
    expect(launcher).toContain(`ahead=$root/${relative(CHECKOUT, AHEAD)}/start.cjs\n`)
    expect(launcher).toContain(`${OPTIONS.join(' ')} "$ahead"`)
  })

  it('is run as long as no source has changed', () => {
    expect(said(changed(other), FIXTURES)).toMatchObject({ status: 0, stdout: 'compiled' })
  })

  it.each<[string, (was: Manifest) => Manifest]>([
    [
      'a source has changed',
      (was) => ({ ...was, sources: was.sources.map(([path, bytes, ms], i) => [path, bytes, i === 9 ? ms - 1 : ms]) }),
    ],
    [
      'a source has another length',
      (was) => ({ ...was, sources: was.sources.map(([path, bytes, ms], i) => [path, i === 9 ? bytes + 1 : bytes, ms]) }),
    ],
    ['a source is gone', (was) => ({ ...was, sources: [...was.sources, ['libs/gone.ts', 1, 1]] })],
    ['Node is another', (was) => ({ ...was, node: 'v24.0.0' })],
  ])('gives way to the sources where %s', (_, manifest) => {
    expect(said(changed(other, manifest), FIXTURES)).toEqual(source(...FIXTURES))
  })

  it('gives way to the sources where its chunks are gone', () => {
    expect(
      said(
        changed((chunks) => rmSync(chunks, { recursive: true })),
        FIXTURES,
      ),
    ).toEqual(source(...FIXTURES))
  })

  it('does without what V8 compiled where that is torn or gone', () => {
    const torn = changed((chunks) => {
      for (const [i, code] of globSync(join(chunks, '*.code')).entries())
        if (i % 2 === 0) rmSync(code)
        else writeFileSync(code, readFileSync(code).subarray(0, 100))
    })
    expect(said(torn, FIXTURES)).toEqual(source(...FIXTURES))
  })

  it('knows every source that it was made of', () => {
    const paths = readManifest(folder).sources.map(([path]) => path)
    expect(paths).toEqual(
      expect.arrayContaining([
        'apps/cli/src/ahead/start.ts',
        'apps/cli/src/commands/parse.ts',
        'libs/codes/src/orca/reads.ts',
        'node_modules/.package-lock.json',
      ]),
    )
    expect(paths.filter((path) => path.startsWith('..'))).toEqual([])
  })

  it('keeps V8’s code of the readers of every fixture', () => {
    const { chunks } = readManifest(folder)
    const kept = globSync(join(folder, chunks, 'reads-*.code')).map((path) => basename(path))
    expect(kept).toEqual(
      expect.arrayContaining(['reads-orca.cjs.code', 'reads-quantum-espresso.cjs.code', 'reads-vasp.cjs.code']),
    )
  })
})
