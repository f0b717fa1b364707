import { describe, expect, it } from 'vitest'
import { fed, fixture } from './__fixtures__/fed.ts'
import { poscar } from './poscar.ts'

const read = (text: string) => fed(poscar('POSCAR'), text)
const CELL = '4 0 0\n0 4 0\n0 0 4\n'

describe('POSCAR', () => {
  it('reads a CONTCAR of VASP 5 with velocities', () => {
    const { structure, hasVelocities, problem } = read(fixture('relax/CONTCAR'))
    expect(structure?.species).toEqual(['Si', 'Si'])
    expect(structure?.positionsAngstrom[1]).toEqual([1.9, 1.9, 1.9])
    expect([hasVelocities, problem]).toEqual([true, null])
  })

  it('scales the cell and cartesian positions, by a factor, by a volume, by three factors', () => {
    const atoms = 'Fe\n1\nCartesian\n1 1 1\n'
    expect(read(`x\n0.5\n${CELL}${atoms}`).structure).toMatchObject({
      latticeAngstrom: [
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
      ],
      positionsAngstrom: [[0.5, 0.5, 0.5]],
    })
    expect(read(`x\n-8\n${CELL}${atoms}`).structure?.latticeAngstrom?.[0]?.[0]).toBeCloseTo(2, 12)
    expect(read(`x\n1 2 3\n${CELL}${atoms}`).structure?.latticeAngstrom).toEqual([
      [4, 0, 0],
      [0, 8, 0],
      [0, 0, 12],
    ])
  })

  it('reads selective dynamics', () => {
    const { structure } = read(`x\n1\n${CELL}Fe O\n1 1\nSelective dynamics\nDirect\n0 0 0 T F .TRUE.\n.5 .5 .5 F F F\n`)
    expect(structure?.fixed).toEqual([
      [false, true, false],
      [true, true, true],
    ])
  })

  it('takes elements from the line of symbols, else from the comment, else from the ends of lines', () => {
    expect(read(`x\n1\n${CELL}Fe_pv O\n1 1\nDirect\n0 0 0\n.5 .5 .5\n`).structure?.species).toEqual(['Fe', 'O'])
    expect(read(`Fe O\n1\n${CELL}1 1\nDirect\n0 0 0\n.5 .5 .5\n`).structure?.species).toEqual(['Fe', 'O'])
    expect(read(`rust\n1\n${CELL}1 1\nDirect\n0 0 0 Fe\n.5 .5 .5 O\n`).structure?.species).toEqual(['Fe', 'O'])
  })

  it('guesses no element', () => {
    const { structure, speciesKnown } = read(`In my cell\n1\n${CELL}1\nDirect\n0 0 0\n`)
    expect([structure?.species, speciesKnown]).toEqual([[], false])
  })

  it('reads symbols and counts over several lines, and the first frame of XDATCAR', () => {
    const long = read(`x\n1\n${CELL}Fe O\nH\n1 1\n1\nDirect\n0 0 0\n.5 .5 .5\n.1 .1 .1\n`)
    expect(long.structure?.species).toEqual(['Fe', 'O', 'H'])
    const frames = read(`x\n1\n${CELL}Fe\n1\nDirect configuration=     1\n0.25 0 0\nDirect configuration=     2\n0.5 0 0\n`)
    expect(frames.structure?.positionsAngstrom).toEqual([[1, 0, 0]])
  })

  it('takes the last line of a CONTCAR for torn if it has no end', () => {
    const text = `x\n1\n${CELL}Fe\n1\nDirect\n0 0 0.12`
    expect(fed(poscar('CONTCAR'), text).structure).toBeNull()
    expect(read(text).structure).not.toBeNull()
  })

  it.each([
    ['', 'line 2 is no scaling factor: ""'],
    ['x\n1\n4 0 0\n0 four 0\n0 0 4\n', 'lines 3 to 5 are no lattice'],
    [`x\n1\n${CELL}Fe\n`, 'the numbers of atoms are missing'],
    [`x\n1\n${CELL}Fe\n2\nDirect\n0 0 0\n`, 'line 10 is no position'],
    [`x\n1\n${CELL}Fe\n1\nDirect\n0 *** 0\n`, 'line 9 is no position'],
  ])('says what is wrong with %j', (text, problem) => expect(read(text)).toMatchObject({ structure: null, problem }))
})
