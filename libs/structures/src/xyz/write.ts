import type { Structure } from '@crystalmath/contract'
import { decimals, decimalsRow } from '../digits.ts'
import { formulaOf } from '../formula.ts'
import { periodicityOf } from '../lattice.ts'

const letter = (flag: boolean): string => (flag ? 'T' : 'F')

/** Plain XYZ: symbols and Cartesian positions in Å; the lattice, if any, is lost. */
export function formatXyz({ species, positionsAngstrom }: Structure, comment = formulaOf(species)): string {
  const rows = positionsAngstrom.map((row, index) => `${(species[index] ?? '').padEnd(3)} ${decimalsRow(row)}`)
  return [String(species.length), comment.replace(/[\r\n]+/g, ' '), ...rows, ''].join('\n')
}

/** Extended XYZ as ASE reads it: lattice, periodicity, initial moments (`initial_magmoms`), what may move (`move_mask`), labels. */
export function formatExtxyz(structure: Structure): string {
  const { latticeAngstrom, species, positionsAngstrom, initialMomentsBohr, fixed, labels } = structure
  const properties = [
    'species:S:1:pos:R:3',
    ...(fixed === undefined ? [] : ['move_mask:L:3']),
    ...(initialMomentsBohr === undefined ? [] : ['initial_magmoms:R:1']),
    ...(labels === undefined ? [] : ['labels:S:1']),
  ].join(':')
  const cell =
    latticeAngstrom === null
      ? ''
      : `Lattice="${latticeAngstrom
          .flat()
          .map((value) => decimals(value))
          .join(' ')}" `
  const head = `${cell}Properties=${properties} pbc="${periodicityOf(structure).map(letter).join(' ')}"`
  const rows = positionsAngstrom.map((row, index) =>
    [
      (species[index] ?? '').padEnd(3),
      decimalsRow(row),
      ...(fixed === undefined ? [] : [(fixed[index] ?? [false, false, false]).map((is) => letter(!is)).join(' ')]),
      ...(initialMomentsBohr === undefined ? [] : [decimals(initialMomentsBohr[index] ?? 0)]),
      ...(labels === undefined ? [] : [labels[index] ?? species[index] ?? '']),
    ].join(' '),
  )
  return [String(species.length), head, ...rows, ''].join('\n')
}
