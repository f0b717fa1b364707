/**
 * One alternation of named groups over whole blocks: 41 patterns cost what counting newlines costs.
 * Each pattern begins with a literal (a line's start is a lookbehind), and names at least one group to be told apart by.
 */
export const hits = (patterns: readonly RegExp[]): RegExp => new RegExp(patterns.map(({ source }) => source).join('|'), 'gm')

/** Which of several patterns a text meets first, by its place in the list; -1 if none. Groups are not captured: one pattern alone does that better. */
export function firstOf(patterns: readonly RegExp[]): (text: string) => number {
  const bare = patterns.map(({ source }) => source.replace(/\(\?<\w+>/g, '(?:'))
  const all = new RegExp(bare.map((source) => `(${source})`).join('|'))
  return (text) => {
    const found = all.exec(text)
    return found === null ? -1 : found.indexOf(found[0], 1) - 1
  }
}

/** Tells line numbers of growing offsets in one block, counting newlines from hit to hit. */
export function lineCounter(block: string, firstLine: number): (offset: number) => number {
  let line = firstLine
  let counted = 0
  return (offset) => {
    for (let at = block.indexOf('\n', counted); at !== -1 && at < offset; at = block.indexOf('\n', at + 1)) {
      line += 1
      counted = at + 1
    }
    return line
  }
}

/**
 * A copy that does not keep its whole block in memory, as a slice of a string would: a slice of two strings joined is one of their
 * copy. To clone it would say so better, but the first clone of a process takes 5 ms.
 */
export const detached = (slice: string): string => ` ${slice}`.slice(1)

/** Text for an evidence: trimmed, at most 300 characters, detached. */
export const quoted = (text: string): string => detached(text.trim().slice(0, 300))

/** Calls `onLine` for each line of a block, without its line end (LF or CRLF). For small files; large ones want `hits`. */
export function eachLine(block: string, firstLine: number, onLine: (line: string, number: number) => void): void {
  let from = 0
  for (let number = firstLine; from < block.length; number += 1) {
    const at = block.indexOf('\n', from)
    const to = at === -1 ? block.length : at
    onLine(block.slice(from, to > from && block.charCodeAt(to - 1) === 13 ? to - 1 : to), number)
    from = to + 1
  }
}
