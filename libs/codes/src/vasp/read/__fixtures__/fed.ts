import { readFileSync } from 'node:fs'
import type { Reader } from '@crystalmath/contract'

export const fixture = (name: string): string => readFileSync(new URL(name, import.meta.url), 'latin1')

/** Feeds a text to a reader, cut at the line ends that follow the given offsets. */
export function fed<T>(reader: Reader<T>, text: string, cuts: readonly number[] = []): T {
  let [from, line] = [0, 1]
  for (const cut of [...cuts].sort((a, b) => a - b).concat(text.length)) {
    const to = cut >= text.length ? text.length : text.indexOf('\n', cut) + 1 || text.length
    if (to <= from) continue
    const block = text.slice(from, to)
    reader.feed(block, line)
    line += block.split('\n').length - 1
    from = to
  }
  return reader.end()
}
