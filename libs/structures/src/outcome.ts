import type { InputProblem, Structure } from '@crystalmath/contract'

/** A structure, with what its reader had to leave out; or everything that is wrong with the text. */
export type ParsedStructure =
  | { readonly ok: true; readonly structure: Structure; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** Ends a reader at the first thing that it cannot understand; caught in `parseStructure` alone. */
export class StructureProblem extends Error {
  readonly problem: InputProblem
  constructor(problem: { readonly line?: number; readonly value?: string; readonly message: string; readonly mend: string }) {
    const { line, value, message, mend } = problem
    const text = line === undefined ? message : `line ${line}: ${message}`
    super(text)
    this.name = 'StructureProblem'
    this.problem = { path: 'structure.text', ...(value === undefined ? {} : { value: value.slice(0, 100) }), message: text, mend }
  }
}

/** One line of a text with its number from 1. */
export type Line = { readonly number: number; readonly text: string }

export const linesOf = (text: string): readonly Line[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ number: index + 1, text: line }))

export const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/).filter(Boolean)

/** A number as C or Fortran writes it (`1.5d-3` too); null for anything else. */
export const numberOf = (word: string | undefined): number | null => {
  if (word === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(word)) return null
  const value = Number(word.replace(/[dD]/, 'e'))
  return Number.isFinite(value) ? value : null
}
