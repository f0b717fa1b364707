import type { CalculationResult, CodeName, Reader } from '@crystalmath/contract'
import { heardOut, withLastWords } from './reading/last-words.ts'
import { soundResult } from './reading/sound.ts'

/** What is known of a file before it is read: its name without a compression suffix, and its first 64 KiB as Latin-1. */
export type Sample = {
  /** Base name, without `.gz`, `.xz`, `.bz2`, `.zst`. */
  readonly name: string
  /** The folders between the directory that was asked for and the file, `''` or `si.save`. */
  readonly folder: string
  readonly head: string
}

export type ReadOptions = {
  /** Also the bulky content: eigenvalues, DOS, forces and structures of every step. */
  readonly full: boolean
}

export type ReaderTable = Readonly<Record<string, (file: string, options: ReadOptions) => Reader<unknown>>>

/** What one reader said of one file. */
export type Reading<Kind, Value> = {
  readonly kind: Kind
  /** Path as the user would write it, for evidence. */
  readonly file: string
  readonly sample: Sample
  /** Milliseconds since the epoch; null where unknown (a stream). */
  readonly modifiedMs: number | null
  readonly value: Value
}

export type ReadingOf<T extends ReaderTable> = { [K in keyof T]: Reading<K, ReturnType<ReturnType<T[K]>['end']>> }[keyof T]

/** What is known of the outputs of one code before its readers are loaded: a file is told by its looks alone. */
export type CodeFacts<Kind extends string = string> = {
  readonly code: CodeName
  /** Which of the code's readers reads this file; null if it is none of this code's. Must be cheap and never throw. */
  recognise(sample: Sample): Kind | null
  /** Kinds that make a directory a calculation of this code, the most telling first; others (a POSCAR, an input) only add to it. */
  readonly mainKinds: readonly Kind[]
  /** Names of files that, beside an output, say why it ended (`CRASH`): read together with it, and even with one that stayed empty. */
  readonly companions?: readonly string[]
}

/** How the outputs of one code are read. Pure: no files, no clock. */
export type CodeReads<T extends ReaderTable = ReaderTable> = CodeFacts<keyof T & string> & {
  readonly readers: T
  /** What is read of an HDF5 file of this code: paths of data sets, `group/*` for all that lie in a group. */
  readonly datasets?: readonly string[]
  /** One calculation from what was read of one file or of one directory: one ionic step of one run, never stitched (design: SOURCES_DISAGREE). */
  combine(readings: readonly ReadingOf<T>[], options: ReadOptions): CalculationResult
}

/** Checks a member's table against its own kinds, then forgets them, so that a registry can hold all members. No NaN leaves a member. */
export const codeReads = <T extends ReaderTable>(reads: CodeReads<T>): CodeReads =>
  ({
    ...reads,
    readers: Object.fromEntries(
      Object.entries(reads.readers).map(([kind, open]) => [
        kind,
        (file: string, options: ReadOptions) => withLastWords(file, open(file, options)),
      ]),
    ),
    combine: (readings: readonly ReadingOf<T>[], options: ReadOptions) =>
      soundResult(
        heardOut(
          reads.combine(readings, options),
          readings.map(({ value }) => value),
        ),
      ),
  }) as unknown as CodeReads
