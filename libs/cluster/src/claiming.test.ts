import { randomUUID } from 'node:crypto'
import { ClusterSpec, JobId, Resources, tokenOf } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import type { RemoteScript } from '@crystalmath/ssh'
import { expect, it } from 'vitest'
import { claimAll } from './claiming.ts'
import type { Ground } from './ground.ts'
import type { Owner } from './root.ts'
import type { Claim } from './site.ts'
import { ampleSiteLoad } from './site-load.ts'

const claims = Array.from({ length: 7 }, (): Claim => {
  const jobId = JobId.parse(randomUUID())
  const place = { project: 'p' as never, jobId, attempt: 1, token: tokenOf(jobId, 1) }
  return { place, tryNumber: 1, nonce: 'n', resources: Resources.parse({}) }
})
const spec = ClusterSpec.parse({
  name: 'alps',
  scheduler: 'slurm',
  ssh: { host: 'h', user: 'u', key: 'k' },
  root: '/r',
  codes: {},
})

/** A cluster that answers each claim with the same words, three claims a command. */
async function claimed(words: string) {
  const heard: string[] = []
  const sent: number[] = []
  const link = {
    run: async ({ args }: RemoteScript) => {
      const tokens = claims.map(({ place }) => place.token).filter((token) => args.includes(token))
      sent.push(tokens.length)
      return { stdout: tokens.map((token) => `claim ${token} ${words}\n`).join(''), stderr: '', complete: true, lost: null }
    },
  }
  const load = { ...ampleSiteLoad(), submissions: () => 3, heard: (what: string, how: string) => heard.push(`${what} ${how}`) }
  const ground = { link, load, spec, root: '/r', scheduler: schedulerFor('slurm', { root: '/r' }), spent: () => undefined }
  await claimAll(ground as unknown as Ground, { installation: 'i', epoch: 1 } as Owner, claims)
  return { sent, heard: [...new Set(heard)] }
}

it.each([
  ['submitted 7', 'fine'],
  ['refused sbatch: error: AssocMaxSubmitJobLimit', 'fine'],
  ['unknown superseded by claim.2', 'fine'],
  ['unknown ', 'late'],
  ['refused crystalmath: SCHEDULER_DOWN not tried, for the scheduler did not answer', 'late'],
])('claims go out as many at once as the account bears, and "%s" tells that it bore them: %s', async (words, how) => {
  expect(await claimed(words)).toEqual({ sent: [3, 3, 1], heard: [`submissions ${how}`] })
})
