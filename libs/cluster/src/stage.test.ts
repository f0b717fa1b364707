import { ClusterSpec, PermanentError, Resources } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { describe, expect, it } from 'vitest'
import { placeOf } from './in-dash.ts'
import type { StagedAttempt } from './site.ts'
import { stagedFiles } from './stage.ts'

const spec = ClusterSpec.parse({
  name: 'alps',
  scheduler: 'slurm',
  ssh: { host: 'alps', user: 'alice', key: 'k' },
  root: '/scratch/cm',
  codes: { 'quantum-espresso': { setUp: 'module load qe', launcher: 'srun -n {ranks}' } },
})
const scheduler = schedulerFor('slurm', { root: spec.root })
const attempt: StagedAttempt = {
  place: placeOf('1'),
  nonce: 'n1',
  code: 'quantum-espresso',
  preparation: {
    files: [{ path: 'pw.in', text: '&control /\n' }],
    clusterFiles: [
      { from: '/lib/A.UPF', to: 'pseudo/A.UPF', md5: 'AB'.repeat(16) },
      { from: '/lib/B.UPF', to: 'pseudo/B.UPF', md5: null },
    ],
    steps: [{ program: 'pw.x', args: ['-in', 'pw.in'], stdin: null, stdout: 'pw.out', parallel: true }],
    stopFile: null,
    keep: ['pw.out'],
    parse: '.',
    warnings: [],
  },
  resources: Resources.parse({ ranks: 4 }),
  jobName: 'silicon\n#SBATCH --uid=0',
  copies: [],
}
const files = (more: Partial<StagedAttempt['preparation']> = {}) =>
  new Map(
    stagedFiles({ ...attempt, preparation: { ...attempt.preparation, ...more } }, spec, scheduler).map((file) => [
      file.path.split('/').slice(1).join('/'),
      'content' in file ? String(file.content) : file.link,
    ]),
  )

describe('what an attempt sends', () => {
  it('lies in a folder of its token and nonce', () => {
    for (const { path } of stagedFiles(attempt, spec, scheduler)) expect(path.startsWith(`${attempt.place.token}.n1/`)).toBe(true)
  })

  it('has a manifest of all that it sends, and lists what lies on the cluster', () => {
    const sent = files()
    expect([...sent.keys()].sort()).toEqual([
      'cluster-files',
      'cluster-files.md5',
      'job.sh',
      'manifest.sha256',
      'pw.in',
      'set-up.sh',
    ])
    expect(
      sent
        .get('manifest.sha256')
        ?.match(/ {2}(\S+)$/gm)
        ?.map((name) => name.trim())
        .sort(),
    ).toEqual(['job.sh', 'pw.in', 'set-up.sh'])
    expect(sent.get('cluster-files')).toBe('/lib/A.UPF pseudo/A.UPF\n/lib/B.UPF pseudo/B.UPF\n')
    expect(sent.get('cluster-files.md5')).toBe(`${'ab'.repeat(16)}  /lib/A.UPF\n`)
  })

  it('lets no job`s name become a line of the script', () => {
    expect(files().get('job.sh')).not.toMatch(/^#SBATCH/m)
    expect(files().get('job.sh')).toContain('srun -n 4 pw.x -in pw.in </dev/null >pw.out || return')
  })

  it('looks for `module` only where the set-up needs it', () => {
    expect(files().get('set-up.sh')).toContain('command -v module')
  })

  it.each([
    [{ files: [{ path: '../x', text: '' }] }, '"../x" is no path'],
    [{ files: [{ path: '/etc/x', text: '' }] }, 'is no path'],
    [{ files: [{ path: 'job.sh', text: '' }] }, 'may not be called "job.sh"'],
    [{ keep: ['$(id)'] }, 'is no pattern'],
    [{ keep: ['../*'] }, 'is no pattern'],
    [{ clusterFiles: [{ from: '/lib/a b', to: 'x', md5: null }] }, 'is no absolute path'],
    [{ steps: [{ program: 'a;b', args: [], stdin: null, stdout: 'o', parallel: false }] }, 'is no name of a program'],
    [{ stopFile: { path: 'a b', text: '' } }, 'is no path'],
  ] as const)('refuses %j', (more, message) => {
    expect(() => files(more)).toThrow(PermanentError)
    expect(() => files(more)).toThrow(message)
  })
})
