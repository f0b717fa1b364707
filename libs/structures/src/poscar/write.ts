import { decimalsRow } from '../digits.ts'
import { formulaOf } from '../formula.ts'
import { type LatticeStructure, toFractional } from '../lattice.ts'

/** Neighbouring atoms of one element as one run: the order of atoms is kept, so an element may come more than once. */
function runsOf(species: readonly string[]): readonly { readonly symbol: string; readonly count: number }[] {
  const runs: { symbol: string; count: number }[] = []
  for (const symbol of species) {
    const last = runs.at(-1)
    if (last?.symbol === symbol) last.count += 1
    else runs.push({ symbol, count: 1 })
  }
  return runs
}

export type PoscarOptions = {
  /** First line; its newlines become blanks. */
  readonly comment?: string
  /** Default `direct`. */
  readonly coordinates?: 'direct' | 'cartesian'
}

/** POSCAR of VASP 5 and later, atoms in their order, selective dynamics where something is fixed. */
export function formatPoscar(structure: LatticeStructure, { comment, coordinates = 'direct' }: PoscarOptions = {}): string {
  const { latticeAngstrom, species, positionsAngstrom, fixed } = structure
  const runs = runsOf(species)
  const rows = coordinates === 'direct' ? toFractional(positionsAngstrom, latticeAngstrom) : positionsAngstrom
  const selective = fixed?.some((row) => row.includes(true)) === true
  const flags = (index: number) =>
    selective ? ` ${(fixed?.[index] ?? [false, false, false]).map((is) => (is ? 'F' : 'T')).join(' ')}` : ''
  return [
    (comment ?? formulaOf(species)).replace(/[\r\n]+/g, ' ').slice(0, 200),
    '1.0',
    ...latticeAngstrom.map((row) => decimalsRow(row)),
    runs.map(({ symbol }) => symbol).join(' '),
    runs.map(({ count }) => count).join(' '),
    ...(selective ? ['Selective dynamics'] : []),
    coordinates === 'direct' ? 'Direct' : 'Cartesian',
    ...rows.map((row, index) => `${decimalsRow(row)}${flags(index)}`),
    '',
  ].join('\n')
}
