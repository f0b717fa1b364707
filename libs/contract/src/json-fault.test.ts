import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonFault } from './json-fault.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('the place where a text stops being JSON', () => {
  it.each([
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ['[1, 2', 5],
    ['[1 2]', 3],
    ["{'a': 1}", 1],
    ['{"a": tru}', 6],
    ['{"a": 01}', 6],
    ['{"a": "x\ny"}', 8],
    ['{"a": "\\x"}', 7],
    ['{} {}', 3],
    ['', 0],
    ['NaN', 0],
    ['[1]]', 3],
    ['{"a": 1]', 7],
    ['{"a": .5}', 6],
  ])('of %j is at %i', (text, offset) => {
    expect(findJsonFault(text)?.offset).toBe(offset)
  })

  it('is told by line and column', () => {
    expect(findJsonFault('{\n  "a": 1\n  "b": 2\n}')).toMatchObject({ line: 3, column: 3 })
  })

  it('is nowhere in JSON, however it is written', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom(undefined, 1, '\t'),
        (text, indent) => findJsonFault(JSON.stringify(JSON.parse(text), null, indent)) === null,
      ),
    )
  })

  it('is somewhere in every text that JSON.parse refuses, and nowhere else', () => {
    const damaged = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', 'x', ' 1', '\\')).map(([text, at, put]) => {
      const cut = at % (text.length + 1)
      return text.slice(0, cut) + put + text.slice(cut + 1)
    })
    fc.assert(
      fc.property(damaged, (text) => (findJsonFault(text) === null) === isJson(text)),
      { numRuns: 2_000 },
    )
  })

  it('is found in a string of megabytes and under any nesting', () => {
    expect(findJsonFault(`["${'x'.repeat(5_000_000)}" 1]`)?.offset).toBe(5_000_004)
    expect(findJsonFault('['.repeat(200_000))?.offset).toBe(200_000)
  })
})
