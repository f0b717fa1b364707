import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from './export.ts'
import { openTable, type TableFormat } from './table.ts'

const read = (format: TableFormat, ...pieces: readonly string[]) => {
  const table = openTable(format)
  return [...pieces.flatMap((piece) => table.push(piece)), ...table.end()]
}

describe('a CSV table', () => {
  it('numbers its rows from 0, and keeps quoted cells with line ends as they are', () => {
    const text = 'orig_index,aligned_csd_core,charge\r\n17,"2\nh2\nH 0 0 0\nH 0 0 0.74\n",0\r\n18,"H 0 0 0",1\r\n'
    expect(read('csv', text)).toEqual([
      { row: 0, line: 2, cells: { orig_index: '17', aligned_csd_core: '2\nh2\nH 0 0 0\nH 0 0 0.74\n', charge: '0' } },
      { row: 1, line: 7, cells: { orig_index: '18', aligned_csd_core: 'H 0 0 0', charge: '1' } },
    ])
  })

  it('is the same however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', '\r', ' ') })), { minLength: 1 }),
        fc.array(fc.nat({ max: 200 })),
        (rows, cuts) => {
          const text = `a,b\n${rows.map(([a, b]) => csvLine([`x${a}`, b])).join('')}`
          const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((x, y) => x - y), text.length]
          const pieces = at.slice(1).map((end, i) => text.slice(at[i], end))
          expect(read('csv', ...pieces).map(({ cells }) => [cells['a'], cells['b']])).toEqual(rows.map(([a, b]) => [`x${a}`, b]))
        },
      ),
    )
  })

  it.each([
    ['a,b\n1\n', 'line 2: 1 cells for 2 columns'],
    ['a,b\n1,"2"x\n', 'line 2: text follows a closing quote'],
    ['a,b\n1,"2\n', 'the quote that opens in the record on line 2 is never closed'],
  ])('says which line is wrong (%#)', (text, problem) => {
    expect(read('csv', text)[0]).toMatchObject({ row: 0, problem: expect.stringContaining(problem) })
  })

  it('is refused as a whole where two columns have one name', () => {
    expect(() => read('csv', 'a,a\n')).toThrow('two columns "a"')
  })
})

describe('a file of many XYZ frames', () => {
  const FRAME =
    '2\nLattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3 charge=-1 tag="a b" pbc="T T T"\nH 0 0 0\nH 0 0 0.74\n'

  it('makes a row of each, with what its comment says as columns', () => {
    expect(read('extxyz', FRAME.slice(0, 30), FRAME.slice(30) + FRAME)).toEqual(
      [0, 1].map((row) => ({
        row,
        line: 1 + 4 * row,
        cells: { charge: '-1', tag: 'a b', structure: { format: 'extxyz', text: FRAME } },
      })),
    )
  })

  it('says where it stops making sense, and where it breaks off', () => {
    expect(read('extxyz', `${FRAME}H 0 0 0\n${FRAME}`)).toMatchObject([
      { row: 0 },
      { row: 1, problem: expect.stringContaining('line 5') },
    ])
    expect(read('extxyz', '3\n\nH 0 0 0\n')).toMatchObject([{ problem: 'line 1: 3 atoms are announced, the file ends after 1' }])
  })
})

describe('JSON Lines', () => {
  it('make a row of each line that is not empty', () => {
    expect(read('jsonl', '{"a":1}\n\n{"a"', ':2}')).toEqual([
      { row: 0, line: 1, cells: { a: 1 } },
      { row: 1, line: 3, cells: { a: 2 } },
    ])
    expect(read('jsonl', '[1]\n{')).toMatchObject([
      { problem: 'line 1: not an object but [1]' },
      { problem: expect.stringContaining('line 2: not JSON') },
    ])
  })
})
