import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemCauseIn } from '../reading/system-causes.ts'
import { writesOf } from '../writes.ts'
import { runPreparation } from './run-preparation.ts'
import { sampleTask } from './sample-task.ts'

const here = mkdtempSync(join(tmpdir(), 'crystalmath-set-up-'))
afterAll(() => rmSync(here, { recursive: true }))

const prepare = (setUp: string, extraFiles: { path: string; text: string }[] = []) =>
  writesOf('script')?.prepare(
    sampleTask({ code: 'script', structure: null, parameters: { script: 'cat made' }, request: { setUp, extraFiles } }),
  )
const run = (setUp: string) => {
  const prepared = prepare(setUp)
  if (prepared?.ok !== true) throw new Error(JSON.stringify(prepared))
  const folder = mkdtempSync(join(here, 'run-'))
  return {
    ...runPreparation(folder, prepared.preparation),
    said: () => readFileSync(join(folder, 'own-set-up.out'), 'utf8'),
    keep: prepared.preparation.keep,
  }
}

describe('a set-up script', () => {
  it('is run in the job’s folder before the code, and its output is kept', () => {
    const { exitCode, output, keep, said } = run('echo "from set-up" >made\necho done # not /a/path\n')
    expect([exitCode, output, said()]).toEqual([0, 'from set-up\n', 'done\n'])
    expect(keep).toContain('own-set-up.out')
  })

  it('sees a clean environment', () =>
    expect(run('env | sort >made').output).toMatch(/^HOME=[^\n]*\nLC_ALL=C\nPATH=\/usr\/bin:\/bin\nPWD=[^\n]*\n/))

  it('ends the run where it fails, and says so where causes are looked for', () => {
    const { exitCode, output } = run('false\necho never >made')
    expect(exitCode).toBe(1)
    expect(systemCauseIn(output)).toMatchObject({ kind: 'INPUT_ERROR', message: expect.stringContaining('set-up script') })
    expect(run('echo $UNKNOWN >made').exitCode).toBe(1)
  })

  it.each([
    ['sbatch other.sh', 'calls the batch system'],
    ['curl http://example.org', 'reaches other machines'],
    ['scp a b:c', 'reaches other machines'],
    ['sudo rm x', 'outlives the job'],
    ['sleep 1000 &', 'outlives the job'],
    ['cp ../other/POTCAR .', 'leaves the folder'],
    ['cat ~/.ssh/id_rsa', 'leaves the folder'],
    ['cat /etc/passwd', 'names a path outside'],
    ['echo x >/tmp/y', 'names a path outside'],
  ])('is refused: %s', (line, message) =>
    expect(prepare(`set -e\n${line}`)).toMatchObject({
      ok: false,
      problems: [{ path: 'setUp', message: expect.stringContaining(`line 2 of the set-up script ${message}`) }],
    }),
  )

  it.each([
    'mkdir -p data && mv a.dat data/',
    'sed -i "s/a/b/" win',
    'test -s x || exit 3; a=1',
    '/usr/bin/awk "{print}" x >y 2>/dev/null',
  ])('may be: %s', (line) => expect(prepare(line)).toMatchObject({ ok: true }))

  it('leaves its names to the platform', () =>
    expect(prepare('true', [{ path: 'own-set-up.sh', text: 'x' }])).toMatchObject({ ok: false }))
})
