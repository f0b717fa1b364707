import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayHold } from './may-hold.ts'

const text = fc.string({ minLength: 6, maxLength: 40, unit: fc.constantFrom('a', 'b', 'c', 'd', 'E', ' ', '-', '=', '.') })

describe('a quick look for many texts', () => {
  it('never misses one, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), fc.string(), fc.string(), (texts, before, after) => {
        const may = mayHold(texts)
        for (const one of texts) {
          expect(may(before + one + after, 0, before.length + one.length + after.length)).toBe(true)
          expect(may(before + one + after, before.length, before.length + one.length)).toBe(true)
        }
      }),
    )
  })

  it('passes over what holds nothing like them', () => {
    expect(mayHold(['ERROR FEXCP', 'ZBRENT: fatal error'])('    3   -12.4512   2.00000', 0, 26)).toBe(false)
  })

  it('refuses a text that it could miss', () => {
    expect(() => mayHold(['ERROR'])).toThrow('fewer than 6')
  })
})
