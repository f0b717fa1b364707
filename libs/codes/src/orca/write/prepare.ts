import type { InputProblem } from '@crystalmath/contract'
import type { Prepared, Task } from '../../code-writes.ts'
import { defined } from '../../writing/problems.ts'
import { beginningOf } from '../../writing/restart-mode.ts'
import { BASE, GUESS, keptFiles, maxCoreMebibytes, runOrca } from '../command.ts'
import { orcaDemand } from '../resources.ts'
import { basisProblems, missingFiles } from './basis.ts'
import { doubledSettings, taskProblems } from './consistency.ts'
import { renderOrcaInput } from './input.ts'
import { moleculeProblems, multiplicityOf } from './molecule.ts'
import { settingsOf } from './settings.ts'

/** Renders a job of ORCA, or says all that is wrong with it. */
export function prepareOrca(task: Task): Prepared {
  const beginning = beginningOf(task)
  const { settings, problems } = settingsOf(beginning.parameters)
  if (settings === null || beginning.problems.length > 0) return { ok: false, problems: [...beginning.problems, ...problems] }
  const structure = task.restart?.structure ?? task.structure
  if (structure === null)
    return { ok: false, problems: [{ path: 'structure', message: 'ORCA needs a structure', mend: 'add a molecule to the job' }] }
  const { multiplicity, problems: spin } = multiplicityOf(structure, settings)
  const asked = settingsOf(defined(task.request.parameters))
  const found = [
    ...moleculeProblems(structure),
    ...spin,
    ...(asked.settings === null ? [] : doubledSettings(asked.settings)),
    ...basisProblems(settings, structure),
    ...missingFiles(
      settings,
      task.request.extraFiles.map(({ path }) => path),
    ),
    ...taskProblems(settings, structure, task.resources),
    ...nameProblems(task),
  ]
  if (found.length > 0) return { ok: false, problems: found }
  const { ranks, memoryMebibytes } = task.resources
  const maxCore = settings.maxCoreMebibytes ?? (memoryMebibytes === undefined ? null : maxCoreMebibytes(memoryMebibytes, ranks))
  const readsOrbitals = beginning.mode === 'orbitals'
  return {
    ok: true,
    preparation: {
      files: [
        { path: `${BASE}.inp`, text: renderOrcaInput({ settings, structure, multiplicity, ranks, maxCore, readsOrbitals }) },
        ...task.request.extraFiles,
      ],
      clusterFiles: [],
      steps: [runOrca],
      stopFile: null,
      keep: keptFiles(settings.keepOrbitals),
      parse: '.',
      demand: orcaDemand({ settings, structure, clusterCode: task.clusterCode }),
      warnings: warningsOf(task, maxCore),
    },
  }
}

function warningsOf({ clusterCode, resources, structure }: Task, maxCore: number | null): readonly string[] {
  const isRelative = resources.ranks > 1 && clusterCode.executables['orca']?.startsWith('/') !== true
  return [
    ...(isRelative ? ['ORCA must be called by its full path to run on several ranks: register codes.orca.executables.orca'] : []),
    ...(maxCore === null
      ? ['no memory is asked for, so ORCA takes its own default per rank: set resources.memoryMebibytes']
      : []),
    ...(structure?.initialMomentsBohr?.some((moment) => moment !== 0) === true
      ? ['initial moments are not used: ORCA takes the multiplicity']
      : []),
    ...(resources.threadsPerRank > 1 ? ['ORCA does not use threads: threadsPerRank leaves cores idle'] : []),
  ]
}

/** Files of the user's own must not take the place of ours. */
const nameProblems = ({ request }: Task): readonly InputProblem[] =>
  request.extraFiles.flatMap(({ path }, index) =>
    path === GUESS || path.startsWith(`${BASE}.`)
      ? [
          {
            path: `extraFiles[${index}].path`,
            value: path,
            message: `"${path}" is a name that the platform uses itself`,
            mend: 'choose another name',
          },
        ]
      : [],
  )
