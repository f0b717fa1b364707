import { type CalculationResult, PermanentError } from '@crystalmath/contract/plain'
import fc from 'fast-check'
import type { CodeReads } from '../code-reads.ts'

/** For tests: files as text, read as `libs/files` would, with the blocks cut after the given numbers of lines. */
export function readFiles(
  reads: CodeReads,
  files: Readonly<Record<string, string>>,
  { full = false, cuts = [] }: { readonly full?: boolean; readonly cuts?: readonly number[] } = {},
): CalculationResult {
  const readings = Object.entries(files).map(([name, text]) => {
    const sample = { name, folder: '', head: text.slice(0, 65_536) }
    const kind = reads.recognise(sample)
    const open = kind === null ? undefined : reads.readers[kind]
    if (kind === null || open === undefined) throw new PermanentError(`${name} is not recognised as a file of ${reads.code}`)
    const reader = open(name, { full })
    for (const [block, line] of blocksOf(text, cuts)) reader.feed(block, line)
    return { kind, file: name, sample, modifiedMs: 0, value: reader.end() }
  })
  return reads.combine(readings, { full })
}

function blocksOf(text: string, cuts: readonly number[]): [string, number][] {
  const lines = text.split(/(?<=\n)/)
  const ends = [...new Set([...cuts.filter((cut) => cut > 0 && cut < lines.length), lines.length])].sort((a, b) => a - b)
  return ends.map((end, i) => [lines.slice(ends[i - 1] ?? 0, end).join(''), (ends[i - 1] ?? 0) + 1])
}

/** For tests: throws where the result depends on where the blocks are cut. */
export function sameHoweverCut(reads: CodeReads, name: string, text: string): void {
  const whole = JSON.stringify(readFiles(reads, { [name]: text }, { full: true }))
  const count = text.split('\n').length
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: count }), { maxLength: 6 }),
      (cuts) => JSON.stringify(readFiles(reads, { [name]: text }, { full: true, cuts })) === whole,
    ),
    { numRuns: 40 },
  )
}

/** For tests: throws where a file that ends early says something else than the whole one in one of `fields`; null is no statement. */
export function prefixesAgree(reads: CodeReads, name: string, text: string, fields: readonly (keyof CalculationResult)[]): void {
  const whole = readFiles(reads, { [name]: text })
  fc.assert(
    fc.property(fc.integer({ min: Math.min(text.indexOf('\n') + 1, text.length), max: text.length }), (length) => {
      if (reads.recognise({ name, folder: '', head: text.slice(0, length) }) === null) return true
      const early = readFiles(reads, { [name]: text.slice(0, length) })
      return fields.every((field) => early[field] === null || JSON.stringify(early[field]) === JSON.stringify(whole[field]))
    }),
    { numRuns: 150 },
  )
}

/** For tests: throws where broken text makes a reader throw, or say a number that is none. */
export function survivesAnything(reads: CodeReads, name: string, text: string): void {
  const pieces = fc.constantFrom('*', '\0', '\r', '\n', 'NaN', '-', '9', '\xff', '********')
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(text.length), pieces), { minLength: 1, maxLength: 20 }), (places) => {
      let broken = text
      for (const [at, piece] of places) broken = broken.slice(0, at) + piece + broken.slice(at + piece.length)
      if (reads.recognise({ name, folder: '', head: broken }) === null) return true
      return !hasNoNumber(readFiles(reads, { [name]: broken }, { full: true }))
    }),
    { numRuns: 150 },
  )
}

/** NaN or infinity somewhere, which JSON would turn into null. */
const hasNoNumber = (value: unknown): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(hasNoNumber)
