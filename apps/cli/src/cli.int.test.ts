import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { emptyResult } from '@crystalmath/codes'
import { type JobId, Structure, tokenOf } from '@crystalmath/contract'
import { saveOutputs, saveResult, tell } from '@crystalmath/store'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, SILICON, startPlatform } from '../../../services/gateway/src/testing/platform.ts'

const BIN = resolve(import.meta.dirname, '../bin/crystalmath')
const CIF = `data_si
_cell_length_a 5.431
_cell_length_b 5.431
_cell_length_c 5.431
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'F d -3 m'
loop_
_space_group_symop_operation_xyz
'x, y, z'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Si1 Si 0 0 0
Si2 Si 0.25 0.25 0.25
`

let platform: Platform
let folder: string
beforeAll(async () => {
  platform = await startPlatform()
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-cli-'))
})
afterAll(async () => {
  await platform.close()
  await rm(folder, { recursive: true })
})

type Run = { readonly status: number | null; readonly out: string; readonly err: string }

/** Runs the command as Mike would, with a home of the test's own. */
function crystalmath(
  words: readonly string[],
  { token = 'mike' as keyof Platform['tokens'] | null, stdin = '', env = {} } = {},
): Promise<Run> & { readonly out: () => string } {
  const child = spawn(BIN, words, {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CRYSTALMATH_PROJECT: 'oxides',
      ...(token === null ? {} : { CRYSTALMATH_URL: platform.url, CRYSTALMATH_TOKEN: platform.tokens[token] }),
      ...env,
    },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  child.stdin.end(stdin)
  const done = new Promise<Run>((finish) => child.once('close', (status) => finish({ status, out, err })))
  return Object.assign(done, { out: () => out })
}

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const submitOne = async (body: object = SCRIPT): Promise<string> => {
  const { out } = await crystalmath(['submit', '-', '--json'], { stdin: JSON.stringify(body) })
  return (JSON.parse(out) as { jobs: { id: string }[] }).jobs[0]?.id ?? ''
}

describe('crystalmath', () => {
  it('submits a structure with flags, and lists the job', async () => {
    const path = await file('si.cif', CIF)
    const words = [
      'submit',
      path,
      '--code',
      'quantum-espresso',
      '--cluster',
      'alps',
      '--calculation',
      'scf',
      '--set',
      'system.ecutwfc=30',
      '--ranks',
      '4',
      '--walltime',
      '30m',
      '--label',
      'series=cli',
    ]
    const { status, out, err } = await crystalmath(words)
    expect({ status, err: err.replace(/warning:.*\n/g, '') }).toEqual({ status: 0, err: '' })
    const [, id = ''] = /^([0-9a-f-]{36}) {2}si\n$/.exec(out) ?? []
    const list = await crystalmath(['jobs', '--label', 'series=cli'])
    expect(list.out).toMatch(/^ID +NAME +CODE/)
    expect(list.out).toMatch(new RegExp(`${id} +si +quantum-espresso +alps +accepted +1`))
    const json = await crystalmath(['jobs', '--label', 'series=cli', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({
      id,
      parameters: { calculation: 'scf', system: { ecutwfc: 30 } },
      resources: { ranks: 4, walltimeSeconds: 1_800 },
    })
  })

  it('refuses bad rows with status 5, each in a line, and submits nothing', async () => {
    const path = await file(
      'bad.json',
      JSON.stringify([
        { ...SCRIPT, name: 'never' },
        { ...SCRIPT, cluster: 'alp' },
      ]),
    )
    const { status, out, err } = await crystalmath(['submit', path])
    expect({ status, out, err }).toEqual({
      status: 5,
      out: '',
      err: 'error: The request is not valid: 1 of 2 rows are wrong; nothing was created\n  row 1, cluster = alp: there is no cluster "alp"; did you mean alps? one of: alps, unseen\n',
    })
    expect((await crystalmath(['jobs', '--name', 'never'])).err).toBe('no jobs\n')
  })

  it('only checks in a dry run', async () => {
    const { status, err } = await crystalmath(['submit', '-', '--dry-run'], { stdin: JSON.stringify([SILICON, SILICON]) })
    expect(status).toBe(0)
    expect(err).toMatch(/2 jobs are good; nothing was submitted/)
  })

  it.each([
    [['jobs', '--status', 'runing'], 2, /--status <status\.\.\.>' argument 'runing' is invalid.*running/s],
    [['jobs', '--limit', '0'], 2, /must be a whole number from 1/],
    [['jbos'], 2, /unknown command 'jbos'\n\(Did you mean jobs\?\)/],
    [['job', 'nope'], 4, /there is no job "nope"/],
    [['submit', '/nowhere/x.json'], 2, /\/nowhere\/x.json: there is no such file/],
    [['user', 'list'], 4, /administrators only/],
    [['submit', '-', '--walltime', '90'], 2, /a time with units: 90m, 2h/],
    [['up', '--replicas', 'pasrer=2'], 2, /pasrer=2: expected SERVICE=N/],
  ])('%j ends with status %i and one clear line', async (words, status, message) => {
    const run = await crystalmath(words)
    expect({ status: run.status, err: run.err }).toEqual({ status, err: expect.stringMatching(message) })
    expect(run.err).not.toMatch(/\n\s+at /)
  })

  it('says so where nobody answers, with status 3', async () => {
    const { status, err } = await crystalmath(['jobs', '--url', 'http://127.0.0.1:9', '--token', 'x'], { token: null })
    expect({ status, err }).toEqual({
      status: 3,
      err: expect.stringMatching(/^error: no answer from http:\/\/127.0.0.1:9: .*"crystalmath up"/),
    })
  })

  it('knows no platform before login, and signs in with a token from its input', async () => {
    expect(await crystalmath(['jobs'], { token: null })).toMatchObject({
      status: 2,
      err: expect.stringMatching(/no platform is known/),
    })
    const bad = await crystalmath(['login', '--url', platform.url], { token: null, stdin: 'nope\n' })
    expect({ status: bad.status, err: bad.err }).toEqual({ status: 4, err: expect.stringMatching(/unknown, expired or revoked/) })
    const good = await crystalmath(['login', '--url', platform.url], { token: null, stdin: `${platform.tokens.mike}\n` })
    expect(good).toMatchObject({ status: 0, out: expect.stringMatching(/signed in at .* as mike/) })
    const stored = join(folder, '.config', 'crystalmath', 'login.json')
    expect((await stat(stored)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(stored, 'utf8'))).toMatchObject({ project: 'oxides' })
    expect((await crystalmath(['user', 'me'], { token: null })).out).toMatch(/"id": "mike"/)
    await rm(stored)
  })

  it('shows one job, why its state is believed, and what happened to it', async () => {
    const id = await submitOne()
    expect((await crystalmath(['job', id])).out).toMatch(/status +accepted, attempt 1/)
    expect((await crystalmath(['job', id, '--why'])).out).toMatch(
      /^nothing of it has been sent to alps\n\nBecause:\n {2}user, .* by the platform's clock:\n {2}posted by mike\n\nWhat would change that:\n {2}- the submitter takes it/,
    )
    expect((await crystalmath(['job', id, '--events'])).out).toMatch(/JobPosted +posted by mike/)
    expect((await crystalmath(['explain', id])).out).toMatch(
      /^Attempt 1, made by submitted: as posted\n {2}has no proved end\n\nNow: accepted/,
    )
  })

  it('holds, releases, cancels and retries', async () => {
    const id = await submitOne(SILICON)
    expect((await crystalmath(['hold', id, '--reason', 'wrong cell'])).out).toBe(`${id}  held, accepted\n`)
    expect((await crystalmath(['jobs', '--held'])).out).toMatch(/held: wrong cell/)
    expect((await crystalmath(['release', id])).out).toBe(`${id}  released, accepted\n`)
    expect((await crystalmath(['cancel', id])).out).toBe(`${id}  cancelled\n`)
    expect((await crystalmath(['retry', id, '--set', 'electrons.mixing_beta=0.2'])).out).toBe(`${id}  attempt 2, accepted\n`)
    expect((await crystalmath(['job', id])).out).toMatch(/retried by mike +electrons.mixing_beta: null -> 0.2/)
  })

  it('acts on the others where one is refused, and tells by its status', async () => {
    const id = await submitOne()
    const { status, out, err } = await crystalmath(['cancel', 'nope', id])
    expect({ status, out }).toEqual({ status: 4, out: `${id}  cancelled\n` })
    expect(err).toMatch(/^nope: error: Not found/)
  })

  it('lists and gets kept files', async () => {
    const id = await submitOne()
    const job = await platform.store.db.collection('jobs').findOne({ _id: id as never })
    await saveOutputs(platform.store, tokenOf(job?._id as never, 1), [
      { path: 'script.out', content: Buffer.from([104, 105, 0, 255, 10]) },
    ])
    expect((await crystalmath(['files', id])).out).toMatch(/script.out +5 B +kept/)
    const target = join(folder, 'out.bin')
    expect((await crystalmath(['files', id, 'script.out', '-o', target])).status).toBe(0)
    expect([...(await readFile(target))]).toEqual([104, 105, 0, 255, 10])
    expect((await crystalmath(['result', id])).status).toBe(4)
  })

  it('shows a result for people, its geometry as a file, and fails if it is not one to build on', async () => {
    const id = await submitOne(SILICON)
    const structure = Structure.parse(SILICON.structure)
    const result = {
      ...emptyResult('quantum-espresso'),
      termination: 'normal',
      energyEv: -215.1234567891,
      energyKind: 'free',
      electronicConverged: true,
      bandGapEv: 0.61,
      bandGapDirect: false,
      structure,
      formula: 'Si2',
      atomCount: 2,
    } as const
    await saveResult(platform.store, id as JobId, 1, { ...result, scfStepCounts: [9] })
    const good = await crystalmath(['result', id])
    expect({ status: good.status, out: good.out }).toEqual({
      status: 0,
      out: expect.stringMatching(/energy +-215.12345679 eV \(free\)\n(.*\n)*gap +0.6100 eV \(indirect\)/),
    })
    const poscar = await crystalmath(['result', id, '--structure', 'poscar'])
    expect(poscar.out).toMatch(/^.*\n.*\n +0.0+ +2.71550*/)
    const diagnoses = [
      {
        kind: 'ELECTRONIC_NOT_CONVERGED',
        message: 'not converged after 100 iterations',
        evidence: { file: 'pw.out', line: 812, text: 'convergence NOT achieved' },
      },
    ]
    await saveResult(platform.store, id as JobId, 1, {
      ...result,
      energyEv: null,
      electronicConverged: false,
      scfStepCounts: [100],
      diagnoses,
    })
    const bad = await crystalmath(['result', id])
    expect({ status: bad.status, out: bad.out }).toEqual({
      status: 1,
      out: expect.stringMatching(
        /ELECTRONIC_NOT_CONVERGED: not converged after 100 iterations\n {4}pw.out:812: convergence NOT achieved/,
      ),
    })
    expect((await crystalmath(['result', id, '--attempt', '7'])).status).toBe(4)
  })

  it('follows jobs to their ends, and fails if one is not completed', async () => {
    const id = await submitOne()
    const watching = crystalmath(['watch', id])
    await waitUntil(() => watching.out().includes('accepted'), { timeoutMs: 20_000, onTimeout: 'the watch began not' })
    await tell(platform.store, id as never, { type: 'RequestCancel', at: new Date().toISOString(), by: 'olga' })
    const { status, out } = await watching
    expect(status).toBe(1)
    expect(out).toMatch(/hello {2}accepted\n.*hello {2}cancelled {2}cancelled by olga before it was submitted\n$/)
  })

  it('registers clusters, and tells what a check found', async () => {
    const path = await file(
      'new.json',
      JSON.stringify({ name: 'new', scheduler: 'slurm', ssh: { host: 'h', user: 'u', key: 'k' }, root: '/scratch', codes: {} }),
    )
    expect((await crystalmath(['cluster', 'add', path])).status).toBe(4)
    const { status, out } = await crystalmath(['cluster', 'add', path, '--port', '2222', '--offline'], { token: 'admin' })
    expect({ status, out }).toEqual({ status: 0, out: 'new: slurm on u@h:2222, below /scratch\n' })
    expect((await crystalmath(['cluster', 'list'])).out).toMatch(/new +slurm +u@h:2222/)
    expect((await crystalmath(['cluster', 'check', 'new'])).status).toBe(3)
    expect((await crystalmath(['cluster', 'remove', 'new'], { token: 'admin' })).status).toBe(0)
  })

  it('makes users, projects and tokens', async () => {
    const made = await crystalmath(['user', 'create', 'nina', '--name', 'Nina'], { token: 'admin' })
    const token = /^cmt_\S+$/m.exec(made.out)?.[0] ?? ''
    const env = { CRYSTALMATH_URL: platform.url, CRYSTALMATH_TOKEN: token }
    expect((await crystalmath(['project', 'create', 'borides'], { token: null, env })).out).toBe('project borides\n')
    expect((await crystalmath(['project', 'add-member', 'borides', 'mike', 'boss'], { token: null, env })).status).toBe(2)
    expect((await crystalmath(['project', 'add-member', 'borides', 'mike'], { token: null, env })).out).toBe(
      'mike is member of borides\n',
    )
    expect((await crystalmath(['project', 'list'])).out).toMatch(/borides +borides +nina \(owner\), mike \(member\)/)
    const list = await crystalmath(['token', 'list', '--json'], { token: null, env })
    const { id } = JSON.parse(list.out) as { id: string }
    expect((await crystalmath(['token', 'revoke', id], { token: null, env })).status).toBe(0)
    expect((await crystalmath(['token', 'list'], { token: null, env })).status).toBe(4)
  })
})
