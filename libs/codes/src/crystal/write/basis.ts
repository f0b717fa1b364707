import type { InputProblem } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import { type BasisHead, readBasis } from '../pseudopotentials.ts'

export type Basis = {
  /** The block between the geometry and the Hamiltonian, END of the geometry included. */
  readonly lines: readonly string[]
  /** Electrons of the core potentials' valence by element; empty for sets of the library, which are taken as all-electron where nothing is known. */
  readonly coreCharges: ReadonlyMap<string, number>
  readonly problems: readonly InputProblem[]
}

/** A set by name stands in the place of the geometry's END; texts come in the order of the elements and end with 99 0. */
export function basisOf(basis: string | Readonly<Record<string, unknown>>, elements: readonly string[]): Basis {
  if (typeof basis === 'string') return { lines: ['BASISSET', basis], coreCharges: new Map(), problems: [] }
  const problems: InputProblem[] = []
  const coreCharges = new Map<string, number>()
  const lines: string[] = []
  for (const element of elements) {
    const text = basis[element]
    if (typeof text !== 'string') {
      problems.push(
        parameterProblem(
          `basis.${element}`,
          `there is no basis set for ${element}`,
          'give its text as CRYSTAL reads it: "12 3\\n1 0 3 2. 0.\\n…"',
        ),
      )
      continue
    }
    const trimmed = text.trim().replace(/\n\s*99\s+0\s*$/, '')
    const head = readBasis(trimmed)
    const fault = typeof head === 'string' ? head : faultOf(head, element)
    if (fault !== null)
      problems.push(parameterProblem(`basis.${element}`, `the basis set of ${element}: ${fault}`, 'correct its text'))
    else if (typeof head !== 'string' && head.coreCharge !== null) coreCharges.set(element, head.coreCharge)
    lines.push(...trimmed.split(/\r?\n/).map((line) => line.trim()))
  }
  for (const element of Object.keys(basis))
    if (!elements.includes(element))
      problems.push(
        parameterProblem(
          `basis.${element}`,
          `the structure has no ${element}`,
          `there are ${elements.join(', ')}`,
          basis[element],
        ),
      )
  return { lines: ['END', ...lines, '99 0', 'ENDBS'], coreCharges, problems }
}

function faultOf({ conventional, element: meant, electrons, coreCharge }: BasisHead, element: string): string | null {
  if (meant !== element) return `its conventional number ${conventional} is ${meant ?? 'no element'}, not ${element}`
  return coreCharge !== null && Math.abs(electrons - coreCharge) > 1e-6
    ? `its shells hold ${electrons} electrons, but the core has a charge of ${coreCharge}: the cell would not be neutral`
    : null
}
