import type { CalculationResult } from '@crystalmath/contract'
import type { CodeReads, Reading } from '../code-reads.ts'

/** A text that stands for a file, as tests need it. `cuts` are offsets behind newlines where blocks end. */
export type TextFile = { readonly name: string; readonly text: string; readonly cuts?: readonly number[] }

/** Reads texts as the files of one calculation, each by the reader that recognises it. Throws where none does. */
export function readTexts(reads: CodeReads, files: readonly TextFile[], options = { full: true }): CalculationResult {
  return reads.combine(
    files.map((file) => reading(reads, file, options.full)),
    options,
  )
}

export const readText = (reads: CodeReads, text: string, name = 'run.out', cuts: readonly number[] = []): CalculationResult =>
  readTexts(reads, [{ name, text, cuts }])

/** Offsets behind each newline: where blocks may end. */
export function lineStarts(text: string): number[] {
  const starts: number[] = []
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function reading(reads: CodeReads, { name, text, cuts = [] }: TextFile, full: boolean): Reading<string, unknown> {
  const sample = { name, folder: '', head: text.slice(0, 65_536) }
  const kind = reads.recognise(sample)
  const reader = kind === null ? undefined : reads.readers[kind]?.(name, { full })
  if (kind === null || reader === undefined) throw new Error(`${name} is not recognised as ${reads.code}: "${text.slice(0, 60)}"`)
  let line = 1
  let at = 0
  for (const cut of [...cuts, text.length]) {
    const block = text.slice(at, cut)
    if (block === '') continue
    reader.feed(block, line)
    line += lineStarts(block).length
    at = cut
  }
  return { kind, file: name, sample, modifiedMs: null, value: reader.end() }
}
