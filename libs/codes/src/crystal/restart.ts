import type { Structure } from '@crystalmath/contract'
import type { Artefacts, Remedy, RestartPlan, Task } from '../code-writes.ts'
import { beginsFrom } from '../writing/restart-mode.ts'
import { GUESS, WAVE_FUNCTION } from './command.ts'

/** What a next attempt of CRYSTAL builds on: the wave function of an attempt that stopped by itself (fort.9, read as fort.20), and the last geometry. */
export function restartCrystal(
  { structure: submitted }: Task,
  { attempt, cleanStop, files, lastStructure }: Artefacts,
  from: NonNullable<Remedy['restartFrom']>,
): RestartPlan | { readonly refused: string } {
  const plan = (parts: Pick<RestartPlan, 'files' | 'set' | 'structure'>, because: string): RestartPlan => ({
    fromAttempt: attempt,
    ...parts,
    because: `${because} (attempt ${attempt})`,
  })
  if (from === 'scratch') return plan({ files: [], set: {}, structure: null }, 'begins anew from the submitted structure')
  const structure = continued(submitted, lastStructure)
  const hasWaveFunction = cleanStop && files.some(({ path, size }) => path === WAVE_FUNCTION && size > 0)
  if (hasWaveFunction)
    return plan(
      { files: [{ from: WAVE_FUNCTION, to: GUESS }], set: beginsFrom('wave-function'), structure },
      'begins with the wave function of an attempt that stopped by itself',
    )
  if (structure !== null) return plan({ files: [], set: {}, structure }, 'begins from the last geometry that was computed')
  return {
    refused: cleanStop
      ? 'the attempt left neither a wave function nor a geometry'
      : 'the attempt was killed: its wave function may be torn, and no geometry was computed',
  }
}

/** The computed geometry with what only the submitted structure knows. Null if it is not of the same atoms. */
function continued(submitted: Structure | null, computed: Structure | null): Structure | null {
  if (submitted === null || computed === null) return null
  const same =
    submitted.species.length === computed.species.length &&
    submitted.species.every((species, index) => species === computed.species[index])
  if (!same) return null
  const lattice = submitted.latticeAngstrom === null ? null : computed.latticeAngstrom
  return submitted.latticeAngstrom !== null && lattice === null
    ? null
    : { ...submitted, latticeAngstrom: lattice, positionsAngstrom: computed.positionsAngstrom }
}
