import { evolve } from '@crystalmath/job'
import { expect, it } from 'vitest'
import { posted } from '../../../libs/job/src/samples.ts'
import { causeOfProblems, causeOfRefusal } from './causes.ts'
import type { Work } from './work.ts'

const job = evolve(null, posted)
const work = {
  jobs: {
    findCluster: async () => ({
      inventory: { pseudopotentials: { [job.code]: [{ fileName: 'potpaw/Fe_pv/POTCAR', element: 'Fe' }] } },
    }),
  },
  duty: { cluster: job.cluster, site: { spec: { codes: { [job.code]: { pseudopotentialFolder: '/pp' } } } } },
} as unknown as Work
const refused = (said: string, reason: 'INVALID' | 'QUOTA' = 'INVALID') =>
  causeOfRefusal(work, job, { kind: 'refused', reason, said })

it('a pseudopotential that is gone is diagnosed with its element, where it was looked for, and what helps', async () => {
  const cause = await refused('no readable file /pp/potpaw/Fe_pv/POTCAR on the cluster (for POTCAR)')
  expect(cause?.diagnosis).toMatchObject({ kind: 'PSEUDOPOTENTIAL_MISSING', evidence: { file: '.crystalmath/claim.0/refused' } })
  expect(cause?.verdict).toBe(
    'the pseudopotential of Fe cannot be read on the cluster: looked for /pp/potpaw/Fe_pv/POTCAR. What helps: put the file into the folder of pseudopotentials and run "crystalmath cluster check"',
  )
})

it('what a scheduler refuses for good is diagnosed in its words; what may be waited for is not diagnosed', async () => {
  const cause = await refused('sbatch: error: invalid partition specified: gpu')
  expect(cause?.diagnosis.kind).toBe('SUBMISSION_REFUSED')
  expect(cause?.verdict).toMatch(/invalid partition specified: gpu\. What helps: .*partition/)
  expect(await refused('QOSMaxSubmitJobPerUserLimit', 'QUOTA')).toBeNull()
})

it('inputs that can no longer be made are diagnosed by what they lack', () => {
  const lacking = {
    path: 'parameters.pseudopotentials.Fe',
    message: 'there is none for Fe; looked in /pp',
    mend: 'put one there',
  }
  const { diagnosis, verdict } = causeOfProblems([lacking])
  expect(diagnosis.kind).toBe('PSEUDOPOTENTIAL_MISSING')
  expect(verdict).toBe(
    'its inputs cannot be made: parameters.pseudopotentials.Fe: there is none for Fe; looked in /pp; put one there',
  )
  expect(causeOfProblems([lacking, { path: 'parameters.kMesh', message: 'is no mesh' }]).diagnosis.kind).toBe('INPUT_ERROR')
})
