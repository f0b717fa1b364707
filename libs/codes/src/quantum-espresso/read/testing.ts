import type { CalculationResult, Reader } from '@crystalmath/contract'
import type { Sample } from '../../code-reads.ts'
import type { Reported } from './reported.ts'

/** For tests only: cuts a text behind the lines with these numbers (from 1). */
export function cutAt(text: string, cuts: readonly number[]): string[] {
  const lines = text.split(/(?<=\n)/)
  const ends = [...new Set(cuts.filter((cut) => cut > 0 && cut < lines.length)), lines.length].sort((a, b) => a - b)
  return ends.map((end, i) => lines.slice(ends[i - 1] ?? 0, end).join(''))
}

/** What a reader says of a text, fed in blocks that are cut behind the given lines. */
export function readIn(reader: Reader<Reported>, text: string, cuts: readonly number[] = []): CalculationResult {
  let line = 1
  for (const block of cutAt(text, cuts)) {
    reader.feed(block, line)
    line += block.split('\n').length - 1
  }
  return reader.end().result
}

export const sampleOf = (name: string, head: string): Sample => ({ name, folder: '', head })
