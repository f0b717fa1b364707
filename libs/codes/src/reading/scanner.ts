import { eachLine, lineCounter } from './hits.ts'
import { mayMatch } from './may-hold.ts'

/** One line that a rule's pattern met. */
export type Hit = {
  /** The pattern's captures, from its first group on. Slices of the block: keep numbers, or detach. */
  readonly captures: readonly (string | undefined)[]
  /** The line from its first character that is no blank. A slice of the block. */
  readonly text: string
  /** Its number in the file, from 1. */
  line(): number
}

/** Gets the lines after a hit, one by one and whole; false where a line is no longer its own (that line is then looked at anew). */
export type Section = (line: string, number: number) => boolean

export type Rule = {
  /**
   * Begins with `^`: the first character of a line that is no blank; only lines that begin with the pattern's first
   * character are tried. Without `^` it may stand anywhere in a line of words, not in a row of numbers.
   */
  readonly pattern: RegExp
  readonly onHit: (hit: Hit) => Section | undefined
  /** Complete even if the file ends right behind it, without a newline. A torn last line proves nothing to all others. */
  readonly selfDelimited: boolean
}

/** A rule whose hit may open a section: the lines that follow it. */
export const rule = (pattern: RegExp, onHit: (hit: Hit) => Section | undefined): Rule => ({
  pattern,
  onHit,
  selfDelimited: false,
})

/** A rule of one line. */
export const line = (pattern: RegExp, onHit: (hit: Hit) => void, selfDelimited = false): Rule => ({
  pattern,
  selfDelimited,
  onHit: (hit) => {
    onHit(hit)
    return undefined
  },
})

/** No table of a calculation has more; what has is not kept. */
const MAX_ROWS = 1_000_000

/**
 * A section that reads rows, after at most `gap` other lines. The first line that is no row ends it: only then is the table
 * known to be whole, and `onWhole` is called; a file torn inside of it never gets there.
 */
export function rows(onRow: (line: string, number: number) => boolean, gap = 0, onWhole?: () => void): Section {
  let before = gap
  let begun = false
  let left = MAX_ROWS
  return (text, number) => {
    if (left > 0 && onRow(text, number)) {
      begun = true
      left -= 1
      return true
    }
    if (begun) {
      onWhole?.()
      return false
    }
    before -= 1
    return before >= 0
  }
}

/**
 * Rules over blocks, by the first character of each line: rows of numbers, most of any output, cost no more than finding
 * their ends. The outcome does not depend on where blocks are cut: an open section goes on in the next block, and a last
 * line without its newline is seen by self-delimited rules alone.
 */
export function scanner(rules: readonly Rule[]): (block: string, firstLine: number) => void {
  const table = tableOf(rules)
  const lastRules = rules.filter(({ selfDelimited }) => selfDelimited)
  const lastTable = tableOf(lastRules)
  let section: Section | undefined

  return (block, firstLine) => {
    const position = lineCounter(block, firstLine)
    for (let at = 0; at < block.length; ) {
      let first = at
      for (let code = block.charCodeAt(first); code === SPACE || code === TAB; code = block.charCodeAt(first)) first += 1
      const newline = block.indexOf('\n', first)
      const end = newline === -1 ? block.length : newline
      if (section !== undefined || newline === -1 || table[block.charCodeAt(first)] !== undefined) {
        const stop = end > at && block.charCodeAt(end - 1) === RETURN ? end - 1 : end
        if (newline === -1) lookUp(lastTable, lastRules, block, first, stop, position)
        else if (section === undefined || !section(block.slice(at, stop), position(at)))
          section = lookUp(table, rules, block, first, stop, position)
      }
      at = end + 1
    }
  }
}

const RETURN = 13
const SPACE = 32
const TAB = 9

type Position = (at: number) => number

function lookUp(
  table: Table,
  rules: readonly Rule[],
  block: string,
  first: number,
  stop: number,
  position: Position,
): Section | undefined {
  const tries = first < stop ? table[block.charCodeAt(first)] : undefined
  if (tries === undefined) return undefined
  let text: string | undefined
  for (const { regex, mayHit, members, groups, sizes } of tries) {
    if (mayHit !== null && !mayHit(block, first, stop)) continue
    text ??= block.slice(first, stop)
    const match = regex.exec(text)
    if (match === null) continue
    const index = groups.findIndex((group) => match[group] !== undefined)
    const group = (groups[index] ?? 0) + 1
    const captures = match.slice(group, group + (sizes[index] ?? 0))
    return rules[members[index] ?? -1]?.onHit({ captures, text, line: () => position(first) })
  }
  return undefined
}

/** For each character code below 256: what to try on a line that begins with it. */
type Table = readonly (readonly Compiled[] | undefined)[]
/** Several patterns in one: `members` are their places in the list of rules. */
type Compiled = {
  readonly regex: RegExp
  /** A no is certain, and costs a fraction of what the pattern does; null where it would not help. */
  readonly mayHit: ((block: string, from: number, to: number) => boolean) | null
  readonly members: readonly number[]
  readonly groups: readonly number[]
  readonly sizes: readonly number[]
}

