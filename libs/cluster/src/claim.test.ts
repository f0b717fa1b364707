import { readdir } from 'node:fs/promises'
import { Resources } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClaimAnswer, claimBatch } from './claim.ts'
import { type LoginNode, loginNode, placeOf } from './in-dash.ts'
import { lookArgs, readSights } from './look.ts'
import { directoryOf } from './place.ts'
import { readScript } from './read-script.ts'
import type { Claim } from './site.ts'

const scheduler = schedulerFor('slurm', { root: '/unused' })
const resources = Resources.parse({})
const place = placeOf('1')
const directory = directoryOf(place)

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
  await node.write('.owner', 'lab 3\n')
  await node.command('sbatch', `echo "$*" >>"$HOME/asked"; echo 812`)
})
afterEach(() => node.remove())

const claimOf = (digit: string, tryNumber = 1, nonce = 'n1'): Claim => ({ place: placeOf(digit), tryNumber, nonce, resources })
const stage = (digit: string, nonce = 'n1') => node.write(`.staging/${placeOf(digit).token}.${nonce}/job.sh`, '#!/bin/sh\n')

async function claim(claims: readonly Claim[], owner = 'lab 3'): Promise<readonly (ClaimAnswer | undefined)[]> {
  const { remote, read } = claimBatch(claims, { root: node.root, owner, scheduler })
  const { stdout } = await node.run(remote.script, remote.args)
  const answers = read(stdout)
  return claims.map((one) => answers.get(one.place.token))
}
const asked = async () => (node.has('../asked') ? (await node.read('../asked')).trim().split('\n').length : 0)

