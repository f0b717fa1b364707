import type { CodeWrites } from '../code-writes.ts'
import { crystalArtefactFault } from './artefacts.ts'
import { PRESET_TABLE } from './presets.ts'
import { DEFAULTS, REMEDIES } from './remedies.ts'
import { restartCrystal } from './restart.ts'
import { prepareCrystal } from './write/prepare.ts'

/** How jobs of CRYSTAL14 to CRYSTAL23 are made, run, mended and continued. */
export const crystalWrites: CodeWrites = {
  code: 'crystal',
  prepare: prepareCrystal,
  presets: PRESET_TABLE,
  remedies: REMEDIES,
  defaults: DEFAULTS,
  artefactFault: crystalArtefactFault,
  restart: restartCrystal,
}
