import type { InputProblem, Preparation, PseudopotentialFile } from '@crystalmath/contract'
import { formatPoscar, formulaOf, type LatticeStructure } from '@crystalmath/structures'
import type { Prepared, Task } from '../../code-writes.ts'
import { parameterProblem } from '../../writing/problems.ts'
import { beginningOf } from '../../writing/restart-mode.ts'
import { dataSetPath, type Flavour, joinDataSets, keptFiles, runOf, STOP_FILE } from '../command.ts'
import { FUNCTIONALS } from '../presets.ts'
import { choosePotcars } from '../pseudopotentials.ts'
import { vaspDemand } from '../resources.ts'
import { SOURCE_PRESETS } from '../source-presets.ts'
import { groupedOrder, isSubmittedOrder, reordered } from './atom-order.ts'
import { inCell } from './cell.ts'
import { consistencyProblems } from './consistency.ts'
import { cutoffOf, defaultIncar } from './defaults.ts'
import { type Incar, renderIncar, type TagValue, userIncar } from './incar.ts'
import { pathOf, renderKPoints, renderPath } from './k-points.ts'
import { physicsProblems, valenceElectrons } from './physics.ts'
import { contradictions, settingsOf, type VaspSettings } from './settings.ts'

type Basis = {
  readonly task: Task
  readonly settings: VaspSettings
  /** Atoms grouped by element. */
  readonly structure: LatticeStructure
  readonly order: readonly number[]
  readonly elements: readonly string[]
  readonly user: Incar
  readonly files: ReadonlyMap<string, PseudopotentialFile>
}

const refused = (...problems: readonly InputProblem[]): Prepared => ({ ok: false, problems })

/** Renders a job of VASP, or says all that is wrong with it. POTCAR is put together on the cluster. */
export function prepareVasp(task: Task): Prepared {
  const beginning = beginningOf(task)
  const { settings, problems } = settingsOf(beginning.parameters)
  const twice = [...beginning.problems, ...contradictions(task.request.parameters)]
  if (settings === null || twice.length > 0) return refused(...problems, ...twice)
  const cell = inCell(task.restart?.structure ?? task.structure, settings.vacuumAngstrom)
  if ('problem' in cell) return refused(cell.problem)
  const order = groupedOrder(cell.structure)
  const structure = reordered(cell.structure, order)
  const elements = [...new Set(structure.species)]
  const user = userIncar(settings.incar, { elements, allowUnknown: settings.allowUnknown })
  const chosen = choosePotcars({
    elements,
    available: task.inventory.pseudopotentials.vasp ?? null,
    folder: task.clusterCode.pseudopotentialFolder ?? null,
    byElement: settings.pseudopotentials,
    family: settings.pseudopotentialFamily ?? null,
    functional: FUNCTIONALS[settings.functional]?.potcar ?? 'PBE',
    source: SOURCE_PRESETS[settings.preset] ?? null,
  })
  const early = [...user.problems, ...chosen.problems, ...orderProblems(user.incar, order), ...folderProblems(task)]
  if (early.length > 0) return refused(...early)
  return rendered({ task, settings, structure, order, elements, user: user.incar, files: chosen.files })
}

/** A list per atom would fall on other atoms once they are grouped by element. */
function orderProblems(user: Incar, order: readonly number[]): readonly InputProblem[] {
  if (!user.has('MAGMOM') || isSubmittedOrder(order)) return []
  return [
    parameterProblem(
      'incar.MAGMOM',
      'MAGMOM lists moments by atom, but VASP gets the atoms grouped by element, in another order than submitted',
      'give the structure initialMomentsBohr instead',
    ),
  ]
}

function folderProblems({ request, clusterCode }: Task): readonly InputProblem[] {
  return clusterCode.pseudopotentialFolder === undefined
    ? [
        {
          path: 'cluster',
          value: request.cluster,
          message: `cluster ${request.cluster} does not say where its POTCARs lie`,
          mend: 'register codes.vasp.pseudopotentialFolder',
        },
      ]
    : []
}

