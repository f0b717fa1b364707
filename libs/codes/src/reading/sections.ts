import type { Diagnosis } from '@crystalmath/contract'
import { detached, quoted } from './hits.ts'

/** A line that a rule's pattern found, outside of any section. */
export type Hit = {
  /** The whole line, without its line end. */
  readonly text: string
  /** Counts from 1. */
  readonly line: number
  readonly groups: Readonly<Record<string, string | undefined>>
}

/** Takes the lines that follow a heading. Answers false for the first line that is not its own: that line is then looked at as any other. */
export type Section = (text: string, line: number) => boolean

/** What to do at lines of one look. The pattern begins with a literal and stays within its line. */
export type Rule = {
  readonly pattern: RegExp
  /** May answer with a section, which then gets the lines that follow. */
  readonly read: (hit: Hit) => Section | undefined
  /** Also where the file ends in the middle of this line (for words, never for numbers). */
  readonly torn?: boolean
}

export type Scanner = {
  feed(block: string, firstLine: number): void
  /** The text of a last line without a line end, `''` if there was none. It was shown to `torn` rules only. */
  tail(): string
}

/** Runs rules over whole blocks by one alternation; only lines inside of sections are cut out one by one. */
export function scanner(rules: readonly Rule[]): Scanner {
  const search = new RegExp(rules.map(({ pattern }, i) => `(?<r${i}>${pattern.source})`).join('|'), 'gm')
  let section: Section | undefined
  let tail = ''

  return {
    feed(block, firstLine) {
      const end = block.lastIndexOf('\n') + 1
      let at = 0
      let line = firstLine
      let counted = 0
      const lineAt = (offset: number): number => {
        for (let next = block.indexOf('\n', counted); next !== -1 && next < offset; next = block.indexOf('\n', counted)) {
          line += 1
          counted = next + 1
        }
        return line
      }
      while (at < block.length) {
        const torn = at >= end
        if (section !== undefined && !torn) {
          const to = block.indexOf('\n', at)
          if (!section(withoutCr(block.slice(at, to)), lineAt(at))) section = undefined
          else at = to + 1
          continue
        }
        search.lastIndex = at
        const found = search.exec(block)
        if (found === null) break
        const from = block.lastIndexOf('\n', found.index) + 1
        const to = block.indexOf('\n', found.index)
        const groups = found.groups ?? {}
        const rule = rules.find((_, i) => groups[`r${i}`] !== undefined)
        const text = withoutCr(block.slice(from, to === -1 ? block.length : to))
        if (rule !== undefined && (to !== -1 || rule.torn === true)) section = rule.read({ text, line: lineAt(from), groups })
        if (to === -1) break
        at = to + 1
      }
      if (end < block.length) tail = detached(block.slice(end))
    },
    tail: () => tail,
  }
}

const withoutCr = (text: string): string => (text.charCodeAt(text.length - 1) === 13 ? text.slice(0, -1) : text)

/** Feeds each following line to `take` until a line that it refuses (answers false). */
export type Take = (text: string, line: number) => boolean

/** A section that first skips `count` lines. */
export function skipping(count: number, take: Take): Section {
  let left = count
  return (text, line) => {
    if (left === 0) return take(text, line)
    left -= 1
    return true
  }
}

/** Collects diagnoses of one file; further ones of the same kind and text pattern are counted, not kept. */
export type Notes = {
  readonly diagnoses: Diagnosis[]
  diagnose(kind: string, message: string, at: { readonly line: number | null; readonly text: string }): void
  /** Forgets all: another run begins in the same file. */
  clear(): void
}

/** At most `limit` diagnoses of one kind are kept, so that a broken file of a million lines stays small. */
export function notesOf(file: string, limit = 5): Notes {
  const diagnoses: Diagnosis[] = []
  const counts = new Map<string, number>()
  return {
    diagnoses,
    diagnose(kind, message, { line, text }) {
      const count = (counts.get(kind) ?? 0) + 1
      counts.set(kind, count)
      if (count <= limit) diagnoses.push({ kind, message, evidence: { file, line, text: quoted(text) } })
    },
    clear() {
      diagnoses.length = 0
      counts.clear()
    },
  }
}
