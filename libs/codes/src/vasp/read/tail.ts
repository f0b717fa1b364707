import { detached, lineCounter } from '../../reading/hits.ts'

const MAX_TEXT = 300

/** The last line that says something: the evidence of a file that stops in the middle. */
export function lastLine(): {
  feed(block: string, firstLine: number): void
  told(): { readonly line: number; readonly text: string } | null
} {
  let last: { readonly block: string; readonly firstLine: number; readonly to: number } | null = null
  return {
    feed(block, firstLine) {
      let to = block.length
      while (to > 0 && block.charCodeAt(to - 1) <= 32) to -= 1
      if (to > 0) last = { block, firstLine, to }
    },
    told() {
      if (last === null) return null
      const { block, firstLine, to } = last
      const from = block.lastIndexOf('\n', to - 1) + 1
      return {
        line: lineCounter(block, firstLine)(from),
        text: detached(block.slice(from, Math.min(to, from + MAX_TEXT)).trim()),
      }
    },
  }
}

/** A block without a last line that lacks its line end: a number in it may be torn. */
export const wholeLines = (block: string): string => (block.endsWith('\n') ? block : block.slice(0, block.lastIndexOf('\n') + 1))
