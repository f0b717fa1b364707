import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineStarts } from './read-text.ts'
import { line, type Rule, rows, rule, scanner } from './scanner.ts'

/** Notes energies, tables of numbers, and a last word that may lack its newline. */
const notes = (): { rules: Rule[]; said: string[] } => {
  const said: string[] = []
  const rules = [
    line(/^energy = (\S+)/, ({ captures: [value], line: at }) => void said.push(`energy ${value} at ${at()}`)),
    rule(/^TABLE/, () => {
      const cells: string[] = []
      return rows(
        (text) => /^ +\d/.test(text) && cells.push(text.trim()) > 0,
        1,
        () => void said.push(`table ${cells.join(',')}`),
      )
    }),
    line(/out of (\w+)/, ({ captures: [what], text }) => void said.push(`out of ${what}: ${text}`)),
    line(/^DONE/, () => void said.push('done'), true),
  ]
  return { rules, said }
}

const read = (text: string, cuts: readonly number[] = []): string[] => {
  const { rules, said } = notes()
  const feed = scanner(rules)
  let at = 0
  let number = 1
  for (const cut of [...cuts, text.length]) {
    if (cut === at) continue
    const block = text.slice(at, cut)
    feed(block, number)
    number += lineStarts(block).length
    at = cut
  }
  return said
}

const TEXT = 'head\n  energy = -1.5\nTABLE\n----\n  1 2\n  3 4\nenergy = 7\n 12 energy = 9\nnode7: out of memory\nDONE'

describe('the scanner', () => {
  it('calls the rule of each line, and gives a table its rows', () => {
    expect(read(TEXT)).toEqual([
      'energy -1.5 at 2',
      'table 1 2,3 4',
      'energy 7 at 7',
      'out of memory: node7: out of memory',
      'done',
    ])
  })

  it('finds the same however the blocks are cut', () => {
    fc.assert(
      fc.property(fc.subarray(lineStarts(TEXT)), (cuts) => {
        expect(read(TEXT, cuts)).toEqual(read(TEXT))
      }),
    )
  })

  it('reads CRLF as LF', () => {
    expect(read(TEXT.replaceAll('\n', '\r\n'))).toEqual(read(TEXT))
  })

  it('believes a torn last line only where the rule says that it is complete', () => {
    expect(read('energy = -1.5')).toEqual([])
    expect(read('x\nDONE')).toEqual(['done'])
  })

  it('does not call a table whole that the file ends in', () => {
    expect(read('TABLE\n----\n  1 2\n')).toEqual([])
  })

  it('refuses a pattern without a first character, and one with flags', () => {
    expect(() => scanner([line(/^\S+ energy/, () => undefined)])).toThrow('must begin with a literal: /\\S+ energy/')
    expect(() => scanner([line(/^energy/i, () => undefined)])).toThrow('has no flags')
  })

  it('refuses a pattern that is anchored in one alternative only', () => {
    expect(() => scanner([line(/^energy|forces/, () => undefined)])).toThrow('in one alternative and not in another: /forces/')
  })

  it.each([/^(?:ab|c)d/, /^ab|^[c-e]d/, /^[cde]x/, /^\* +cd/, /^(c|d)e/, /^c{2}d/])('accepts %s', (pattern) => {
    expect(() => scanner([line(pattern, () => undefined)])).not.toThrow()
  })
})

it('gives each rule its own captures, whatever parentheses stand in the patterns before it', () => {
  const odd = [/^x\(([()])\) a/, /^x[(\](](\w) b/, /^x(?:(?<name>\d)|(?=y)(?<!z)y|(?!q)(?<=x)w) c/, /^x\\(\d) d/]
  const said: unknown[] = []
  const feed = scanner(
    [...odd, /^xy (\w) (\w)/].map((pattern, i) => line(pattern, ({ captures }) => void said.push([i, ...captures]))),
  )
  feed('x()) a\nx(k b\nx7 c\nx\\8 d\nxy p q\n', 1)
  expect(said).toEqual([
    [0, ')'],
    [1, 'k'],
    [2, '7'],
    [3, '8'],
    [4, 'p', 'q'],
  ])
})
