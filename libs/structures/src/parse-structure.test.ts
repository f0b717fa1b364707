import { readFileSync } from 'node:fs'
import type { StructureSource } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { formulaOf } from './formula.ts'
import { volumeAngstrom3 } from './lattice.ts'
import { parseStructure } from './parse-structure.ts'

const good = (source: StructureSource) => {
  const parsed = parseStructure(source)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed
}
const problemOf = (source: StructureSource) => {
  const parsed = parseStructure(source)
  if (parsed.ok) throw new Error('was accepted')
  return parsed.problems[0]
}
const poscar = (...lines: readonly string[]) => ({ format: 'poscar' as const, text: lines.join('\n') })
const fcc = ['0 2.7 2.7', '2.7 0 2.7', '2.7 2.7 0']

describe('POSCAR', () => {
  it('reads fractional coordinates and a scale factor', () => {
    const { structure } = good(
      poscar('si', '2.0', '0 1.35 1.35', '1.35 0 1.35', '1.35 1.35 0', 'Si', '2', 'Direct', '0 0 0', '.25 .25 2.5d-1 Si'),
    )
    expect(structure.latticeAngstrom).toEqual([
      [0, 2.7, 2.7],
      [2.7, 0, 2.7],
      [2.7, 2.7, 0],
    ])
    expect(structure.species).toEqual(['Si', 'Si'])
    expect(structure.positionsAngstrom[1]?.map((x) => Math.round(x * 1e9) / 1e9)).toEqual([1.35, 1.35, 1.35])
    expect(structure.fixed).toBeUndefined()
  })

  it('takes a negative scale factor for the volume', () => {
    const { structure } = good(poscar('', '-64', '1 0 0', '0 1 0', '0 0 1', 'Na Cl', '1 1', 'cartesian', '0 0 0', '.5 .5 .5'))
    expect(structure.latticeAngstrom).toEqual([
      [4, 0, 0],
      [0, 4, 0],
      [0, 0, 4],
    ])
    expect(structure.positionsAngstrom[1]).toEqual([2, 2, 2])
  })

  it('scales every Cartesian axis by its own factor where there are three', () => {
    const { structure } = good(poscar('', '1 2 3', '4 0 0', '0 4 0', '0 0 4', 'Fe', '1', 'c', '1 1 1'))
    expect(structure.latticeAngstrom).toEqual([
      [4, 0, 0],
      [0, 8, 0],
      [0, 0, 12],
    ])
    expect(structure.positionsAngstrom).toEqual([[1, 2, 3]])
  })

  it('reads what selective dynamics fixes', () => {
    const { structure } = good(
      poscar('', '1', ...fcc, 'Si_pv Si/1f3a', '1 1', 'Selective', 'Direct', '0 0 0 F F T', '.25 .25 .25 .TRUE. .TRUE. .TRUE.'),
    )
    expect(structure.fixed).toEqual([
      [true, true, false],
      [false, false, false],
    ])
    expect(structure.species).toEqual(['Si', 'Si'])
  })

  it('reads symbols and counts that are broken into several lines', () => {
    const { structure } = good(
      poscar('', '9', '1 0 0', '0 1 0', '0 0 1', 'Si O', 'Fe', '1 1', '2', 'Direct', '0 0 0', '.5 0 0', '0 .5 0', '0 0 .5'),
    )
    expect(structure.species).toEqual(['Si', 'O', 'Fe', 'Fe'])
  })

  it('says that velocities are not used', () => {
    const { warnings } = good(poscar('', '1', ...fcc, 'Si', '1', 'Direct', '0 0 0', '', '0.001 0 0'))
    expect(warnings).toEqual(['what follows the positions (line 11: velocities or the like) is not used'])
  })

  it.each([
    [
      'the format of VASP 4',
      poscar('', '1', ...fcc, '2', 'Direct', '0 0 0', '.25 .25 .25'),
      'line 6: the element symbols are missing (VASP 4 format)',
    ],
    ['a missing position', poscar('', '1', ...fcc, 'Si', '2', 'Direct', '0 0 0'), 'line 9: the file ends before position 2 of 2'],
    [
      'a broken number',
      poscar('', '1', ...fcc, 'Si', '1', 'Direct', '0 0 x'),
      'line 9: position 1 must be three numbers, found "0 0 x"',
    ],
    [
      'counts that do not fit',
      poscar('', '1', ...fcc, 'Si O', '1', 'Direct', '0 0 0'),
      'line 7: 2 element symbols need as many whole numbers of atoms, found "1"',
    ],
    [
      'a missing word Direct',
      poscar('', '1', ...fcc, 'Si', '1', '0 0 0'),
      'line 8: expected "Direct" or "Cartesian", found "0 0 0"',
    ],
    [
      'a contradicting label',
      poscar('', '1', ...fcc, 'Si', '1', 'Direct', '0 0 0 O'),
      'line 9: the position is marked "O", yet by the symbols',
    ],
    [
      'no scale factor',
      poscar('', 'Si', ...fcc, 'Si', '1', 'Direct', '0 0 0'),
      'line 2: the scale factor must be a number other than zero, found "Si"',
    ],
    [
      'missing flags',
      poscar('', '1', ...fcc, 'Si', '1', 'Sel', 'Direct', '0 0 0'),
      'line 10: with selective dynamics a position needs three flags',
    ],
  ])('refuses %s with its line and a mend', (_, source, message) => {
    expect(problemOf(source)?.message).toContain(message)
    expect(problemOf(source)?.mend).toMatch(/\S/)
  })
})

