import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { CampaignView } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, startPlatform } from '../../../services/gateway/src/testing/platform.ts'

const BIN = resolve(import.meta.dirname, '../bin/crystalmath')
const ORCA_OUTPUT = resolve(import.meta.dirname, '../../../libs/codes/src/orca/read/__fixtures__/opt.out')
const TEMPLATE = { cluster: 'alps', code: 'script', parameters: { script: 'cat structure.extxyz' } }
const XYZ = '"H 0 0 0\nH 0 0 0.74"'

let platform: Platform
let folder: string
beforeAll(async () => {
  platform = await startPlatform()
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-campaign-'))
  await writeFile(join(folder, 'template.json'), JSON.stringify(TEMPLATE))
})
afterAll(async () => {
  await platform.close()
  await rm(folder, { recursive: true })
})

/** `crystalmath campaign …` as Mike would. */
function campaign(...words: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(BIN, ['campaign', ...words], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CRYSTALMATH_PROJECT: 'oxides',
      CRYSTALMATH_URL: platform.url,
      CRYSTALMATH_TOKEN: platform.tokens.mike,
    },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((done) => child.once('close', (status) => done({ status, out, err })))
}

const table = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}
const create = (file: string, ...flags: readonly string[]) =>
  campaign(
    'create',
    file,
    '--template',
    join(folder, 'template.json'),
    '--charge-column',
    'none',
    '--spin-column',
    'none',
    ...flags,
  )
const directory = async (path: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> => {
  await mkdir(join(folder, path), { recursive: true })
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, path, name), content)
}
const idOf = (out: string): string => /^[0-9a-f-]{36}/.exec(out)?.[0] ?? ''

