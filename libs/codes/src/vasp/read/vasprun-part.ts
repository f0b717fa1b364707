/** Takes the numbers of one row; `words` is used again for the next one. */
export type RowSink = (words: Float64Array, count: number) => void

/** Where the scan stands: labels of the open elements below `<modeling>`, joined by `/`; a label is `tag` or `tag:name`. */
export type Opened = { readonly path: string; readonly tag: string; readonly attributes: string }

/** One concern of vasprun.xml. It hears of every element and takes what is its own. */
export type Part = {
  /** May answer with a closing tag to run to. */
  open?(opened: Opened): string | undefined
  /** `rows` are the numbers of the array that ends. */
  close?(path: string, rows: readonly number[]): void
  leaf?(path: string, name: string, text: () => string): void
  /** Rows below this path, if they are its own; else they are gathered and told at `close`. */
  sink?(path: string): RowSink | undefined
}

/** The number in `spin 1`, `spin1`, `kpoint 12`, `ion 3`; 1 if there is none. */
export const numberIn = (comment: string | undefined): number => Number(/\d+/.exec(comment ?? '')?.[0] ?? 1)
