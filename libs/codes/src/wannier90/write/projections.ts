import type { InputProblem } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'

/** Orbitals of a projection line and how many functions each makes (Wannier90 user guide, section 3). */
const ORBITALS: Readonly<Record<string, number>> = {
  ...{ s: 1, p: 3, d: 5, f: 7, sp: 2, sp2: 3, sp3: 4, sp3d: 5, sp3d2: 6 },
  ...{ px: 1, py: 1, pz: 1, dxy: 1, dxz: 1, dyz: 1, dz2: 1, 'dx2-y2': 1 },
}
const BY_L: Readonly<Record<string, number>> = { 0: 1, 1: 3, 2: 5, 3: 7, '-1': 2, '-2': 3, '-3': 4, '-4': 5, '-5': 6 }

/** Functions that one line makes; null where it says it in a way that is not counted here. */
function countOf(orbitals: string): number | null {
  let sum = 0
  for (const one of orbitals.split(';').map((part) => part.trim().toLowerCase())) {
    const [, l, parts] = /^l=(-?\d)(?:,mr=([\d,]+))?$/.exec(one) ?? []
    const count = l === undefined ? ORBITALS[one] : parts === undefined ? BY_L[l] : parts.split(',').length
    if (count === undefined) return null
    sum += count
  }
  return sum
}

/** Projections on elements that are not there, or that make another number of functions than was asked for. */
export function projectionProblems(
  projections: readonly string[],
  { species, wanted, isSpinor }: { readonly species: readonly string[]; readonly wanted: number; readonly isSpinor: boolean },
): readonly InputProblem[] {
  const problems: InputProblem[] = []
  let total: number | null = 0
  for (const [index, line] of projections.entries()) {
    const [, site = '', orbitals] = /^\s*([^:]+):([^:]+)/.exec(line) ?? []
    if (orbitals === undefined) {
      total = null
      if (!/^\s*(random|bohr|ang)\s*$/i.test(line))
        problems.push(
          parameterProblem(
            `projections[${index}]`,
            `"${line}" is no projection`,
            'write SITE:ORBITALS, for example "Si:sp3"',
            line,
          ),
        )
      continue
    }
    const isPlace = /^[fc]=/i.test(site.trim())
    const atoms = isPlace ? 1 : species.filter((symbol) => symbol.toLowerCase() === site.trim().toLowerCase()).length
    if (atoms === 0)
      problems.push(
        parameterProblem(
          `projections[${index}]`,
          `the structure has no ${site.trim()}`,
          `there are ${[...new Set(species)].join(', ')}`,
          line,
        ),
      )
    const count = countOf(orbitals)
    total = total === null || count === null ? null : total + count * atoms * (isSpinor ? 2 : 1)
  }
  return problems.length === 0 && projections.length > 0 && total !== null && total !== wanted
    ? [
        parameterProblem(
          'wannierFunctionCount',
          `the projections make ${total} functions, not ${wanted}`,
          `write ${total}, add "random", or change the projections`,
          wanted,
        ),
      ]
    : problems
}
