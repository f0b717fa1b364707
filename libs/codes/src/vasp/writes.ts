import type { CodeWrites } from '../code-writes.ts'
import { vaspArtefactFault } from './artefacts.ts'
import { PRESET_TABLE } from './presets.ts'
import { DEFAULTS, REMEDIES } from './remedies.ts'
import { shareOutBands } from './resources.ts'
import { restartVasp } from './restart.ts'
import { groupedOrder } from './write/atom-order.ts'
import { prepareVasp } from './write/prepare.ts'

/** How jobs of VASP 5.4 to 6.5 are made, run, mended and continued. */
export const vaspWrites: CodeWrites = {
  code: 'vasp',
  prepare: prepareVasp,
  shareOut: shareOutBands,
  presets: PRESET_TABLE,
  takesInitialMoments: true,
  remedies: REMEDIES,
  defaults: DEFAULTS,
  incidental: /^(SYSTEM|NCORE|NPAR|KPAR|NSIM|LPLANE|LSCALAPACK|NWRITE|LWAVE|LCHARG) = /,
  writtenOrder: groupedOrder,
  artefactFault: vaspArtefactFault,
  restart: restartVasp,
}
