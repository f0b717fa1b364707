import type { Structure } from '@crystalmath/contract'
import type { Artefacts, Remedy, RestartPlan, Task } from '../code-writes.ts'
import { beginsFrom } from '../writing/restart-mode.ts'
import { BASE, GUESS } from './command.ts'

/** What a next attempt of ORCA builds on: the orbitals of an attempt that stopped by itself, and the last geometry. */
export function restartOrca(
  { structure: submitted }: Task,
  { attempt, cleanStop, files, lastStructure }: Artefacts,
  from: NonNullable<Remedy['restartFrom']>,
): RestartPlan | { readonly refused: string } {
  if (from === 'scratch')
    return {
      fromAttempt: attempt,
      files: [],
      set: {},
      structure: null,
      because: `begins anew from the submitted structure (attempt ${attempt})`,
    }
  const structure = continued(submitted, lastStructure)
  const hasOrbitals = cleanStop && files.some(({ path, size }) => path === `${BASE}.gbw` && size > 0)
  if (!hasOrbitals && structure === null)
    return {
      refused: cleanStop
        ? 'the attempt left neither orbitals nor a geometry'
        : 'the attempt was killed: its orbitals may be torn, and no geometry was computed',
    }
  const because = hasOrbitals
    ? 'begins with the orbitals of an attempt that stopped by itself'
    : 'begins from the last geometry that was computed'
  return {
    fromAttempt: attempt,
    files: hasOrbitals ? [{ from: `${BASE}.gbw`, to: GUESS }] : [],
    set: hasOrbitals ? beginsFrom('orbitals') : {},
    structure,
    because: `${because} (attempt ${attempt})`,
  }
}

function continued(submitted: Structure | null, computed: Structure | null): Structure | null {
  if (submitted === null || computed === null) return null
  const same =
    submitted.species.length === computed.species.length &&
    submitted.species.every((species, index) => species === computed.species[index])
  return same ? { ...submitted, positionsAngstrom: computed.positionsAngstrom } : null
}
