import type { CodeName } from '@crystalmath/contract'
import type { CodeReads } from './code-reads.ts'
import { crystalReads } from './crystal/reads.ts'
import { orcaReads } from './orca/reads.ts'
import { phonopyReads } from './phonopy/reads.ts'
import { quantumEspressoReads } from './quantum-espresso/reads.ts'
import { wannier90Reads } from './wannier90/reads.ts'
import { yamboReads } from './yambo/reads.ts'

export type { CodeReads, ReaderTable, Reading, ReadOptions, Sample } from './code-reads.ts'
export { emptyResult } from './reading/result.ts'

/** Every code whose outputs are read; one line each. The order decides where two recognise one file. */
export const READS: readonly CodeReads[] = [
  quantumEspressoReads,
  orcaReads,
  crystalReads,
  wannier90Reads,
  yamboReads,
  phonopyReads,
]

export const readsOf = (code: CodeName): CodeReads | undefined => READS.find((reads) => reads.code === code)
