import { lineCounter } from './hits.ts'

/** One line that a rule's pattern met. */
export type Hit = {
  /** The pattern's captures, from its first group on. */
  readonly captures: readonly (string | undefined)[]
  /** The whole line. */
  text(): string
  /** Its number in the file, from 1. */
  line(): number
}

/** Gets the lines after a hit, one by one; false where a line is no longer its own (that line is then looked at anew). */
export type Section = (line: string, number: number) => boolean

export type Rule = {
  /** Begins with a literal; a line's start is a lookbehind (`(?<=^ *)`); captures are numbered, not named. */
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

/** A section that reads rows, after at most `gap` other lines; the first line that is no row ends it. */
export function rows(onRow: (line: string, number: number) => boolean, gap = 0): Section {
  let before = gap
  let begun = false
  return (text, number) => {
    if (onRow(text, number)) {
      begun = true
      return true
    }
    if (begun) return false
    before -= 1
    return before >= 0
  }
}

type Compiled = {
  readonly regex: RegExp
  readonly rules: readonly Rule[]
  readonly groups: readonly number[]
  readonly sizes: readonly number[]
}

function compile(rules: readonly Rule[]): Compiled {
  const groups: number[] = []
  const sizes: number[] = []
  let next = 1
  for (const { pattern } of rules) {
    const size = (new RegExp(`${pattern.source}|`).exec('')?.length ?? 1) - 1
    groups.push(next)
    sizes.push(size)
    next += size + 1
  }
  return { regex: new RegExp(rules.map(({ pattern }) => `(${pattern.source})`).join('|'), 'gm'), rules, groups, sizes }
}

/**
 * One alternation over whole blocks; where a rule opens a section, its lines are handed out one by one.
 * The outcome does not depend on where blocks are cut: an open section goes on in the next block, and a last line
 * without its newline is seen by self-delimited rules alone.
 */
export function scanner(rules: readonly Rule[]): (block: string, firstLine: number) => void {
  const main = compile(rules)
  const last = compile(rules.filter((one) => one.selfDelimited))
  let section: Section | undefined

  return (block, firstLine) => {
    const end = block.endsWith('\n') ? block.length : block.lastIndexOf('\n') + 1
    const position = lineCounter(block, firstLine)
    let at = 0
    while (at < end) {
      if (section === undefined) {
        main.regex.lastIndex = at
        const match = main.regex.exec(block)
        if (match === null || match.index >= end) break
        const stop = lineEnd(block, match.index + match[0].length)
        section = dispatch(main, match, block, stop, position)
        at = stop + 1
      } else {
        const stop = lineEnd(block, at)
        if (section(bare(block, at, stop), position(at))) at = stop + 1
        else section = undefined
      }
    }
    if (end === block.length || last.rules.length === 0) return
    last.regex.lastIndex = end
    const match = last.regex.exec(block)
    if (match !== null) dispatch(last, match, block, block.length, position)
  }
}

function dispatch(
  { rules, groups, sizes }: Compiled,
  match: RegExpExecArray,
  block: string,
  stop: number,
  position: (at: number) => number,
) {
  const index = groups.findIndex((group) => match[group] !== undefined)
  const found = rules[index]
  const first = (groups[index] ?? 0) + 1
  return found?.onHit({
    captures: match.slice(first, first + (sizes[index] ?? 0)),
    text: () => bare(block, block.lastIndexOf('\n', match.index - 1) + 1, stop),
    line: () => position(match.index),
  })
}

const lineEnd = (block: string, from: number): number => {
  const at = block.indexOf('\n', from)
  return at === -1 ? block.length : at
}

const bare = (block: string, from: number, to: number): string =>
  block.slice(from, to > from && block.charCodeAt(to - 1) === 13 ? to - 1 : to)
