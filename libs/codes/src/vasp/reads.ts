import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers, type VaspReaders } from './read/readers.ts'
import { recognise } from './recognise.ts'

/** Outputs of VASP 5 and 6. */
export const vaspReads = codeReads<VaspReaders>({
  code: 'vasp',
  recognise,
  mainKinds: ['vasprun', 'outcar', 'oszicar', 'stdout', 'eigenval', 'procar', 'doscar', 'incar', 'poscar'],
  readers,
  combine,
})
