import { describe, expect, it } from 'vitest'
import { numericColumns, pointsOf, usualAxes } from './browser/pages/columns.ts'

const row = (over: object) => ({
  ...{ row: 0, job_id: 'j', name: 'si', status: 'completed', metal: 'Ni', strain: '0.96', energy_ev: -10, energy_kind: 'total' },
  ...{ max_force_ev_per_angstrom: 0, formula: 'Si2', atom_count: 2, volume_angstrom3: 36 },
  ...over,
})

describe('columns to draw', () => {
  it('hold numbers, as text too, that are not all the same', () => {
    const rows = [row({}), row({ row: 1, strain: '0.97', energy_ev: -11 }), row({ row: 2, strain: '', energy_ev: null })]
    expect(numericColumns(rows)).toEqual(['strain', 'energy_ev'])
    expect(pointsOf(rows, { x: 'strain', y: 'energy_ev' })).toEqual([
      { x: 0.96, y: -10, name: 'si', href: '#/jobs/j' },
      { x: 0.97, y: -11, name: 'si', href: '#/jobs/j' },
    ])
  })

  it.each([
    ["energies over the table's own number", { strain: '0.97', energy_ev: -11 }, { x: 'strain', y: 'energy_ev' }],
    ['energies over volumes', { volume_angstrom3: 37, energy_ev: -11 }, { x: 'volume_angstrom3', y: 'energy_ev' }],
    [
      'forces of different compounds',
      { formula: 'SiGe', volume_angstrom3: 40, energy_ev: -11, max_force_ev_per_angstrom: 0.2 },
      { x: 'volume_angstrom3', y: 'max_force_ev_per_angstrom' },
    ],
  ])('are %s', (_, over, axes) => {
    expect(usualAxes([row({}), row(over)])).toEqual(axes)
  })
})
