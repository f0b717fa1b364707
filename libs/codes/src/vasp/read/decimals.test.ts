import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNumbers, toVector } from './decimals.ts'

const decoded = (text: string): number[] => {
  const numbers: number[] = []
  decodeNumbers(text, 0, text.length, numbers)
  return numbers
}

describe('decodeNumbers', () => {
  it.each([
    ['  1.5 -2.25e-3 3', [1.5, -0.00225, 3]],
    ['-0.123456-10.5  7', [-0.123456, -10.5, 7]],
    ['.5 -.5E-01 1.', [0.5, -0.05, 1]],
    ['1.0E+02-3.0', [100, -3]],
    ['\t2\r', [2]],
    ['', []],
  ])('reads %j', (text, numbers) => expect(decoded(text)).toEqual(numbers))

  it.each(['********', 'NaN', '1.2.3', '--1', 'Infinity', '1e999', '0x1f'])('takes %s for no number', (text) => {
    expect(decoded(`1 ${text} 2`)[1]).toBeNaN()
  })

  it('reads every decimal that JavaScript prints as Number does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => decoded(String(n))[0] === n),
      { numRuns: 300 },
    )
  })

  it('reads fixed decimals as Number does', () => {
    const fixed = fc
      .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 12 }))
      .map(([n, digits]) => n.toFixed(digits))
    fc.assert(
      fc.property(fixed, (text) => decoded(text)[0] === Number(text)),
      { numRuns: 300 },
    )
  })
})

describe('toVector', () => {
  it('needs three numbers', () => {
    expect(toVector(' 1 2 3 plane waves: 7')).toEqual([1, 2, 3])
    expect(toVector('1 2')).toBeNull()
    expect(toVector('1 ** 3')).toBeNull()
  })
})
