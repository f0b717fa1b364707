/** Gets whole lines of Latin-1 text, some 100 KiB at a time, ending in a newline (the last block may lack it); keeps none of it. Sync, no I/O. */
export type Reader<T> = {
  /** `firstLine` is the number of the block's first line, from 1. */
  feed(block: string, firstLine: number): void
  end(): T
}
