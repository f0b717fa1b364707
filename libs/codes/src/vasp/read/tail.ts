import { detached } from '../../reading/hits.ts'

const MAX_TEXT = 300

/** The last line that says something: the evidence of a file that stops in the middle. */
export function lastLine(): {
  feed(block: string, firstLine: number): void
  told(): { readonly line: number; readonly text: string } | null
} {
  let told: { line: number; text: string } | null = null
  return {
    feed(block, firstLine) {
      let to = block.length
      while (to > 0 && block.charCodeAt(to - 1) <= 32) to -= 1
      if (to === 0) return
      let line = firstLine
      for (let at = block.indexOf('\n'); at !== -1 && at < to; at = block.indexOf('\n', at + 1)) line += 1
      const from = block.lastIndexOf('\n', to - 1) + 1
      told = { line, text: detached(block.slice(from, Math.min(to, from + MAX_TEXT)).trim()) }
    },
    told: () => told,
  }
}

/** A block without a last line that lacks its line end: a number in it may be torn. */
export const wholeLines = (block: string): string => (block.endsWith('\n') ? block : block.slice(0, block.lastIndexOf('\n') + 1))
