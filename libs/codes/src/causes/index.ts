import { AIIDA_QUANTUM_ESPRESSO } from './aiida-quantum-espresso.ts'
import { CUSTODIAN_MESSAGES } from './custodian.ts'
import { ORCA } from './orca.ts'
import { AIIDA_CRYSTAL, AIIDA_WANNIER90, AIIDA_YAMBO } from './others.ts'
import type { PeerTable } from './table.ts'

/** What other projects recognise in the outputs of the codes. */
export const PEERS: readonly PeerTable[] = [
  CUSTODIAN_MESSAGES,
  AIIDA_QUANTUM_ESPRESSO,
  AIIDA_WANNIER90,
  AIIDA_CRYSTAL,
  AIIDA_YAMBO,
  ORCA,
]
