import type { CodeWrites } from '../code-writes.ts'
import { wannierArtefactFault } from './artefacts.ts'
import { DEFAULTS, REMEDIES } from './remedies.ts'
import { restartWannier90 } from './restart.ts'
import { prepareWannier90 } from './write/prepare.ts'

/** How jobs of Wannier90 2.1 to 3.1 are made, run, mended and continued. */
export const wannier90Writes: CodeWrites = {
  code: 'wannier90',
  prepare: prepareWannier90,
  remedies: REMEDIES,
  defaults: DEFAULTS,
  artefactFault: wannierArtefactFault,
  restart: restartWannier90,
}
