import type { Vector3 } from '@crystalmath/contract'
import { kMeshOf, type LatticeStructure } from '@crystalmath/structures'
import type { PathPoint } from '@crystalmath/symmetry'
import { automaticPoints, pathLine } from '../../writing/automatic-path.ts'
import { parameterProblem } from '../../writing/problems.ts'
import { protocolOf } from '../presets.ts'
import { SOURCE_PRESETS } from '../source-presets.ts'
import type { VaspSettings } from './settings.ts'

/** Text of KPOINTS, null where the preset writes KSPACING instead; with the number of points before symmetry. */
export function renderKPoints(
  settings: VaspSettings,
  structure: LatticeStructure,
): { readonly text: string | null; readonly count: number } {
  const { kPoints, kMesh, kShift = [0, 0, 0], kScheme, kSpacingPerAngstrom, preset } = settings
  if (kPoints !== undefined) {
    const rows = kPoints.map(
      ([x = 0, y = 0, z = 0, weight = 1]) => `${[x, y, z].map((value) => value.toFixed(12)).join(' ')} ${weight}`,
    )
    return { text: ['explicit', String(rows.length), 'Reciprocal', ...rows, ''].join('\n'), count: rows.length }
  }
  const source = kMesh === undefined && kSpacingPerAngstrom === undefined ? SOURCE_PRESETS[preset] : undefined
  const density = source?.mesh(structure)
  if (density === null)
    return {
      text: null,
      count: pointCount(kMeshOf(structure, Number(source?.tags(structure, settings.calculation)['KSPACING']))),
    }
  const mesh = density?.mesh ?? kMesh ?? kMeshOf(structure, kSpacingPerAngstrom ?? protocolOf(preset).kSpacingPerAngstrom)
  const scheme = (density?.scheme ?? kScheme) === 'gamma' ? 'Gamma' : 'Monkhorst-Pack'
  return {
    text: ['regular mesh', '0', scheme, mesh.join(' '), kShift.join(' '), ''].join('\n'),
    count: pointCount(mesh),
  }
}

const pointCount = ([a, b, c]: Vector3): number => a * b * c

/** The points of `kPath: "auto"`; null where none was asked for. */
export function pathOf(
  { kPath, kPathSpacingPerAngstrom, calculation }: VaspSettings,
  structure: LatticeStructure,
  isNoncollinear: boolean,
): ReturnType<typeof automaticPoints> | null {
  if (kPath === undefined) return null
  return calculation === 'static'
    ? automaticPoints(structure, kPathSpacingPerAngstrom, !isNoncollinear)
    : {
        problem: parameterProblem(
          'kPath',
          `bands belong to one geometry, and ${calculation} has many`,
          'write calculation "static"',
          kPath,
        ),
      }
}

/** Text of KPOINTS_OPT, as VASP 6.3 and later read it. */
export const renderPath = (points: readonly PathPoint[]): string =>
  ['path of HPKOT', String(points.length), 'Reciprocal', ...points.map(pathLine), ''].join('\n')