describe('a claim', () => {
  it('moves the inputs, submits under the token and remembers the id', async () => {
    await stage('1')
    expect(await claim([claimOf('1')])).toEqual([{ kind: 'submitted', nativeId: '812' }])
    expect(await node.read(`${directory}/.crystalmath/job.id`)).toBe('812\n')
    expect(node.has(`${directory}/job.sh`)).toBe(true)
    expect(await node.read('../asked')).toContain(`--no-requeue --job-name=${place.token} --comment=${place.token}`)
  })

  it('is not made several, nor one that waits, nor one elsewhere, by settings of the account', async () => {
    await stage('1')
    await node.command('sbatch', 'env | grep -E "^(SBATCH|SLURM)_" >"$HOME/own"; echo 812')
    const { remote } = claimBatch([claimOf('1')], { root: node.root, owner: 'lab 3', scheduler })
    const own = 'export SBATCH_ARRAY_INX=0-9 SBATCH_WAIT=1 SBATCH_CLUSTERS=far SLURM_CLUSTERS=far SBATCH_ACCOUNT=proj'
    await node.run(`${own}\n${remote.script}`, remote.args)
    expect((await node.read('../own')).trim().split('\n')).toEqual(['SBATCH_ACCOUNT=proj'])
  })

  it('replaces nothing under a run that began by a try that was taken for lost', async () => {
    await node.write(`${directory}/WAVECAR`, 'being written')
    await node.write(`${directory}/.crystalmath/lock`, '811.0\n')
    await node.write(`.staging/${place.token}.n2/WAVECAR`, 'as staged')
    expect(await claim([claimOf('1', 2, 'n2')])).toEqual([{ kind: 'submitted', nativeId: '812' }])
    expect(await node.read(`${directory}/WAVECAR`)).toBe('being written')
  })

  it('submits once and answers twice', async () => {
    await stage('1')
    await claim([claimOf('1')])
    await node.command('sbatch', 'echo 999')
    expect(await claim([claimOf('1')])).toEqual([{ kind: 'submitted', nativeId: '812' }])
    expect(await asked()).toBe(1)
  })

  it('submits once where two make it at the same time', async () => {
    await stage('1')
    await node.command('sbatch', `echo x >>"$HOME/asked"; sleep 0.2; echo 812`)
    const answers = (await Promise.all([claim([claimOf('1')]), claim([claimOf('1')])])).flat()
    expect(await asked()).toBe(1)
    expect(answers.filter((answer) => answer?.kind === 'submitted')).toHaveLength(1)
    expect(answers.filter((answer) => answer?.kind === 'unknown')).toHaveLength(1)
  })

  it('tells a refusal with its reason, and the next try submits', async () => {
    await stage('1')
    await node.command(
      'sbatch',
      'echo "sbatch: error: AssocMaxSubmitJobLimit" >&2; echo "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy" >&2; exit 1',
    )
    const refused = { kind: 'refused', reason: 'QUOTA' }
    expect(await claim([claimOf('1')])).toMatchObject([refused])
    expect(await claim([claimOf('1')])).toMatchObject([refused])
    await node.command('sbatch', 'echo 813')
    await stage('1', 'n2')
    expect(await claim([claimOf('1', 2, 'n2')])).toEqual([{ kind: 'submitted', nativeId: '813' }])
  })

  it.each([
    ['sbatch: error: Batch job submission failed: Socket timed out on send/recv operation', 1],
    ['sbatch: error: Batch job submission failed: Unable to contact slurm controller (send failure)', 1],
    ['sbatch: error: Batch job submission failed: Unable to contact slurm controller (receive failure)', 1],
    ['something nobody has heard of', 1],
    ['Killed', 137],
  ])('takes "%s" for silence, not for a refusal', async (said, code) => {
    await stage('1')
    await node.command('sbatch', `echo "${said}" >&2; exit ${code}`)
    expect(await claim([claimOf('1')])).toEqual([{ kind: 'unknown', said }])
  })

  const UNREACHED = 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)'
  it('takes it for a refusal where no connection to the scheduler was made, and nothing else was said', async () => {
    await stage('1')
    await node.command('sbatch', `echo "${UNREACHED}" >&2; exit 1`)
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'refused', reason: 'SCHEDULER_DOWN' }])
  })
  it.each([
    ['an earlier try may have reached it', 'echo "sbatch: error: Socket timed out on send/recv operation" >&2'],
    ['an id was printed', 'echo 81'],
    ['a wrapper says who knows what', 'echo "trying the other controller" >&2'],
  ])('takes it for silence where %s', async (_, before) => {
    await stage('1')
    await node.command('sbatch', `${before}; echo "${UNREACHED}" >&2; exit 1`)
    expect((await claim([claimOf('1')]))[0]?.kind).not.toBe('refused')
  })

  it('does not ask a silent scheduler again in the same batch, and proves that it did not', async () => {
    await Promise.all(['1', '2', '3'].map((digit) => stage(digit)))
    await node.command('sbatch', 'echo x >>"$HOME/asked"; echo "sbatch: error: Unable to contact slurm controller" >&2; exit 1')
    const answers = await claim(['1', '2', '3'].map((digit) => claimOf(digit)))
    expect(answers.map((answer) => answer?.kind)).toEqual(['unknown', 'refused', 'refused'])
    expect(answers[1]).toMatchObject({ reason: 'SCHEDULER_DOWN' })
    expect(await asked()).toBe(1)
  })

  it('refuses where the scheduler cannot be run at all', async () => {
    await stage('1')
    await node.command('sbatch', 'exit 127')
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'refused', reason: 'SCHEDULER_DOWN' }])
  })

  it('gives way to a higher try', async () => {
    await stage('1', 'n2')
    await claim([claimOf('1', 2, 'n2')])
    expect(await claim([claimOf('1', 1)])).toEqual([{ kind: 'unknown', said: 'superseded by claim.2' }])
    expect(await asked()).toBe(1)
  })

  it('does nothing in a root of another epoch', async () => {
    await stage('1')
    expect(await claim([claimOf('1')], 'lab 2')).toEqual([
      { kind: 'unknown', said: 'this root is not ours: "lab 3", not "lab 2"' },
    ])
    expect(await asked()).toBe(0)
    expect(node.has(`${directory}/.crystalmath`)).toBe(false)
  })

  it('finds a cancel file that came before it', async () => {
    await stage('1')
    await node.write(`${directory}/.crystalmath/cancel`, '')
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'refused', reason: 'CANCELLED' }])
    expect(await asked()).toBe(0)
  })

  it('is unknown while another one is at work on it', async () => {
    await node.write(`${directory}/.crystalmath/claim.1/err`, '')
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'unknown' }])
    expect(await asked()).toBe(0)
  })

  it('takes no id from what the scheduler has not printed to its end, and shows it to whoever looks once the line is whole', async () => {
    const out = `${directory}/.crystalmath/claim.1/out`
    const saidOf = async () => {
      const { stdout } = await node.run(readScript('look.sh'), lookArgs(node.root, [place]))
      return readSights(stdout, '2026-11-21T10:00:00.000Z').get(place.token)?.claims[0]?.said
    }
    await node.write(out, '81')
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'unknown' }])
    expect(await saidOf()).toBe(null)
    await node.write(out, '812\n') // the script was killed meanwhile, the scheduler was not
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'unknown' }])
    expect(await saidOf()).toBe('812')
  })

  it('makes the other claims of a batch where the folder of one cannot be made', async () => {
    await Promise.all(['1', '2'].map((digit) => stage(digit)))
    await node.write(`${directory.replace(/\/\d+$/, '')}`, 'a file stands where the folder should')
    expect(await claim([claimOf('1'), claimOf('2')])).toEqual([
      { kind: 'unknown', said: `no folder ${directory}` },
      { kind: 'submitted', nativeId: '812' },
    ])
  })

  it('clears the staging folders away', async () => {
    await Promise.all(['1', '2'].map((digit) => stage(digit)))
    await claim([claimOf('1'), claimOf('2')])
    expect(await readdir(`${node.root}/.staging`)).toEqual([])
  })

  it('refuses where its inputs are gone', async () => {
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'refused', said: `the staged inputs ${place.token}.n1 are gone` }])
  })

  it('replaces what an earlier try left half moved', async () => {
    await node.write(`${directory}/old/deep`, 'old')
    await node.write(`.staging/${place.token}.n1/old/deep`, 'new')
    expect(await claim([claimOf('1')])).toMatchObject([{ kind: 'submitted' }])
    expect(await node.read(`${directory}/old/deep`)).toBe('new')
  })
})

