import { describe, expect, it } from 'vitest'
import { clusterFileCause } from './cluster-file-cause.ts'

const file = (fileName: string, element: string) => ({
  ...{ fileName, element, kind: null, functional: null, valenceElectrons: null, cutoffRydberg: null },
  ...{ densityCutoffRydberg: null, relativistic: null, md5: '0'.repeat(32) },
})
const LIBRARY = {
  folder: '/pp/',
  files: [file('Ga.UPF', 'Ga'), file('As.UPF', 'As'), file('PBE.54/Fe_pv/POTCAR', 'Fe')],
}
const lacks = (from: string, to: string) => `no readable file ${from} on the cluster (for ${to})`

describe('what a file of the cluster that a job lacks is called', () => {
  it.each([
    [
      `${lacks('/pp/Ga.UPF', 'pseudo/Ga.UPF')}; ${lacks('/pp/As.UPF', 'pseudo/As.UPF')}`,
      'PSEUDOPOTENTIAL_MISSING',
      'the pseudopotentials of Ga, As cannot be read on the cluster: looked for /pp/Ga.UPF, /pp/As.UPF',
    ],
    [
      lacks('/pp/PBE.54/Fe_pv/POTCAR', 'POTCAR'),
      'PSEUDOPOTENTIAL_MISSING',
      'the pseudopotential of Fe cannot be read on the cluster: looked for /pp/PBE.54/Fe_pv/POTCAR',
    ],
    [
      lacks('/pp/unknown.UPF', 'pseudo/unknown.UPF'),
      'PSEUDOPOTENTIAL_MISSING',
      'the pseudopotential cannot be read on the cluster: looked for /pp/unknown.UPF',
    ],
    [lacks('/ppp/Ga.UPF', 'Ga.UPF'), 'FILE_MISSING', '/ppp/Ga.UPF cannot be read on the cluster'],
    [
      'changed since they were registered: /pp/As.UPF ',
      'PSEUDOPOTENTIAL_CHANGED',
      'the pseudopotential of As changed since the cluster was looked at: /pp/As.UPF',
    ],
  ])('%s', (said, kind, message) => {
    expect(clusterFileCause(said, LIBRARY)).toEqual({ kind, message })
  })

  it('says nothing of other refusals', () => {
    expect(clusterFileCause('sbatch: error: invalid partition specified: gpu', LIBRARY)).toBeNull()
  })
})
