import type { InputProblem } from '@crystalmath/contract'
import { type LatticeStructure, periodicityOf } from '@crystalmath/structures'
import { type KPath, kPathOf, type PathPoint, pointsAlong } from '@crystalmath/symmetry'
import { parameterProblem } from './problems.ts'

/** 1/Å with 2π included; SeeK-path's default. */
const PATH_SPACING_PER_ANGSTROM = 0.025

type Found = { readonly path: KPath } | { readonly problem: InputProblem }

/** What `kPath: "auto"` means: the path of HPKOT in the cell as it was submitted, or why there is none. */
export function automaticPath(structure: LatticeStructure, withTimeReversal = true): Found {
  const refused = (message: string, mend: string): Found => ({ problem: parameterProblem('kPath', message, mend, 'auto') })
  if (periodicityOf(structure).includes(false))
    return refused('an automatic path is for crystals that repeat in three directions', 'list the points of the path instead')
  const path = kPathOf(structure, { withTimeReversal })
  if (path === null)
    return refused('no space group was found for this crystal', 'check the structure, or list the points of the path instead')
  return path.cellMultiple > 1
    ? refused(
        `the cell holds ${path.cellMultiple} primitive cells of ${path.symbol}: its bands along the path would be folded, and the labels wrong`,
        'submit the primitive cell, or list the points of the path instead',
      )
    : { path }
}

/** The points along it, in words of the submitted cell. */
export function automaticPoints(
  structure: LatticeStructure,
  spacingPerAngstrom = PATH_SPACING_PER_ANGSTROM,
  withTimeReversal = true,
): { readonly points: readonly PathPoint[] } | { readonly problem: InputProblem } {
  const found = automaticPath(structure, withTimeReversal)
  return 'problem' in found ? found : { points: pointsAlong(found.path, structure, spacingPerAngstrom) }
}

/** One line of an explicit list of k points, its label behind it where it has one. */
export const pathLine = ({ kPoint, label }: PathPoint): string =>
  `${kPoint.map((value) => (Math.abs(value) < 5e-13 ? 0 : value).toFixed(12)).join(' ')} 1${label === null ? '' : ` ! ${label}`}`
