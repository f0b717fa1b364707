import { describe, expect, it } from 'vitest'
import { parseMemory, parsePair, parseSetting, parseSince, parseSpan } from './flags.ts'

describe('flags', () => {
  it.each([
    ['90m', 5_400],
    ['4h', 14_400],
    ['1d12h', 129_600],
    ['1:30:00', 5_400],
    ['2-00:00:30', 172_830],
    ['45s', 45],
  ])('read the time %s', (text, seconds) => expect(parseSpan(text)).toBe(seconds))

  it.each(['90', '1.5h', 'h', '', '1:30', '-1h', '4 h'])('refuse the time "%s", which says no unit or is none', (text) => {
    expect(() => parseSpan(text)).toThrow('a time with units')
  })

  it.each([
    ['500M', 500],
    ['16G', 16_384],
    ['1.5GB', 1_536],
    ['1TiB', 1_048_576],
  ])('read the memory %s', (text, mebibytes) => expect(parseMemory(text)).toBe(mebibytes))

  it('refuse memory without a unit', () => expect(() => parseMemory('16')).toThrow('an amount with a unit'))

  it('gather settings, nested by their dots, as JSON where they are JSON', () => {
    const all = [
      'system.ecutwfc=40',
      'system.occupations=smearing',
      'kpoints=[2,2,2]',
      'system.nosym=true',
      'title="40"',
      'note=a=b',
    ].reduce((before, text) => parseSetting(text, before), {})
    expect(all).toEqual({
      system: { ecutwfc: 40, occupations: 'smearing', nosym: true },
      kpoints: [2, 2, 2],
      title: '40',
      note: 'a=b',
    })
  })

  it.each(['ecutwfc', '=3', 'a..b=1', '__proto__.x=1'])('refuse the setting "%s"', (text) =>
    expect(() => parseSetting(text)).toThrow('must be a.b=value'),
  )

  it('gather labels', () => expect(parsePair('b=2=3', { a: '1' })).toEqual({ a: '1', b: '2=3' }))

  it('read a time as one, or as how long ago', () => {
    const now = Date.parse('2026-11-21T09:00:00Z')
    expect(parseSince('2d', now)).toBe('2026-11-19T09:00:00.000Z')
    expect(parseSince('2026-11-01', now)).toBe('2026-11-01T00:00:00.000Z')
    expect(() => parseSince('yesterday', now)).toThrow('neither a time')
  })
})
