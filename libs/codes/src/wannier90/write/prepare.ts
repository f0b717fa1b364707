import type { InputProblem, Vector3 } from '@crystalmath/contract'
import { hasLattice, type LatticeStructure } from '@crystalmath/structures'
import type { KPath } from '@crystalmath/symmetry'
import type { Prepared, Task } from '../../code-writes.ts'
import { automaticPath } from '../../writing/automatic-path.ts'
import { parameterProblem } from '../../writing/problems.ts'
import { beginningOf } from '../../writing/restart-mode.ts'
import { KEPT, runWannier90, SEED } from '../command.ts'
import { wannierDemand } from '../resources.ts'
import { projectionProblems } from './projections.ts'
import { type PathPoint, settingsOf, type WannierSettings } from './settings.ts'

type Piece = readonly [PathPoint, PathPoint]

/** Renders a job of Wannier90, or says all that is wrong with it. The overlaps come with the job's extra files. */
export function prepareWannier90(task: Task): Prepared {
  const beginning = beginningOf(task)
  const { settings, problems } = settingsOf(beginning.parameters)
  if (settings === null || beginning.problems.length > 0) return { ok: false, problems: [...beginning.problems, ...problems] }
  const { structure } = task
  if (structure === null || !hasLattice(structure))
    return {
      ok: false,
      problems: [
        { path: 'structure', message: 'Wannier90 needs a structure with a lattice', mend: 'add the crystal to the job' },
      ],
    }
  const { projections, wannierFunctionCount: wanted, win } = settings
  const isChosen = win.has('select_projections') || win.get('auto_projections') === true
  const missing = [
    ...overlapProblems(task, settings),
    ...projectionProblems(isChosen ? [] : projections, {
      species: structure.species,
      wanted,
      isSpinor: win.get('spinors') === true,
    }),
  ]
  if (missing.length > 0) return { ok: false, problems: missing }
  const along = settings.kPath === 'auto' ? automaticPath(structure, win.get('spinors') !== true) : null
  if (along !== null && 'problem' in along) return { ok: false, problems: [along.problem] }
  const given = settings.kPath === 'auto' ? [] : (settings.kPath ?? [])
  const isSetup = settings.calculation === 'setup'
  return {
    ok: true,
    preparation: {
      files: [
        {
          path: `${SEED}.win`,
          text: renderWin(settings, structure, along === null ? given : piecesOf(along.path), beginning.mode === 'checkpoint'),
        },
        ...task.request.extraFiles,
      ],
      clusterFiles: [],
      steps: [runWannier90(isSetup)],
      stopFile: null,
      keep: KEPT,
      parse: '.',
      demand: wannierDemand(settings),
      warnings: [],
    },
  }
}

function overlapProblems({ request }: Task, settings: WannierSettings): readonly InputProblem[] {
  const there = new Set(request.extraFiles.map(({ path }) => path))
  const taken = request.extraFiles.findIndex(({ path }) => path === `${SEED}.win` || path === `${SEED}.wout`)
  const clash =
    taken < 0
      ? []
      : [
          {
            path: `extraFiles[${taken}].path`,
            message: `"${request.extraFiles[taken]?.path}" is a name that the platform uses itself`,
            mend: 'choose another name',
          },
        ]
  if (settings.calculation === 'setup') return clash
  const needed = [
    `${SEED}.mmn`,
    ...(settings.win.get('use_bloch_phases') === true ? [] : [`${SEED}.amn`]),
    ...((settings.bandCount ?? settings.wannierFunctionCount) > settings.wannierFunctionCount || settings.kPath !== undefined
      ? [`${SEED}.eig`]
      : []),
  ]
  const absent = needed.filter((name) => !there.has(name))
  return absent.length === 0
    ? clash
    : [
        ...clash,
        parameterProblem(
          'calculation',
          `${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} missing: Wannier90 reads them`,
          'send what pw2wannier90 wrote as extraFiles, or run calculation "setup" first',
        ),
      ]
}

/** All points of a Γ-centred mesh, the third index fastest, as kmesh.pl of Wannier90 lists them. */
export function meshPoints([n1, n2, n3]: Vector3): readonly Vector3[] {
  const steps = (count: number) => Array.from({ length: count }, (_, index) => index / count)
  return steps(n1).flatMap((x) => steps(n2).flatMap((y) => steps(n3).map((z): Vector3 => [x, y, z])))
}

const row = (values: readonly number[]): string => values.map((value) => value.toFixed(12).padStart(17)).join(' ')
const block = (name: string, lines: readonly string[]): readonly string[] => [`begin ${name}`, ...lines, `end ${name}`]
const shown = (value: string | number | boolean): string => (typeof value === 'boolean' ? `.${value}.` : String(value))

/** Lines of an automatic path as pairs of points. */
const piecesOf = ({ points, segments }: KPath): readonly Piece[] =>
  segments.map(([from, to]) => [
    { label: from, point: points.get(from) ?? [0, 0, 0] },
    { label: to, point: points.get(to) ?? [0, 0, 0] },
  ])

function renderWin(settings: WannierSettings, structure: LatticeStructure, kPath: readonly Piece[], goesOn: boolean): string {
  const { wannierFunctionCount, bandCount, kMesh, projections, win, calculation } = settings
  const keywords = new Map<string, string | number | boolean>([
    ['num_wann', wannierFunctionCount],
    ...(bandCount === undefined ? [] : [['num_bands', bandCount] as const]),
    ['mp_grid', kMesh.join(' ')],
    ...(kPath.length === 0 ? [] : [['bands_plot', true] as const]),
    ...win,
    ...(calculation === 'setup' ? [['postproc_setup', true] as const] : []),
    ...(goesOn ? [['restart', 'wannierise'] as const] : []),
  ])
  const piece = ({ label, point }: { readonly label: string; readonly point: Vector3 }) => `${label} ${row(point)}`
  return [
    ...[...keywords].map(([word, value]) => `${word} = ${shown(value)}`),
    ...block('unit_cell_cart', ['Ang', ...structure.latticeAngstrom.map(row)]),
    ...block('atoms_cart', [
      'Ang',
      ...structure.positionsAngstrom.map((position, atom) => `${structure.species[atom]} ${row(position)}`),
    ]),
    ...(projections.length === 0 ? [] : block('projections', projections)),
    ...(kPath.length === 0
      ? []
      : block(
          'kpoint_path',
          kPath.map(([from, to]) => `${piece(from)} ${piece(to)}`),
        )),
    ...block('kpoints', meshPoints(kMesh).map(row)),
    '',
  ].join('\n')
}
