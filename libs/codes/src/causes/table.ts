import type { CodeName } from '@crystalmath/contract'

/** One message that another project looks for, and what we make of it. */
export type Cause = {
  /** What the other project calls it; several share a row where they mean the same message. */
  readonly key: string
  /** The file that says so. */
  readonly file: string
  /** As the code writes it; the line that is evidence comes first. */
  readonly said: string
  /** Our kind of diagnosis. */
  readonly kind: string
  /** The line that is evidence, where it is not the first one of `said`; null where the evidence is no line of text. */
  readonly evidence?: string | null
  /** Other files of the same run, by name. */
  readonly beside?: Readonly<Record<string, string>>
}

/** What another project names that no output says: it is about its own files or its own workflow. */
export type Elsewhere = readonly [keys: string, whatWeDo: string]

/** A cause that no message states: another project follows it from numbers and tags. */
export type Judged = {
  readonly key: string
  readonly kind: string
  readonly files: string
  readonly rule: string
  /** Where it must not be said; ours beside the other project's. */
  readonly unless: string
}

/** Everything that one project looks for in the outputs of one code. */
export type PeerTable = {
  readonly peer: string
  readonly code: CodeName
  /** What stands above a message in a file of this name. */
  readonly head: (file: string) => string
  readonly causes: readonly Cause[]
  readonly judged?: readonly Judged[]
  readonly elsewhere?: readonly Elsewhere[]
}

/** A table of one file: key, text, kind. */
export const inFile = (file: string, rows: readonly (readonly [key: string, said: string, kind: string])[]): readonly Cause[] =>
  rows.map(([key, said, kind]) => ({ key, file, said, kind }))
