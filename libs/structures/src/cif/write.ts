import { decimals } from '../digits.ts'
import { composition, formulaOf } from '../formula.ts'
import { cellParametersOf, type LatticeStructure, toFractional } from '../lattice.ts'

/** CIF in P 1 with all atoms, labelled `Si1`, `Si2`, … A CIF keeps neither the cell's orientation in space, nor initial moments, nor fixed atoms. */
export function formatCif(structure: LatticeStructure, name = 'structure'): string {
  const { latticeAngstrom, species, positionsAngstrom } = structure
  const { lengths, angles } = cellParametersOf(latticeAngstrom)
  const seen = new Map<string, number>()
  const rows = toFractional(positionsAngstrom, latticeAngstrom).map((row, index) => {
    const symbol = species[index] ?? ''
    const number = (seen.get(symbol) ?? 0) + 1
    seen.set(symbol, number)
    return `${symbol} ${symbol}${number} ${row.map((value) => decimals(value)).join(' ')} 1`
  })
  return [
    `data_${name.replace(/[^A-Za-z0-9_.-]+/g, '_').slice(0, 60) || 'structure'}`,
    `_chemical_formula_sum '${formulaOf(species)}'`,
    `_cell_formula_units_Z ${composition(species).size === 0 ? '?' : 1}`,
    ...(['a', 'b', 'c'] as const).map((axis, index) => `_cell_length_${axis} ${decimals(lengths[index as 0 | 1 | 2])}`),
    ...(['alpha', 'beta', 'gamma'] as const).map(
      (angle, index) => `_cell_angle_${angle} ${decimals(angles[index as 0 | 1 | 2])}`,
    ),
    "_space_group_name_H-M_alt 'P 1'",
    '_space_group_IT_number 1',
    'loop_',
    '_space_group_symop_operation_xyz',
    "'x, y, z'",
    'loop_',
    '_atom_site_type_symbol',
    '_atom_site_label',
    '_atom_site_fract_x',
    '_atom_site_fract_y',
    '_atom_site_fract_z',
    '_atom_site_occupancy',
    ...rows,
    '',
  ].join('\n')
}