describe('crystalmath campaign', () => {
  it('takes what every row asks for from flags, and says a mistake of all rows once', async () => {
    const frames = ['H 0 0 0\nH 0 0 0.74', 'H 0 0 0\nH 0 0 0.8'].map((atoms) => `2\n\n${atoms}\n`).join('')
    const file = await table('two.xyz', frames)
    const flags = ['--code', 'script', '--cluster', 'alps', '--dry-run']
    const good = await campaign('create', file, ...flags, '--set', 'script=cat structure.extxyz', '--walltime', '10m')
    expect(good).toMatchObject({ status: 0, err: '2 rows are good; nothing was created\n' })
    const bad = await campaign('create', file, ...flags, '--set', 'scrip=date', '--skip-bad')
    expect(bad.err).toMatch(/^left out: rows 0 to 1, parameters/m)
    const nothing = await campaign('create', file)
    expect(nothing).toMatchObject({ status: 2, err: expect.stringMatching(/^error: what is to be computed\? --code/) })
  })

  it('makes a campaign of a gzipped table, shows it, and exports all its columns', async () => {
    const file = await table('t.csv.gz', gzipSync(`orig_index,aligned_csd_core,metal\n7,${XYZ},Ni\n8,${XYZ},Cu\n`))
    const made = await create(file, '--name', 'two', '--max-in-flight', '5')
    expect({ status: made.status, out: made.out }).toEqual({
      status: 0,
      out: expect.stringMatching(/^[0-9a-f-]{36} {2}two: 2 jobs\n$/),
    })
    expect(made.err).toContain('row 1: computes the same as job')
    const id = idOf(made.out)
    const status = await campaign('status', id)
    expect(status.out).toMatch(/\[\.{40}\] 0\.00 % completed, 0 of 2 over/)
    expect(status.out).toMatch(/to_run +2 +100\.00/)
    const { out } = await campaign('status', id, '--json', '--failures')
    expect(CampaignView.parse(JSON.parse(out))).toMatchObject({ maxInFlight: 5, total: 2 })
    expect((await campaign('list')).out).toMatch(/two +oxides +script +open +2/)
    const exported = await campaign('export', id)
    expect(exported.out).toMatch(/^row,job_id,name,status,orig_index,metal,energy_ev,/)
    expect(exported.out).toMatch(/\r\n1,[0-9a-f-]+,H2,to_run,8,Cu,,/)
    const to = join(folder, 'rows.jsonl')
    expect((await campaign('export', id, '--format', 'jsonl', '--output', to)).status).toBe(0)
    expect((await readFile(to, 'utf8')).trim().split('\n')).toHaveLength(2)
  })

  it('names bad rows, and leaves them out when told to', async () => {
    const file = await table('bad.csv', `aligned_csd_core,n\n${XYZ},1\n"Xx 0 0 0",2\n`)
    const refused = await create(file)
    expect(refused.status).toBe(5)
    expect(refused.err).toContain('1 of 2 rows are wrong; nothing was created')
    expect(refused.err).toMatch(/row 1, structure.species\[0\] = Xx: "Xx" is no element/)
    const checked = await create(file, '--dry-run', '--skip-bad')
    expect({ status: checked.status, out: checked.out }).toEqual({ status: 1, out: '' })
    const made = await create(file, '--skip-bad')
    expect({ status: made.status, out: made.out }).toEqual({ status: 1, out: expect.stringContaining('bad.csv: 1 jobs') })
    expect((await create(join(folder, 'template.json'))).status).toBe(2)
  })

  it('holds, releases, changes, cancels and resets', async () => {
    const id = idOf((await create(await table('some.csv', `aligned_csd_core\n${XYZ}\n`))).out)
    expect((await campaign('hold', id, '--reason', 'later')).out).toContain('held')
    expect((await campaign('status', id)).out).toMatch(/held +later \(by mike/)
    expect((await campaign('release', id)).out).toContain('released')
    expect((await campaign('set', id, '--priority', '9', '--max-in-flight', 'none')).status).toBe(0)
    expect((await campaign('set', id)).status).toBe(2)
    expect((await campaign('cancel', id)).out).toContain('1 cancelled')
    expect((await campaign('reset', id)).out).toContain('0 jobs have a next attempt')
    expect((await campaign('reset', id, '--filter', 'cancelled')).out).toContain('1 jobs have a next attempt')
    expect((await campaign('status', '00000000-0000-4000-8000-000000000000')).status).toBe(4)
  })

  it('adopts calculations that were run before, gzipped ones too, and runs nothing', async () => {
    const output = await readFile(ORCA_OUTPUT)
    await directory('runs/one', { 'job.out': output })
    await directory('runs/deep/two', { 'job.out.gz': gzipSync(output), 'notes.txt': 'x' })
    await directory('runs/torn', { 'job.out': output.subarray(0, Math.floor(output.length / 2)) })
    await directory('runs/empty', {})
    const { out, status } = await campaign('adopt', join(folder, 'runs'), '--cluster', 'alps')
    expect({ status, out }).toEqual({
      status: 0,
      out: expect.stringMatching(/runs: 3 calculations\n\[#{26}x{13}\.\] 66\.67 % completed, 3 of 3 over/),
    })
    const { out: csv } = await campaign('export', idOf(out))
    expect(csv.split('\r\n').map((line) => line.split(',').slice(2, 4).join(' '))).toEqual([
      'name status',
      'deep/two completed',
      'one completed',
      'torn failed',
      '',
    ])
    expect(csv).toContain('-2698.284243884361,total')
    expect((await campaign('adopt', join(folder, 'runs/empty'), '--cluster', 'alps')).status).toBe(2)
  })

  it('takes over a workflow database: adopts what ran, holds what did not', async () => {
    await directory('jobs/1', { 'orca.out': await readFile(ORCA_OUTPUT) })
    const path = join(folder, 'workflow.db')
    const database = new DatabaseSync(path)
    database.exec(
      'CREATE TABLE structures (id INTEGER PRIMARY KEY, orig_index INTEGER, elements TEXT, natoms INTEGER, status TEXT, charge INTEGER, spin INTEGER, geometry TEXT, job_dir TEXT, fail_count INTEGER)',
    )
    const insert = database.prepare('INSERT INTO structures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    const water = 'O 0 0 0\nH 0 0.76 0.59\nH 0 -0.76 0.59'
    insert.run(1, 11, 'O;H;H', 3, 'completed', 0, 1, water, 'jobs/1', 0)
    insert.run(2, 12, 'O;H;H', 3, 'completed', 0, 1, water, 'jobs/gone', 0)
    insert.run(3, 13, 'O;H;H', 3, 'to_run', 0, 1, water, null, 2)
    database.close()
    const template = await table(
      'plain.json',
      JSON.stringify({ cluster: 'alps', code: 'script', parameters: { script: 'cat structure.extxyz' } }),
    )
    const none = ['--charge-column', 'none', '--spin-column', 'none', '--multiplicity-column', 'none']
    const made = await campaign('create', path, '--template', template, ...none)
    expect(made.err).toContain('1 adopted, 1 to run, 1 left out')
    const { out } = await campaign('status', idOf(made.out), '--json')
    const view = CampaignView.parse(JSON.parse(out))
    expect(view).toMatchObject({ held: { by: 'mike' }, total: 2, words: { completed: { count: 1 }, to_run: { count: 1 } } })
    expect(view.columns).toEqual(expect.arrayContaining(['orig_index', 'workflow_status', 'fail_count', 'multiplicity']))
    expect((await campaign('create', template, '--template', template)).status).toBe(2)
  })
})
