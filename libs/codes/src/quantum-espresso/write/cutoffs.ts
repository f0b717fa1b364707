import type { InputProblem, PseudopotentialFile } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import { PRESETS } from '../presets.ts'
import { type Namelists, numberIn } from './namelists.ts'
import type { PwSettings } from './settings.ts'

/** Below this part of a file's own suggestion a cut-off is refused, not only warned of. */
const REFUSED_BELOW = 0.5
/** Of the density's cut-off for augmented pseudopotentials that suggest none. */
const AUGMENTED_RATIO = 8

export type Cutoffs = {
  readonly wavefunction: number | null
  readonly density: number | null
  readonly problems: readonly InputProblem[]
  readonly warnings: readonly string[]
}

const isAugmented = ({ kind }: PseudopotentialFile): boolean => kind === 'US' || kind === 'PAW'

/** Cut-offs in rydberg: the user's, else the largest that the pseudopotentials suggest, times the preset's factor. None is invented. */
export function cutoffsOf(settings: PwSettings, user: Namelists, files: readonly PseudopotentialFile[]): Cutoffs {
  const silent = files.filter(({ cutoffRydberg }) => cutoffRydberg === null)
  const given = settings.cutoffRydberg ?? numberIn(user.system, 'ecutwfc')
  const suggested = Math.max(0, ...files.map(({ cutoffRydberg }) => cutoffRydberg ?? 0))
  if (given === undefined && (silent.length > 0 || suggested === 0)) {
    const names = silent.map(({ fileName }) => fileName).join(', ')
    const problem = parameterProblem(
      'cutoffRydberg',
      `no cut-off is given, and these pseudopotentials suggest none: ${names}`,
      'set parameters.cutoffRydberg to a value that you have converged',
    )
    return { wavefunction: null, density: null, problems: [problem], warnings: [] }
  }
  const wavefunction = given ?? Math.ceil(suggested * PRESETS[settings.preset].cutoffFactor)
  const path = settings.cutoffRydberg === undefined ? 'system.ecutwfc' : 'cutoffRydberg'
  const low = tooLow(path, wavefunction, files, ({ cutoffRydberg }) => cutoffRydberg)
  const density = densityCutoff(settings, user, files, wavefunction)
  return {
    wavefunction,
    density: density.value,
    problems: [...low.problems, ...density.problems],
    warnings: [...low.warnings, ...density.warnings],
  }
}

function densityCutoff(settings: PwSettings, user: Namelists, files: readonly PseudopotentialFile[], wavefunction: number) {
  const given = settings.densityCutoffRydberg ?? numberIn(user.system, 'ecutrho')
  const path = settings.densityCutoffRydberg === undefined ? 'system.ecutrho' : 'densityCutoffRydberg'
  if (given === undefined) {
    const suggested = Math.max(0, ...files.map(({ densityCutoffRydberg }) => densityCutoffRydberg ?? 0))
    return {
      value: Math.max(suggested, wavefunction * (files.some(isAugmented) ? AUGMENTED_RATIO : 4)),
      problems: [],
      warnings: [],
    }
  }
  if (given < 4 * wavefunction)
    return {
      value: given,
      problems: [
        parameterProblem(
          path,
          `a density cut-off of ${given} Ry is less than four times the wave functions' ${wavefunction} Ry: the density would be cut off`,
          `write at least ${4 * wavefunction}`,
          given,
        ),
      ],
      warnings: [],
    }
  return { value: given, ...tooLow(path, given, files, ({ densityCutoffRydberg }) => densityCutoffRydberg) }
}

function tooLow(
  path: string,
  value: number,
  files: readonly PseudopotentialFile[],
  suggestionOf: (file: PseudopotentialFile) => number | null,
) {
  const below = files.flatMap((file) => {
    const suggestion = suggestionOf(file)
    return suggestion !== null && value < suggestion ? [{ file, suggestion }] : []
  })
  const far = below.filter(({ suggestion }) => value < REFUSED_BELOW * suggestion)
  return {
    problems: far.map(({ file, suggestion }) =>
      parameterProblem(
        path,
        `${value} Ry is less than half of the ${suggestion} Ry that ${file.fileName} suggests: energies would be meaningless`,
        `write at least ${suggestion}`,
        value,
      ),
    ),
    warnings: below
      .filter((one) => !far.includes(one))
      .map(({ file, suggestion }) => `${path} of ${value} Ry is below the ${suggestion} Ry that ${file.fileName} suggests`),
  }
}