/** Lines that begin with one of these hold numbers, rulers or echoed input: nothing is looked for in their middle. */
const NOT_WORDS = '0123456789+-.|#('

/** Compiled once for all readers of the same patterns: for a small file, that is a good part of the work. */
const TABLES = new Map<string, Table>()

function tableOf(rules: readonly Rule[]): Table {
  const key = rules.map(({ pattern }) => pattern.source).join('\n')
  const table = TABLES.get(key) ?? byFirstCharacter(rules.map(({ pattern }) => pattern))
  TABLES.set(key, table)
  return table
}

function byFirstCharacter(patterns: readonly RegExp[]): Table {
  const places = patterns.map((_, i) => i)
  const isAnchored = (i: number): boolean => patterns[i]?.source.startsWith('^') === true
  const anywhere = places.filter((i) => !isAnchored(i))
  const floating =
    anywhere.length === 0
      ? null
      : { ...compile(patterns, anywhere), mayHit: mayMatch(anywhere.flatMap((i) => patterns[i] ?? [])) }
  const starts = patterns.map(({ source }, i) => (isAnchored(i) ? startsOf(source) : null))
  const cache = new Map<string, Compiled>()
  return Array.from({ length: 256 }, (_, code) => {
    const character = String.fromCharCode(code)
    const mine = places.filter((i) => starts[i]?.has(character))
    const own = cache.get(mine.join()) ?? compile(patterns, mine)
    cache.set(mine.join(), own)
    const tries = [...(mine.length > 0 ? [own] : []), ...(floating !== null && !NOT_WORDS.includes(character) ? [floating] : [])]
    return tries.length > 0 ? tries : undefined
  })
}

function compile(patterns: readonly RegExp[], members: readonly number[]): Compiled {
  const chosen = patterns.filter((_, i) => members.includes(i))
  const groups: number[] = []
  const sizes: number[] = []
  let next = 1
  for (const pattern of chosen) {
    if (pattern.flags !== '') throw new Error(`a rule's pattern has no flags: ${pattern}`)
    const size = capturesIn(pattern.source)
    groups.push(next)
    sizes.push(size)
    next += size + 1
  }
  return { regex: new RegExp(chosen.map(({ source }) => `(${source})`).join('|')), mayHit: null, members, groups, sizes }
}

/** How many groups of a pattern capture, told by its text: to compile each of some hundred patterns just to count is most of a cold start. */
const capturesIn = (source: string): number =>
  source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/g, '').match(/\((?!\?)|\(\?<(?![=!])/g)?.length ?? 0

/** Of a pattern that begins with `^`; each of its alternatives does. */
function startsOf(source: string): Set<string> {
  const all = branches(source)
  const loose = all.find((one) => !one.startsWith('^'))
  if (loose !== undefined) throw new Error(`a rule's pattern begins with ^ in one alternative and not in another: /${loose}/`)
  return new Set(all.flatMap((one) => [...firstCharacters(one.slice(1))]))
}

/** The characters with which a pattern can begin: a literal, an escape, a set, or a group of such. Throws for anything else. */
function firstCharacters(source: string): Set<string> {
  const [, set] = /^\[([^\]\\^]+)\]/.exec(source) ?? []
  if (set !== undefined) return new Set(set.replace(/(.)-(.)/g, (_all, from: string, to: string) => spread(from, to)))
  const [, escaped] = /^\\([^\w\s])/.exec(source) ?? []
  if (escaped !== undefined) return new Set(escaped)
  if (/^\((?:\?:|[^?])/.test(source))
    return new Set(branches(source.replace(/^\((?:\?:)?/, '')).flatMap((one) => [...firstCharacters(one)]))
  if (/^[^\\()[\].*+?{}|$^]/.test(source) && !/^.(?:[*?]|\{0)/.test(source)) return new Set(source.slice(0, 1))
  throw new Error(`a rule's pattern must begin with a literal: /${source}/`)
}

const spread = (from: string, to: string): string =>
  Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) => String.fromCharCode(from.charCodeAt(0) + i)).join(
    '',
  )

/** The alternatives of a pattern, up to its end or to the parenthesis that closes its group. */
function branches(source: string): string[] {
  const found: string[] = []
  let depth = 0
  let from = 0
  let at = 0
  for (; at < source.length && depth >= 0; at += 1) {
    const character = source[at]
    if (character === '\\') at += 1
    else if (character === '[') at = source.indexOf(']', at + 1)
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === '|' && depth === 0) {
      found.push(source.slice(from, at))
      from = at + 1
    }
  }
  found.push(source.slice(from, depth < 0 ? at - 1 : at))
  return found
}

/** A reader's `feed` for small files: every line that its newline ends. What a file ends with instead is torn, and left out. */
export const eachWholeLine =
  (onLine: (line: string, number: number) => void): ((block: string, firstLine: number) => void) =>
  (block, firstLine) =>
    eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, onLine)
