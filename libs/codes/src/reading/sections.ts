import type { Diagnosis } from '@crystalmath/contract'
import { detached, lineCounter, quoted } from './hits.ts'

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
  /** `lineScanner`: also on lines that begin like a number. */
  readonly numeric?: boolean
}

export type Scanner = {
  feed(block: string, firstLine: number): void
  /** The text of a last line without a line end, `''` if there was none. It was shown to `torn` rules only. */
  tail(): string
}

/** Runs rules over whole blocks by one alternation; only lines inside of sections are cut out one by one. For few or rare patterns. */
export function scanner(rules: readonly Rule[]): Scanner {
  const search = searchFor(rules)
  return blockwise((state, block, at, end) => {
    search.lastIndex = at
    const found = search.exec(block)
    if (found === null) return block.length
    const from = block.lastIndexOf('\n', found.index) + 1
    const to = block.indexOf('\n', found.index)
    state.hit(rules, found, block.slice(from, to === -1 ? block.length : to), from, from >= end)
    return to === -1 ? block.length : to + 1
  })
}

/**
 * Runs rules line by line, looking them up by the first character that is no blank: rows of numbers cost next to nothing.
 * A pattern that begins with the lookbehind `(?<=^ *)` or the like is tried only on lines that begin with its first
 * character, any other on all lines that do not begin like a number.
 */
export function lineScanner(rules: readonly Rule[]): Scanner {
  const entryFor = byFirstCharacter(rules)
  return blockwise((state, block, at, end) => {
    const newline = block.indexOf('\n', at)
    const to = newline === -1 ? block.length : newline
    let first = at
    while (first < to && block.charCodeAt(first) === 32) first += 1
    const entry = first === to ? null : entryFor(block.charCodeAt(first))
    if (entry !== null) {
      const text = block.slice(at, to)
      entry.search.lastIndex = 0
      const found = entry.search.exec(text)
      if (found !== null) state.hit(entry.mine, found, text, at, at >= end)
    }
    return to + 1
  })
}

type Entry = { readonly mine: readonly Rule[]; readonly search: RegExp }

/** What to try on a line, by the code of its first character; made when first asked for, once for all that try the same. */
function byFirstCharacter(rules: readonly Rule[]): (code: number) => Entry | null {
  const table: (Entry | null)[] = []
  const made = new Map<string, Entry | null>()
  return (code) => {
    const known = table[code]
    if (known !== undefined) return known
    const first = String.fromCharCode(code)
    const number = NUMERIC.includes(first)
    const mine = rules.filter(({ pattern, numeric }) => (number ? numeric === true : (startOf(pattern) ?? first) === first))
    const key = mine.map((rule) => rules.indexOf(rule)).join()
    const entry = made.get(key) ?? (mine.length === 0 ? null : { mine, search: searchFor(mine) })
    made.set(key, entry)
    table[code] = entry
    return entry
  }
}

const NUMERIC = '0123456789+-.'

/** The literal with which a line must begin for a pattern that says so. */
const startOf = ({ source }: RegExp): string | undefined => /^\(\?<=\^(?: [*+]?| \{[\d,]+\})?\)([A-Za-z=])/.exec(source)?.[1]

const searchFor = (rules: readonly Rule[]): RegExp =>
  new RegExp(rules.map(({ pattern }, i) => `(?<r${i}>${pattern.source})`).join('|'), 'gm')

type State = { hit(rules: readonly Rule[], found: RegExpExecArray, text: string, from: number, torn: boolean): void }

/** Open sections, line numbers and a torn last line, common to both scanners. `look` answers where to go on. */
function blockwise(look: (state: State, block: string, at: number, end: number) => number): Scanner {
  let section: Section | undefined
  let tail = ''
  let lineAt = (_offset: number): number => 0
  const state: State = {
    hit(rules, { groups = {} }, text, from, torn) {
      const rule = rules.find((_, i) => groups[`r${i}`] !== undefined)
      if (rule === undefined || (torn && rule.torn !== true)) return
      section = rule.read({ text: withoutCr(text), line: lineAt(from), groups })
    },
  }
  return {
    feed(block, firstLine) {
      lineAt = lineCounter(block, firstLine)
      const end = block.lastIndexOf('\n') + 1
      for (let at = 0; at < block.length; ) {
        if (section === undefined || at >= end) {
          at = look(state, block, at, end)
          continue
        }
        const to = block.indexOf('\n', at)
        if (section(withoutCr(block.slice(at, to)), lineAt(at))) at = to + 1
        else section = undefined
      }
      if (end < block.length) tail = detached(block.slice(end))
    },
    tail: () => tail,
  }
}

/** Remembers the last line that holds anything: the evidence of a file that ends too early. */
export function lastLineSeen(): {
  see(block: string, firstLine: number): void
  at(): { readonly line: number; readonly text: string }
} {
  let last = { line: 1, text: '' }
  return {
    see(block, firstLine) {
      const text = block.trimEnd()
      if (text === '') return
      const from = text.lastIndexOf('\n') + 1
      last = { line: lineCounter(block, firstLine)(from), text: detached(text.slice(from, from + 300)) }
    },
    at: () => last,
  }
}

const withoutCr = (text: string): string => (text.charCodeAt(text.length - 1) === 13 ? text.slice(0, -1) : text)

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
