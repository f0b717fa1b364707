import type { Structure } from '@crystalmath/contract'
import type { Artefacts, Remedy, RestartPlan, Task } from '../code-writes.ts'
import { headOf } from '../writing/artefact-heads.ts'
import { beginsFrom } from '../writing/restart-mode.ts'
import { secondRecordOf } from './artefacts.ts'
import { prepareVasp } from './write/prepare.ts'

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
  const other = from === 'geometry' ? null : whatChanged(task, artefacts)
  const isSame = sameCell && other === null
  if (from === 'checkpoint' && has('WAVECAR') && isSame)
    return plan(['WAVECAR'], beginsFrom('checkpoint'), structure, 'goes on with the wave functions of a clean stop')
  if ((from === 'checkpoint' || from === 'charge-density') && has('CHGCAR') && isSame)
    return plan(['CHGCAR'], beginsFrom('density'), structure, 'begins from the density of a clean stop')
  const left = other === null ? '' : `; wave functions and density are left out: ${other}`
  if (structure !== null) return plan([], {}, structure, `begins from the last geometry that was computed${left}`)
  if (other !== null && artefacts.cleanStop) return { refused: `${other}, and no geometry was computed` }
  return {
    refused: artefacts.cleanStop
      ? 'the attempt left neither wave functions, nor a density, nor a geometry'
      : 'the attempt was killed: its files may be torn, and no geometry was computed',
  }
}

/** What the next attempt computes in another way than the files were made: plane waves, spins, data sets. Null where nothing is known to differ. */
function whatChanged(task: Task, { facts, files }: Artefacts): string | null {
  const prepared = prepareVasp({ ...task, restart: null })
  if (!prepared.ok) return null
  const incar = prepared.preparation.files.find(({ path }) => path === 'INCAR')?.text ?? ''
  const tag = (name: string) => new RegExp(`^${name} = (\\S+)`, 'm').exec(incar)?.[1]
  const wavecar = files.find(({ path }) => path === 'WAVECAR')
  const head = wavecar === undefined ? null : headOf(wavecar)
  const had = (head === null ? null : secondRecordOf(head)?.cutoffEv) ?? facts?.cutoffEv ?? null
  const wants = Number(tag('ENCUT') ?? Number.NaN)
  if (had !== null && Math.abs(had - wants) > 0.01) return `they are of ENCUT ${had} eV, and the next attempt has ${wants} eV`
  const spins = tag('ISPIN') === '2' ? 2 : 1
  const isSpinor = /^(LNONCOLLINEAR|LSORBIT) = \.TRUE\./m.test(incar)
  if (facts?.spins != null && !isSpinor && facts.spins !== spins)
    return `they are of ${facts.spins} spin components, and the next attempt has ${spins}`
  const wanted = prepared.preparation.clusterFiles.map(({ from }) => from.split('/').at(-2) ?? '')
  // TITEL = PAW_PBE Si_sv 05Jan2001
  const other = facts?.pseudopotentials
    ?.map(({ title }) => title.split(/\s+/)[1] ?? '')
    .find((name) => name !== '' && !wanted.includes(name))
  return other === undefined ? null : `they are of the data set ${other}, and the next attempt takes ${wanted.join(', ')}`
}

/** The computed geometry with what only the submitted structure knows: moments, labels, what is fixed. Null if it is not of the same atoms. */
function continued(submitted: Structure | null, computed: Structure | null): Structure | null {
  if (submitted === null || computed === null || computed.latticeAngstrom === null) return null
  const same =
    submitted.species.length === computed.species.length &&
    submitted.species.every((species, index) => species === computed.species[index])
  return same ? { ...submitted, latticeAngstrom: computed.latticeAngstrom, positionsAngstrom: computed.positionsAngstrom } : null
}
