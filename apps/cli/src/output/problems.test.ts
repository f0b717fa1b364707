import { describe, expect, it } from 'vitest'
import { problemLines } from './problems.ts'

const mistake = (row: number, value = '9') => ({
  row,
  path: 'resources.nodes',
  value,
  message: 'is too large',
  mend: 'at most 4',
})

describe('problems in lines', () => {
  it.each([
    ['one row', [3], 'row 3'],
    ['rows in a run', [0, 1, 2], 'rows 0 to 2'],
    ['rows apart, in any order', [9, 0, 5, 8], 'rows 0, 5, 8 to 9'],
    ['very many ranges', Array.from({ length: 30 }, (_, index) => 2 * index), 'rows 0, 2, 4, 6, 8, 10, 12, 14 and 22 more'],
  ])('of %s with one mistake: one line', (_, rows, words) => {
    expect(problemLines(rows.map((row) => mistake(row)))).toEqual([`${words}, resources.nodes = 9: is too large; at most 4`])
  })

  it('are one for each value that is wrong', () => {
    expect(problemLines([mistake(0), mistake(1, '10'), mistake(2)])).toEqual([
      'rows 0, 2, resources.nodes = 9: is too large; at most 4',
      'row 1, resources.nodes = 10: is too large; at most 4',
    ])
  })

  it('name no row where there is none', () => {
    expect(problemLines([{ path: 'name', message: 'is missing' }])).toEqual(['name: is missing'])
  })

  it('end after forty kinds, and say how many more there are', () => {
    const lines = problemLines(Array.from({ length: 45 }, (_, row) => mistake(row, String(row + 10))))
    expect([lines.length, lines.at(-1)]).toEqual([41, '… and 5 more kinds; --json shows all'])
  })
})
