import type { InputProblem, Structure } from '@crystalmath/contract'
import { atomicNumberOf, formulaOf } from '@crystalmath/structures'
import type { Prepared, Task } from '../../code-writes.ts'
import { parameterProblem } from '../../writing/problems.ts'
import { beginningOf } from '../../writing/restart-mode.ts'
import { GEOMETRY, GUESS, INPUT, keptFiles, OUTPUT, runCrystal } from '../command.ts'
import { crystalDemand } from '../resources.ts'
import { type Basis, basisOf } from './basis.ts'
import { dimensionOf, fixedProblems, geometryProblems, renderGeometry } from './geometry.ts'
import { meshOf, renderInput } from './input.ts'
import { type CrystalSettings, settingsOf } from './settings.ts'

/** Renders a job of CRYSTAL, or says all that is wrong with it. */
export function prepareCrystal(task: Task): Prepared {
  const beginning = beginningOf(task)
  const { settings, problems } = settingsOf(beginning.parameters)
  if (settings === null || beginning.problems.length > 0) return { ok: false, problems: [...beginning.problems, ...problems] }
  const structure = task.restart?.structure ?? task.structure
  if (structure === null)
    return {
      ok: false,
      problems: [{ path: 'structure', message: 'CRYSTAL needs a structure', mend: 'add a structure to the job' }],
    }
  const basis = basisOf(settings.basis ?? {}, [...new Set(structure.species)])
  const isSpinPolarised = settings.spin ?? structure.initialMomentsBohr?.some((moment) => moment !== 0) ?? false
  const found = [
    ...geometryProblems(structure),
    ...fixedProblems(structure, settings.calculation),
    ...basis.problems,
    ...dimensionProblems(settings, structure),
    ...spinProblems(settings, structure, basis, isSpinPolarised),
    ...nameProblems(task),
  ]
  if (found.length > 0) return { ok: false, problems: found }
  const title = task.request.name ?? formulaOf(structure.species)
  const readsWaveFunction = beginning.mode === 'wave-function'
  return {
    ok: true,
    preparation: {
      files: [
        {
          path: INPUT,
          text: renderInput({ title, settings, structure, basisLines: basis.lines, isSpinPolarised, readsWaveFunction }),
        },
        { path: GEOMETRY, text: renderGeometry(structure) },
        ...task.request.extraFiles,
      ],
      clusterFiles: [],
      steps: [runCrystal(task.resources.ranks)],
      stopFile: null,
      keep: keptFiles(settings.keepWaveFunction),
      parse: '.',
      demand: crystalDemand({
        settings,
        structure,
        isSpinPolarised,
        electrons: electronsOf(structure, basis),
        clusterCode: task.clusterCode,
        kPointCount: meshOf(settings, structure).reduce((product, one) => product * one, 1),
      }),
      warnings: [
        ...(structure.species.length > 2
          ? ['symmetry is not used: every atom is written, and CRYSTAL computes all of them']
          : []),
      ],
    },
  }
}

function dimensionProblems({ calculation, kMesh, smearingEv }: CrystalSettings, structure: Structure): readonly InputProblem[] {
  const dimension = dimensionOf(structure)
  return [
    ...(dimension === 0 && calculation === 'vc-relax'
      ? [parameterProblem('calculation', 'a molecule has no cell to relax', 'write "relax"', calculation)]
      : []),
    ...(dimension === 0 && kMesh !== undefined
      ? [parameterProblem('kMesh', 'a molecule has no k points', 'leave kMesh out', kMesh)]
      : []),
    ...(dimension === 0 && smearingEv !== undefined
      ? [parameterProblem('smearingEv', 'the levels of a molecule are not smeared', 'leave smearingEv out', smearingEv)]
      : []),
    ...(calculation !== 'scf' && structure.species.length === 1 && dimension === 0
      ? [parameterProblem('calculation', `one atom alone has no ${calculation}`, 'write "scf"', calculation)]
      : []),
  ]
}

/** Electrons of the neutral cell, core potentials taken off where they are known. */
const electronsOf = ({ species }: Structure, { coreCharges }: Basis): number =>
  species.reduce((sum, symbol) => sum + (coreCharges.get(symbol) ?? atomicNumberOf(symbol) ?? 0), 0)

function spinProblems(
  { spin, unpairedElectrons }: CrystalSettings,
  structure: Structure,
  basis: Basis,
  isSpinPolarised: boolean,
): readonly InputProblem[] {
  const electrons = electronsOf(structure, basis)
  const hasMoments = structure.initialMomentsBohr?.some((moment) => moment !== 0) === true
  if (spin === false && hasMoments)
    return [parameterProblem('spin', 'spin = false contradicts the initial moments of the structure', 'leave spin out', false)]
  if (unpairedElectrons !== undefined && !isSpinPolarised)
    return [parameterProblem('unpairedElectrons', 'unpaired electrons need spins', 'set spin to true', unpairedElectrons)]
  if (unpairedElectrons !== undefined && Math.abs(unpairedElectrons) > electrons)
    return [
      parameterProblem(
        'unpairedElectrons',
        `${electrons} electrons cannot have ${unpairedElectrons} unpaired ones`,
        'write fewer',
        unpairedElectrons,
      ),
    ]
  if (unpairedElectrons !== undefined && (electrons - unpairedElectrons) % 2 !== 0)
    return [
      parameterProblem(
        'unpairedElectrons',
        `${electrons} electrons cannot have ${unpairedElectrons} unpaired ones`,
        `write an ${electrons % 2 === 0 ? 'even' : 'odd'} number`,
        unpairedElectrons,
      ),
    ]
  return electrons % 2 !== 0 && !isSpinPolarised
    ? [parameterProblem('spin', `${electrons} electrons cannot all be paired`, 'set spin to true, and unpairedElectrons', spin)]
    : []
}

/** Files of the user's own must not take the place of ours. */
const nameProblems = ({ request }: Task): readonly InputProblem[] =>
  request.extraFiles.flatMap(({ path }, index) =>
    path === INPUT || path === OUTPUT || path === GUESS || /^fort\.\d+$/.test(path)
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
