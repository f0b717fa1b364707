import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers, type VaspReaders } from './read/readers.ts'
import { VASPOUT_DATASETS } from './read/vaspout.ts'
import { vaspFacts } from './recognise.ts'

/** Outputs of VASP 5 and 6. */
export const vaspReads = codeReads<VaspReaders>({
  ...vaspFacts,
  readers,
  datasets: VASPOUT_DATASETS,
  combine,
})
