import { evolve } from '@crystalmath/job'
import type { JobsPort } from '@crystalmath/store'
import { expect, it } from 'vitest'
import { posted } from '../../../libs/job/src/samples.ts'
import { batchCause } from './batch-cause.ts'

const job = evolve(null, posted)
const causeOf = (text: string) =>
  batchCause(
    {
      async *readOutputs() {
        yield { path: 'job.err', content: Buffer.from(text) }
      },
      findCluster: async () => ({ spec: { codes: { [job.code]: { pseudopotentialFolder: '/pp' } } }, inventory: null }),
    } as unknown as JobsPort,
    job,
  )

it.each([
  [
    'crystalmath: INVALID no readable file /pp/Si.UPF on the cluster (for pseudo/Si.UPF)\ncrystalmath: what an earlier attempt left, or a file of the cluster, could not be copied\n',
    { kind: 'PSEUDOPOTENTIAL_MISSING', message: 'the pseudopotential cannot be read on the cluster: looked for /pp/Si.UPF' },
  ],
  [
    '/pp/Si.UPF: FAILED\nmd5sum: WARNING: 1 computed checksum did NOT match\ncrystalmath: INVALID changed since they were registered: /pp/Si.UPF\n',
    { kind: 'PSEUDOPOTENTIAL_CHANGED', message: 'the pseudopotential changed since the cluster was looked at: /pp/Si.UPF' },
  ],
  [
    'crystalmath: the inputs are not those that were sent:\npw.in: FAILED\n',
    { kind: 'INPUT_ERROR', message: 'the inputs are not those that were sent' },
  ],
  ['cat: write error: No space left on device\n', { kind: 'DISK_FULL' }],
])('what job.sh says of its inputs is the cause: %s', async (text, cause) => {
  expect(await causeOf(text)).toMatchObject(cause)
})
