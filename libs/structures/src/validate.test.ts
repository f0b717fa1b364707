import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { validateStructure } from './validate.ts'

const cubic = (over: Partial<Structure> = {}): Structure => ({
  latticeAngstrom: [
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 4],
  ],
  species: ['Na', 'Cl'],
  positionsAngstrom: [
    [0, 0, 0],
    [2, 2, 2],
  ],
  ...over,
})
const first = (structure: Structure, limits = {}) => validateStructure(structure, limits).problems[0]

describe('a structure', () => {
  it('passes when nothing is wrong with it', () => expect(validateStructure(cubic())).toEqual({ problems: [], warnings: [] }))

  it('names the nearest element of a misspelt one', () => {
    expect(first(cubic({ species: ['NA', 'Cl'] }))).toEqual({
      path: 'structure.species[0]',
      value: 'NA',
      message: '"NA" is no element',
      mend: 'did you mean Na? (names such as Fe1 go into labels)',
    })
    expect(first(cubic({ species: ['Na', 'Cl1'] }))?.mend).toContain('did you mean Cl?')
  })

  it('is refused when atoms coincide across the cell boundary', () => {
    const near = cubic({
      positionsAngstrom: [
        [0.05, 0, 0],
        [3.9, 4, -8],
      ],
    })
    expect(first(near)?.message).toBe('atoms 1 (Na) and 2 (Cl) of Cl Na are 0.150 Å apart, periodic images included')
  })

  it('may have atoms near the boundary of a direction that does not repeat', () => {
    const slab = cubic({
      periodic: [true, true, false],
      positionsAngstrom: [
        [0, 0, 0.05],
        [0, 0, 3.95],
      ],
    })
    expect(validateStructure(slab).problems).toEqual([])
    expect(first({ ...slab, periodic: [true, true, true] })?.message).toContain('0.100 Å apart')
  })

  it('is refused when atoms of a molecule coincide', () => {
    const molecule: Structure = {
      latticeAngstrom: null,
      species: ['H', 'H'],
      positionsAngstrom: [
        [9, 9, 9],
        [9, 9, 9.2],
      ],
    }
    expect(first(molecule)?.message).toContain('0.200 Å apart')
  })

  it('is refused without volume, and warned of when left-handed', () => {
    const flat = cubic({
      latticeAngstrom: [
        [4, 0, 0],
        [0, 4, 0],
        [4, 4, 0],
      ],
    })
    expect(first(flat)?.message).toContain('the cell has a volume of')
    const left = cubic({
      latticeAngstrom: [
        [0, 4, 0],
        [4, 0, 0],
        [0, 0, 4],
      ],
    })
    expect(validateStructure(left).warnings).toEqual([
      'the lattice vectors are left-handed; some codes refuse that: swap two of them',
    ])
  })

  it('is refused when lists differ in length or numbers are not finite', () => {
    expect(first(cubic({ initialMomentsBohr: [1] }))?.message).toBe('initialMomentsBohr has 1 entries for 2 atoms')
    expect(
      first(
        cubic({
          positionsAngstrom: [
            [0, 0, 0],
            [Number.NaN, 1, 1],
          ],
        }),
      )?.path,
    ).toBe('structure.positionsAngstrom[1]')
  })

  it('is refused when it is too large, empty, or repeats without a lattice', () => {
    expect(first(cubic(), { maxAtoms: 1 })?.message).toBe('2 atoms are more than the 1 that are allowed')
    expect(first(cubic({ species: [], positionsAngstrom: [] }))?.message).toBe('the structure has no atoms')
    expect(first(cubic({ latticeAngstrom: null, periodic: [true, false, false] }))?.path).toBe('structure.periodic')
  })
})
