import type { Testbed } from './testbed.ts'

/** What runs on a site, in the words of a cluster's "codes". */
export const codesOf = ({ pseudopotentialFolder }: Pick<Testbed, 'pseudopotentialFolder'>) => ({
  'quantum-espresso': {
    pseudopotentialFolder,
    setUp: 'export OMP_NUM_THREADS=1 OMPI_MCA_mpi_yield_when_idle=1',
    launcher: '',
  },
  script: { launcher: '' },
})