function rendered(basis: Basis): Prepared {
  const { task, settings, structure, order, elements, user, files } = basis
  const cutoff = cutoffOf(settings, user, [...files.values()])
  const valence = valenceElectrons(structure, files)
  const { count, text: kPoints } = renderKPoints(settings, structure)
  // a mesh of the user's own takes the place of a preset's KSPACING
  const incar = new Map([...incarOf(basis, cutoff.value, valence)].filter(([tag]) => tag !== 'KSPACING' || kPoints === null))
  const electrons = valence === null ? null : valence - (settings.charge ?? 0)
  const problems = [
    ...cutoff.problems,
    ...(settings.charge !== undefined && valence === null
      ? [
          parameterProblem(
            'charge',
            'the charge cannot be set: a POTCAR does not say its valence electrons',
            'set incar.NELECT',
            settings.charge,
          ),
        ]
      : []),
    ...physicsProblems({
      incar,
      structure,
      elementCount: elements.length,
      electrons,
      kPointCount: count,
      ranks: task.resources.ranks,
      calculation: settings.calculation,
    }),
    ...consistencyProblems({
      user,
      incar,
      calculation: settings.calculation,
      executable: settings.executable,
      kPointCount: count,
      ranks: task.resources.ranks,
      electrons,
    }),
    ...nameProblems(task),
  ]
  if (problems.length > 0) return refused(...problems)
  const isNoncollinear = incar.get('LNONCOLLINEAR') === true || incar.get('LSORBIT') === true
  const along = pathOf(settings, structure, isNoncollinear)
  if (along !== null && 'problem' in along) return refused(along.problem)
  const flavour: Flavour = settings.executable ?? (isNoncollinear ? 'noncollinear' : 'standard')
  const demand = vaspDemand({
    calculation: settings.calculation,
    incar,
    structure,
    cutoffEv: cutoff.value,
    electrons,
    kPointCount: count,
    isMesh: settings.kPoints === undefined,
  })
  const preparation: Preparation = {
    files: [
      { path: 'INCAR', text: renderIncar(incar) },
      ...(kPoints === null ? [] : [{ path: 'KPOINTS', text: kPoints }]),
      { path: 'POSCAR', text: formatPoscar(structure, { comment: formulaOf(structure.species) }) },
      ...(along === null ? [] : [{ path: 'KPOINTS_OPT', text: renderPath(along.points) }]),
      ...task.request.extraFiles,
    ],
    clusterFiles: elements.flatMap((element, index) => {
      const file = files.get(element)
      return file === undefined
        ? []
        : [{ from: `${task.clusterCode.pseudopotentialFolder}/${file.fileName}`, to: dataSetPath(index), md5: file.md5 || null }]
    }),
    steps: [joinDataSets(elements.length), runOf(flavour)],
    stopFile: STOP_FILE,
    keep: keptFiles(settings.keepCharge, Number(incar.get('NSW') ?? 0) > 0),
    parse: '.',
    ...(demand === null ? {} : { demand }),
    ...(isSubmittedOrder(order) ? {} : { atomOrder: order }),
    warnings: [...cutoff.warnings, ...(along === null ? [] : ['the path of KPOINTS_OPT is computed by VASP 6.3 and later only'])],
  }
  return { ok: true, preparation }
}

/** What the ways to begin mean to VASP; without a word and without WAVECAR it begins from atoms. */
const BEGINNINGS: Readonly<Record<string, readonly (readonly [string, TagValue])[]>> = {
  checkpoint: [['ISTART', 1]],
  density: [
    ['ISTART', 0],
    ['ICHARG', 1],
  ],
}

function incarOf({ task, settings, structure, user }: Basis, cutoffEv: number | null, valence: number | null): Incar {
  const electrons = settings.charge === undefined || valence === null ? [] : [['NELECT', valence - settings.charge] as const]
  return new Map<string, TagValue>([
    ...defaultIncar(settings, structure, task.request.name),
    ...(cutoffEv === null ? [] : [['ENCUT', cutoffEv] as const]),
    ...electrons,
    ...user,
    ...(BEGINNINGS[beginningOf(task).mode ?? ''] ?? []),
  ])
}

/** Files of the user's own must not take the place of ours, and no POTCAR comes from outside. */
const nameProblems = ({ request }: Task): readonly InputProblem[] =>
  request.extraFiles.flatMap(({ path }, index) =>
    /^(INCAR|KPOINTS|KPOINTS_OPT|POSCAR|CONTCAR|OUTCAR|OSZICAR|vasprun\.xml|vasp\.out|STOPCAR|CHGCAR|WAVECAR|POTCAR.*|POT_.*|PSCTR)$/.test(
      path,
    )
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
