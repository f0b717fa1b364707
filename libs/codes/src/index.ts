import type { CodeName } from '@crystalmath/contract'
import { abinitReads } from './abinit/reads.ts'
import { aseReads } from './ase/reads.ts'
import { boltztrap2Reads } from './boltztrap2/reads.ts'
import type { CodeReads } from './code-reads.ts'
import { cp2kReads } from './cp2k/reads.ts'
import { crystalReads } from './crystal/reads.ts'
import { nwchemReads } from './nwchem/reads.ts'
import { orcaReads } from './orca/reads.ts'
import { phonopyReads } from './phonopy/reads.ts'
import { quantumEspressoReads } from './quantum-espresso/reads.ts'
import { vaspReads } from './vasp/reads.ts'
import { wannier90Reads } from './wannier90/reads.ts'
import { xtbReads } from './xtb/reads.ts'
import { yamboReads } from './yambo/reads.ts'

export type { CodeReads, ReaderTable, Reading, ReadOptions, Sample } from './code-reads.ts'
export type { Artefacts, CodeWrites, Prepared, Remedy, RestartPlan, Task } from './code-writes.ts'
export { readUpfHeader, type UpfHeader } from './quantum-espresso/pseudopotentials.ts'
export { emptyResult } from './reading/result.ts'
export { systemCauseIn } from './reading/system-causes.ts'
export { whatHelps } from './reading/what-helps.ts'
export { artefactFault } from './writing/artefact-heads.ts'

/** Every code whose outputs are read; one line each. The order decides where two recognise one file. */
export const READS: readonly CodeReads[] = [
  vaspReads,
  quantumEspressoReads,
  orcaReads,
  crystalReads,
  wannier90Reads,
  yamboReads,
  phonopyReads,
  xtbReads,
  cp2kReads,
  abinitReads,
  nwchemReads,
  boltztrap2Reads,
  aseReads, // last: its logs stand beside the outputs of the code that ASE drives
]

export const readsOf = (code: CodeName): CodeReads | undefined => READS.find((reads) => reads.code === code)
export { type PotcarHeader, readPotcarHeader } from './vasp/pseudopotentials.ts'
export { WRITES, writesOf } from './writes.ts'
export { applyRemedy, type Change, type Remedied, type RemedyBounds } from './writing/apply-remedy.ts'
export { type CalculationIdentity, calculationHash } from './writing/calculation-hash.ts'
export { withoutRestart } from './writing/restart-mode.ts'
export { inSubmittedOrder } from './writing/submitted-order.ts'
