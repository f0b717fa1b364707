import type { Structure } from '@crystalmath/contract'
import type { Artefacts, Remedy, RestartPlan, Task } from '../code-writes.ts'
import { beginsFrom } from '../writing/restart-mode.ts'

type Answer = RestartPlan | { readonly refused: string }

/** What a next attempt of VASP builds on: WAVECAR where nothing was changed, CHGCAR for another way to the same density, else the geometry. */
export function restartVasp(task: Task, artefacts: Artefacts, from: NonNullable<Remedy['restartFrom']>): Answer {
  const plan = (
    files: readonly string[],
    set: RestartPlan['set'],
    structure: Structure | null,
    because: string,
  ): RestartPlan => ({
    fromAttempt: artefacts.attempt,
    files: files.map((path) => ({ from: path, to: path })),
    set,
    structure,
    because: `${because} (attempt ${artefacts.attempt})`,
  })
  if (from === 'scratch') return plan([], {}, null, 'begins anew from the submitted structure')
  const structure = continued(task.structure, artefacts.lastStructure)
  // a run that was killed may have left a torn file; one whose cell moved has plane waves of the old cell
  const has = (path: string) => artefacts.cleanStop && artefacts.files.some((file) => file.path === path && file.size > 0)
  const sameCell =
    structure === null || JSON.stringify(structure.latticeAngstrom) === JSON.stringify(task.structure?.latticeAngstrom)
  if (from === 'checkpoint' && has('WAVECAR') && sameCell)
    return plan(['WAVECAR'], beginsFrom('checkpoint'), structure, 'goes on with the wave functions of a clean stop')
  if ((from === 'checkpoint' || from === 'charge-density') && has('CHGCAR') && sameCell)
    return plan(['CHGCAR'], beginsFrom('density'), structure, 'begins from the density of a clean stop')
  if (structure !== null) return plan([], {}, structure, 'begins from the last geometry that was computed')
  return {
    refused: artefacts.cleanStop
      ? 'the attempt left neither wave functions, nor a density, nor a geometry'
      : 'the attempt was killed: its files may be torn, and no geometry was computed',
  }
}

/** The computed geometry with what only the submitted structure knows: moments, labels, what is fixed. Null if it is not of the same atoms. */
function continued(submitted: Structure | null, computed: Structure | null): Structure | null {
  if (submitted === null || computed === null || computed.latticeAngstrom === null) return null
  const same =
    submitted.species.length === computed.species.length &&
    submitted.species.every((species, index) => species === computed.species[index])
  return same ? { ...submitted, latticeAngstrom: computed.latticeAngstrom, positionsAngstrom: computed.positionsAngstrom } : null
}
