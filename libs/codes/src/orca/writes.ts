import type { CodeWrites } from '../code-writes.ts'
import { orcaArtefactFault } from './artefacts.ts'
import { PRESET_TABLE } from './presets.ts'
import { DEFAULTS, REMEDIES } from './remedies.ts'
import { restartOrca } from './restart.ts'
import { prepareOrca } from './write/prepare.ts'

/** How jobs of ORCA 4.2 to 6 are made, run, mended and continued. */
export const orcaWrites: CodeWrites = {
  code: 'orca',
  prepare: prepareOrca,
  presets: PRESET_TABLE,
  remedies: REMEDIES,
  defaults: DEFAULTS,
  incidental: /^%(pal|maxcore|base)\b/,
  artefactFault: orcaArtefactFault,
  restart: restartOrca,
}
