import { describe, expect, it } from 'vitest'
import { batchesOf } from './fetch.ts'
import { placeOf } from './in-dash.ts'

const wanted = (size: number | null) => ({
  place: placeOf('1'),
  keep: ['out'],
  files: size === null ? null : [{ path: 'out', size }],
})
const MEBIBYTE = 2 ** 20

describe('batches of a fetch', () => {
  it('hold no more attempts and bytes than memory should', () => {
    expect(batchesOf(Array.from({ length: 120 }, () => wanted(10))).map(({ length }) => length)).toEqual([50, 50, 20])
    expect(batchesOf([30, 30, 30, 500, 1].map((size) => wanted(size * MEBIBYTE))).map(({ length }) => length)).toEqual([
      2, 1, 1, 1,
    ])
    expect(batchesOf(Array.from({ length: 60 }, () => wanted(null))).map(({ length }) => length)).toEqual([50, 10])
    expect(batchesOf([])).toEqual([])
  })
})
