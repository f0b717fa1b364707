import type { CodeWrites } from '../code-writes.ts'
import { pwArtefactFault } from './artefacts.ts'
import { PRESET_TABLE } from './presets.ts'
import { DEFAULTS, REMEDIES } from './remedies.ts'
import { shareOutPools } from './resources.ts'
import { restartPw } from './restart.ts'
import { prepareQuantumEspresso } from './write/prepare.ts'

/** How jobs of Quantum ESPRESSO are made, run, mended and continued. */
export const quantumEspressoWrites: CodeWrites = {
  code: 'quantum-espresso',
  prepare: prepareQuantumEspresso,
  shareOut: shareOutPools,
  presets: PRESET_TABLE,
  takesInitialMoments: true,
  remedies: REMEDIES,
  defaults: DEFAULTS,
  incidental: /^\s*(title|max_seconds|verbosity|iprint|disk_io|outdir|prefix|pseudo_dir)\s*=/,
  artefactFault: pwArtefactFault,
  restart: restartPw,
}
