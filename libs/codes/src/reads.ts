import type { CodeName } from '@crystalmath/contract'
import { abinitFacts } from './abinit/recognise.ts'
import { aseFacts } from './ase/recognise.ts'
import { boltztrap2Facts } from './boltztrap2/recognise.ts'
import type { CodeFacts, CodeReads } from './code-reads.ts'
import { cp2kFacts } from './cp2k/recognise.ts'
import { crystalFacts } from './crystal/recognise.ts'
import { nwchemFacts } from './nwchem/recognise.ts'
import { orcaFacts } from './orca/recognise.ts'
import { phonopyFacts } from './phonopy/recognise.ts'
import { quantumEspressoFacts } from './quantum-espresso/recognise.ts'
import { vaspFacts } from './vasp/recognise.ts'
import { wannier90Facts } from './wannier90/recognise.ts'
import { xtbFacts } from './xtb/recognise.ts'
import { yamboFacts } from './yambo/recognise.ts'

export type { CodeFacts, CodeReads, Reading, Sample } from './code-reads.ts'

/** A code whose readers are loaded when the first of its files is met: starting fast is part of the command line. */
export type ReadsLater = CodeFacts & { load(): Promise<CodeReads> }

/** Every code whose outputs are read; one line each. The order decides where two recognise one file. */
export const READS: readonly ReadsLater[] = [
  { ...vaspFacts, load: async () => (await import('./vasp/reads.ts')).vaspReads },
  { ...quantumEspressoFacts, load: async () => (await import('./quantum-espresso/reads.ts')).quantumEspressoReads },
  { ...orcaFacts, load: async () => (await import('./orca/reads.ts')).orcaReads },
  { ...crystalFacts, load: async () => (await import('./crystal/reads.ts')).crystalReads },
  { ...wannier90Facts, load: async () => (await import('./wannier90/reads.ts')).wannier90Reads },
  { ...yamboFacts, load: async () => (await import('./yambo/reads.ts')).yamboReads },
  { ...phonopyFacts, load: async () => (await import('./phonopy/reads.ts')).phonopyReads },
  { ...xtbFacts, load: async () => (await import('./xtb/reads.ts')).xtbReads },
  { ...cp2kFacts, load: async () => (await import('./cp2k/reads.ts')).cp2kReads },
  { ...abinitFacts, load: async () => (await import('./abinit/reads.ts')).abinitReads },
  { ...nwchemFacts, load: async () => (await import('./nwchem/reads.ts')).nwchemReads },
  { ...boltztrap2Facts, load: async () => (await import('./boltztrap2/reads.ts')).boltztrap2Reads },
  { ...aseFacts, load: async () => (await import('./ase/reads.ts')).aseReads }, // last: its logs stand beside the outputs of the code that ASE drives
]

export const readsOf = (code: CodeName): ReadsLater | undefined => READS.find((reads) => reads.code === code)