describe('XYZ', () => {
  it('reads a molecule, by symbol or by atomic number', () => {
    const { structure } = good({ format: 'xyz', text: '2\n\nH 0 0 0\n1 0 0 0.74\n' })
    expect(structure).toEqual({
      latticeAngstrom: null,
      species: ['H', 'H'],
      positionsAngstrom: [
        [0, 0, 0],
        [0, 0, 0.74],
      ],
    })
  })

  it('reads lattice, periodicity, moments and what may move', () => {
    const head =
      'Lattice="3 0 0 0 3 0 0 0 9" Properties=species:S:1:pos:R:3:move_mask:L:1:initial_magmoms:R:1 energy=-1.5 config="a b" pbc="T T F"'
    const { structure } = good({ format: 'extxyz', text: `2\n${head}\nFe 0 0 0 F 2.5\nFe 1.5 1.5 1.5 T -2.5\n` })
    expect(structure.periodic).toEqual([true, true, false])
    expect(structure.initialMomentsBohr).toEqual([2.5, -2.5])
    expect(structure.fixed).toEqual([
      [true, true, true],
      [false, false, false],
    ])
  })

  it.each([
    ['too few atoms', '3\n\nH 0 0 0\nH 0 0 1\n', 'line 1: the first line says 3 atoms, yet there are 2'],
    ['a second frame', '1\n\nH 0 0 0\n1\n\nH 0 0 1\n', 'line 4: the first line says 1 atoms, yet more follows: "1"'],
    ['a lattice of eight numbers', '1\nLattice="1 2 3 4 5 6 7 8"\nH 0 0 0\n', 'line 2: Lattice must be nine numbers, found 8'],
    ['no count', 'H 0 0 0\n', 'line 1: the first line must be the number of atoms, found "H 0 0 0"'],
    ['stars for a number', '1\n\nH 0 0 ****\n', 'line 3: pos must be 3 numbers, found "H 0 0 ****"'],
  ])('refuses %s', (_, text, message) => expect(problemOf({ format: 'extxyz', text })?.message).toContain(message))
})

const rutile = readFileSync(new URL('__fixtures__/rutile.cif', import.meta.url), 'utf8')
const hexagonal = readFileSync(new URL('__fixtures__/magnesium.cif', import.meta.url), 'utf8')

describe('CIF', () => {
  it('applies the symmetry operations once per atom', () => {
    const { structure, warnings } = good({ format: 'cif', text: rutile })
    expect(formulaOf(structure.species)).toBe('O4 Ti2')
    expect(
      volumeAngstrom3(
        structure.latticeAngstrom ?? [
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
      ),
    ).toBeCloseTo(62.43, 2)
    expect(warnings).toEqual([])
  })

  it('puts rounded coordinates onto their special position', () => {
    const { structure } = good({ format: 'cif', text: hexagonal })
    expect(structure.species).toEqual(['Mg', 'Mg'])
    const [a, , c] = [3.2094, 0, 5.2108]
    const [first] = structure.positionsAngstrom
    expect(first?.[0]).toBeCloseTo(0, 6)
    expect(first?.[1]).toBeCloseTo(a / Math.sqrt(3), 6)
    expect(first?.[2]).toBeCloseTo(c / 4, 6)
  })

  it.each([
    ['a partly occupied site', rutile.replace('Ti1 Ti4+ 0 0 0 1', 'Ti1 Ti4+ 0 0 0 0.5'), 'site Ti1 is occupied to 0.5'],
    [
      'a space group without operations',
      rutile.replace(/loop_\n_symmetry_equiv[\s\S]*?(?=loop_\n_atom)/, ''),
      'the space group "P 42/m n m" is named, but its operations are not listed',
    ],
    ['a broken operation', rutile.replace("'-x,-y,z'", "'-x,-y,w'"), '"-x,-y,w" is no symmetry operation'],
    ['a torn loop', rutile.replace('0.30479(10) 0 1.0', '0.30479(10) 0'), 'the last row of this loop has 5 values for 6 columns'],
    ['an unknown element', rutile.replace('Ti1 Ti4+', 'Xq1 Xq'), '"Xq" names no element'],
    [
      'a missing cell length',
      rutile.replace('_cell_length_c 2.9587(1)\n', ''),
      '_cell_length_c must be a positive number, found nothing',
    ],
    ['a text field without end', `${rutile}\n_note\n;text`, 'the text field that begins here with ";" has no end'],
  ])('refuses %s', (_, text, message) => expect(problemOf({ format: 'cif', text })?.message).toContain(message))

  it('leaves out dummy sites', () => {
    const text = rutile
      .replace('_atom_site_occupancy', '_atom_site_calc_flag')
      .replace('0 0 0 1', '0 0 0 d')
      .replace('0 1.0', '0 d')
    expect(formulaOf(good({ format: 'cif', text: `${text}X1 O 0.2 0.2 0.2 dum\n` }).structure.species)).toBe('O4 Ti2')
  })

  it('says when the atoms do not make the stated formula', () => {
    const { warnings } = good({ format: 'cif', text: rutile.replace("'O2 Ti'", "'O2 Ti H2'") })
    expect(warnings).toEqual(['the atoms make O4 Ti2, but _chemical_formula_sum says "O2 Ti H2": are atoms missing?'])
  })
})
