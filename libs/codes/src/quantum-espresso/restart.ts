import type { Structure } from '@crystalmath/contract'
import type { Artefacts, Remedy, RestartPlan, Task } from '../code-writes.ts'
import { isRecord } from '../writing/problems.ts'
import { beginsFrom } from '../writing/restart-mode.ts'
import { PREFIX, SAVE_FOLDER, WORK_FOLDER } from './command.ts'

type Answer = RestartPlan | { readonly refused: string }
type From = NonNullable<Remedy['restartFrom']>

/** Of the `.save` folder: what the density is, and what goes with it where there is any (PAW, Hubbard, meta-GGA). */
const DENSITY = /^(data-file-schema\.xml|charge-density\.(dat|hdf5)|paw\.txt|occup\.txt|ekin-density\.(dat|hdf5))$/
/** Wave functions and the history of mixing and relaxation, which only `restart_mode = 'restart'` reads. */
const CHECKPOINT = /^wfc(up|dw)?\d+\.(dat|hdf5)$/
/** Beside it, one per rank, where rank 1 has no number or a 1: as pw.x 6.7 leaves them after `max_seconds` and after a stop file. */
const BESIDE = new RegExp(`^${PREFIX}\\.(xml|bfgs|update|md|restart_exx|(restart_scf|restart_k|mix|wfc|igk|hub|occup)\\d*)$`)

/** Which files of an ended attempt a next one may build on (design: never stale, empty or foreign ones; each named). */
export function restartPw(task: Task, artefacts: Artefacts, from: From): Answer {
  if (from === 'scratch') return plan(artefacts, [], {}, null, 'begins anew from the submitted structure')
  if (isSeveralRuns(task)) return { refused: 'a job of several runs begins anew: which run its files belong to is not certain' }
  const structure = continued(task.structure, artefacts.lastStructure)
  if (from === 'checkpoint' && canContinue(task, artefacts)) return checkpoint(artefacts, structure)
  const density = densityFiles(artefacts)
  if (density.length > 0)
    return plan(
      artefacts,
      density,
      beginsFrom('density'),
      structure,
      'begins from the last density, in the last geometry that was computed',
    )
  if (structure !== null)
    return plan(
      artefacts,
      [],
      {},
      structure,
      'begins from the last geometry that was computed; its density is missing or may be torn',
    )
  return {
    refused: artefacts.cleanStop
      ? 'the attempt left neither a density nor a geometry'
      : 'the attempt was killed: its files may be torn, and no geometry was computed',
  }
}

const isSeveralRuns = ({ parameters }: Task): boolean => {
  const calculation = parameters['calculation']
  return (
    calculation === 'nscf' || calculation === 'bands' || parameters['steps'] !== undefined || parameters['program'] !== undefined
  )
}

/** `restart_mode = 'restart'` reads files per rank: it needs a clean stop, the same ranks in the same pools, and a density (one that stopped before its first iteration has none). */
const canContinue = (task: Task, artefacts: Artefacts): boolean =>
  artefacts.cleanStop &&
  artefacts.ranks === task.resources.ranks &&
  poolsOf(artefacts.parameters ?? task.parameters) === poolsOf(task.parameters) &&
  densityFiles(artefacts).length > 0

const poolsOf = ({ pools }: Readonly<Record<string, unknown>>): number => (typeof pools === 'number' ? pools : 1)

function checkpoint(artefacts: Artefacts, structure: Structure | null): Answer {
  const files = artefacts.files.filter(({ path, size }) => size > 0 && isOfCheckpoint(path)).map(({ path }) => path)
  return plan(
    artefacts,
    files,
    beginsFrom('checkpoint'),
    structure,
    'goes on where pw.x stopped by itself, with the same number of ranks',
  )
}

function isOfCheckpoint(path: string): boolean {
  if (path.startsWith(`${SAVE_FOLDER}/`)) {
    const name = path.slice(SAVE_FOLDER.length + 1)
    return DENSITY.test(name) || CHECKPOINT.test(name)
  }
  return path.startsWith(`${WORK_FOLDER}/`) && BESIDE.test(path.slice(WORK_FOLDER.length + 1))
}

/** None where the attempt was killed: then the density may be half written. */
function densityFiles({ cleanStop, files }: Artefacts): readonly string[] {
  const found = files
    .filter(
      ({ path, size }) => size > 0 && path.startsWith(`${SAVE_FOLDER}/`) && DENSITY.test(path.slice(SAVE_FOLDER.length + 1)),
    )
    .map(({ path }) => path)
  const whole =
    found.some((path) => path.includes('/charge-density.')) && found.some((path) => path.endsWith('data-file-schema.xml'))
  return cleanStop && whole ? found : []
}

function plan(
  artefacts: Artefacts,
  files: readonly string[],
  set: Readonly<Record<string, unknown>>,
  structure: Structure | null,
  because: string,
): RestartPlan {
  return {
    fromAttempt: artefacts.attempt,
    files: files.map((path) => ({ from: path, to: path })),
    set,
    structure,
    because: `${because} (attempt ${artefacts.attempt})`,
  }
}

/** The computed geometry with what only the submitted structure knows: moments, labels, what is fixed. Null if it is not of the same atoms. */
function continued(submitted: Structure | null, computed: Structure | null): Structure | null {
  if (submitted === null || computed === null || !isRecord(computed)) return null
  const same =
    submitted.species.length === computed.species.length &&
    submitted.species.every((species, index) => species === computed.species[index])
  if (!same || computed.latticeAngstrom === null) return null
  return { ...submitted, latticeAngstrom: computed.latticeAngstrom, positionsAngstrom: computed.positionsAngstrom }
}
