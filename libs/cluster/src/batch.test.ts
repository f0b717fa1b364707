import { existsSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { BatchId, Resources } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimBatch } from './claim.ts'
import { type LoginNode, loginNode, placeOf } from './in-dash.ts'
import { batchScript } from './job-script.ts'
import { lookArgs, readSights } from './look.ts'
import { directoryOf, placeOfBatch } from './place.ts'
import { readScript } from './read-script.ts'

const scheduler = schedulerFor('slurm', { root: '/unused' })
const id = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
const batch = placeOfBatch(id)
const members = ['1', '2', '3'].map((digit, index) => ({
  ...placeOf(digit),
  batch: { id, kind: 'array' as const, index },
}))
const [one = placeOf('1'), two = placeOf('2')] = members

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
  await node.write('.owner', 'lab 3\n')
  await node.command('sbatch', 'echo "$*" >>"$HOME/asked"; echo 812')
})
afterEach(() => node.remove())

/** As one stream of inputs leaves it. */
async function stage(nonce: string): Promise<void> {
  const staged = `.staging/${batch.token}.${nonce}`
  await node.write(`${staged}/job.sh`, batchScript(`${node.root}/${directoryOf(batch)}`, scheduler, members.length))
  for (const [index, place] of members.entries()) {
    await node.write(`${staged}/members/${directoryOf(place)}/job.sh`, `echo member ${index} >ran\n`)
    await node.write(`${staged}/members/${directoryOf(place)}/.crystalmath/claim.1/batch`, `${batch.token}\n`)
    await node.write(`${staged}/m/.keep`, '')
    await symlink(`../../../${directoryOf(place)}`, `${node.root}/${staged}/m/${index}`)
  }
}
async function claim(nonce: string) {
  const asked = { place: batch, tryNumber: 1, nonce, resources: Resources.parse({}), indexes: [0, 1, 2] }
  const { remote, read } = claimBatch([asked], { root: node.root, owner: 'lab 3', scheduler })
  return read((await node.run(remote.script, remote.args)).stdout).get(batch.token)
}
const look = async () => readSights((await node.run(readScript('look.sh'), lookArgs(node.root, members))).stdout, '', members)

describe('the claim of an array', () => {
  it('brings the inputs of all members, submits once, and each task becomes its member', async () => {
    await stage('n1')
    expect(await claim('n1')).toEqual({ kind: 'submitted', nativeId: '812' })
    expect(await node.read('../asked')).toContain('--array=0-2 --output=m/%a/job.out')
    expect((await look()).get(two.token)).toMatchObject({
      nativeId: '812_1',
      broughtBy: [batch.token],
      claims: [{ tryNumber: 1 }],
    })
    await node.start(`exec sh ${node.root}/${directoryOf(batch)}/job.sh`, { SLURM_ARRAY_TASK_ID: '1' }).over
    expect(await node.read(`${directoryOf(two)}/ran`)).toBe('member 1\n')
    expect(existsSync(`${node.root}/${directoryOf(one)}/ran`)).toBe(false)
  })

  it('brings them to folders that are there already, too, and leaves what lies in those', async () => {
    await node.write(`${directoryOf(one)}/.crystalmath/cancel`, '')
    await node.write(`${directoryOf(one)}/job.sh`, 'of an earlier try\n')
    await stage('n1')
    await claim('n1')
    expect(await node.read(`${directoryOf(one)}/job.sh`)).toBe('echo member 0 >ran\n')
    expect((await look()).get(one.token)).toMatchObject({ cancelFile: true, broughtBy: [batch.token] })
  })

  it('tells nobody but whoever made it that his members were submitted', async () => {
    await stage('n1')
    await claim('n1')
    await stage('n2')
    expect(await claim('n2')).toMatchObject({ kind: 'unknown' })
    expect((await node.read('../asked')).trim().split('\n')).toHaveLength(1)
  })

  it('tells everybody that it was refused', async () => {
    await node.command('sbatch', 'echo "sbatch: error: Batch job submission failed: Invalid job array specification" >&2; exit 1')
    await stage('n1')
    await claim('n1')
    expect(await claim('n2')).toMatchObject({ kind: 'refused', reason: 'INVALID' })
  })
})
