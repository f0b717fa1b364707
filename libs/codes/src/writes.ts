import type { CodeName } from '@crystalmath/contract'
import type { CodeWrites } from './code-writes.ts'
import { crystalWrites } from './crystal/writes.ts'
import { orcaWrites } from './orca/writes.ts'
import { SAVE_FOLDER } from './quantum-espresso/command.ts'
import { readUpfHeader } from './quantum-espresso/pseudopotentials.ts'
import { quantumEspressoWrites } from './quantum-espresso/writes.ts'
import { scriptWrites } from './script/writes.ts'
import { vaspWrites } from './vasp/writes.ts'
import { wannier90Writes } from './wannier90/writes.ts'
import { withSoundArtefacts } from './writing/artefact-heads.ts'
import { withInitialMoments } from './writing/initial-moments.ts'
import { withNamedPresets } from './writing/named-presets.ts'
import { withSetUpScript } from './writing/set-up-script.ts'
import { yamboWritesOn } from './yambo/writes.ts'

const yamboWrites = yamboWritesOn({ writes: quantumEspressoWrites, saveFolder: SAVE_FOLDER, readHead: readUpfHeader })

/** A process that is killed without a word was killed for want of memory, most often. */
const withRemedyForKilled = (writes: CodeWrites): CodeWrites => ({
  ...writes,
  remedies: { KILLED: writes.remedies['OUT_OF_MEMORY'] ?? [], ...writes.remedies },
})

/** Every code whose jobs can be made; one line each. */
export const WRITES: readonly CodeWrites[] = [
  quantumEspressoWrites,
  vaspWrites,
  orcaWrites,
  crystalWrites,
  wannier90Writes,
  yamboWrites,
  scriptWrites,
]
  .map(withNamedPresets)
  .map(withRemedyForKilled)
  .map(withInitialMoments)
  .map(withSetUpScript)
  .map(withSoundArtefacts)

export const writesOf = (code: CodeName): CodeWrites | undefined => WRITES.find((writes) => writes.code === code)
