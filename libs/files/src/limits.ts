/** What one reading may cost. No input, however broken or hostile, costs more. */
export type Limits = {
  /** A longer line is cut there, and the result says so. The longest honest ones are moments of thousands of atoms in one line. */
  readonly lineBytes: number
  /** Decompressed size of one file. */
  readonly fileBytes: number
  /** Decompressed : compressed, once past `ratioFromBytes`. */
  readonly ratio: number
  readonly ratioFromBytes: number
  /** Entries of a directory and of those below it. */
  readonly entries: number
  /** How deep below a directory is looked: `prefix.save/data-file-schema.xml` is one deep. */
  readonly depth: number
  /** Files of one directory that a code reads: more are no single calculation. */
  readonly outputs: number
}

export const LIMITS: Limits = {
  lineBytes: 1 << 20,
  fileBytes: 64 * 2 ** 30,
  ratio: 1_000,
  ratioFromBytes: 64 << 20,
  entries: 50_000,
  depth: 2,
  outputs: 1_000,
}