describe('an answer', () => {
  it('that is torn within a line says nothing of that line', () => {
    const { read } = claimBatch([claimOf('1'), claimOf('2')], { root: '/r', owner: 'lab 3', scheduler })
    const [one, two] = [placeOf('1').token, placeOf('2').token]
    const answers = read(`claim ${one} submitted 812\nclaim ${two} submitted 81`)
    expect([...answers]).toEqual([[one, { kind: 'submitted', nativeId: '812' }]])
  })
})

describe('files of the cluster', () => {
  const bring = async (list: string, md5: string | null = null) => {
    await stage('1')
    await node.write(`.staging/${place.token}.n1/cluster-files`, list)
    if (md5 !== null) await node.write(`.staging/${place.token}.n1/cluster-files.md5`, md5)
    return (await claim([claimOf('1')]))[0]
  }

  it('are put together in order and stand in the manifest', async () => {
    await node.write('../lib/Si', 'silicon\n')
    await node.write('../lib/C', 'carbon\n')
    const lib = node.root.replace(/root$/, 'lib')
    expect(await bring(`${lib}/Si POTCAR\n${lib}/C POTCAR\n`)).toMatchObject({ kind: 'submitted' })
    expect(await node.read(`${directory}/POTCAR`)).toBe('silicon\ncarbon\n')
    expect(await node.read(`${directory}/manifest.sha256`)).toMatch(/^[0-9a-f]{64} {2}POTCAR\n$/)
  })

  it('must be there', async () => {
    expect(await bring('/nowhere/Si.UPF Si.UPF\n')).toMatchObject({
      kind: 'refused',
      reason: 'INVALID',
      said: expect.stringContaining('/nowhere/Si.UPF'),
    })
    expect(await asked()).toBe(0)
  })

  it('are all named that are not there', async () => {
    expect(await bring('/nowhere/Ga.UPF Ga.UPF\n/nowhere/As.UPF As.UPF\n')).toMatchObject({
      said: expect.stringMatching(/no readable file \/nowhere\/Ga\.UPF on .*; no readable file \/nowhere\/As\.UPF on /),
    })
  })

  it('must be those that were registered', async () => {
    await node.write('../lib/Si', 'changed\n')
    const lib = node.root.replace(/root$/, 'lib')
    const answer = await bring(`${lib}/Si Si.UPF\n`, `00000000000000000000000000000000  ${lib}/Si\n`)
    expect(answer).toMatchObject({ kind: 'refused', reason: 'INVALID', said: expect.stringContaining(`${lib}/Si`) })
    expect(await asked()).toBe(0)
  })
})
