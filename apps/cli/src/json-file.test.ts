import { describe, expect, it } from 'vitest'
import { readJson } from './json-file.ts'

describe('a JSON file', () => {
  it.each([
    ['{"project": "silicon",\n "cluster": alps}', 'jobs.json, line 2, column 13: not JSON: '],
    ['[{"a": 1},', 'jobs.json, line 1, column 11: it ends in the middle of JSON'],
    ['', 'jobs.json, line 1, column 1: it ends in the middle of JSON'],
  ])('that is broken is refused with the place: %j', (text, message) => {
    expect(() => readJson('jobs.json', text)).toThrow(message)
  })

  it('is what it says', () => {
    expect(readJson('jobs.json', '{"a": [1]}')).toEqual({ a: [1] })
  })
})
