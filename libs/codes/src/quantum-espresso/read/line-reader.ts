import type { Reader } from '@crystalmath/contract'
import { lineCounter } from '../../reading/hits.ts'

/** Eats the lines below a beginning; false where a line is not its own any more (that line is then looked at like any other). */
export type Eater = LineEater | BlockEater
type LineEater = (line: string, lineNumber: () => number) => boolean
/** For the rows that outputs are made of: gets the offsets of a line, without its end, since to look at a slice costs thrice as much. */
type BlockEater = { readonly eat: (block: string, from: number, to: number, lineNumber: () => number) => boolean }

/** What a line says that begins as named (after blanks). Returns an eater where the lines below belong to it. */
export type Take<S> = (line: string, state: S, lineNumber: () => number) => Eater | undefined

/** How lines begin after leading blanks (at least three characters), each with what to do; of several that fit the longest decides. */
export type Beginnings<S> = readonly (readonly [beginning: string, take: Take<S>])[]

type Candidate<S> = { readonly beginning: string; readonly take: Take<S> }

const keyAt = (text: string, at: number): number =>
  text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8) | (text.charCodeAt(at + 2) << 16)

function byKey<S>(beginnings: Beginnings<S>): Map<number, Candidate<S>[]> {
  const table = new Map<number, Candidate<S>[]>()
  for (const [beginning, take] of beginnings) {
    const key = keyAt(beginning, 0)
    table.set(key, [...(table.get(key) ?? []), { beginning, take }])
  }
  for (const candidates of table.values()) candidates.sort((a, b) => b.beginning.length - a.beginning.length)
  return table
}

/** Lines that begin with a digit, a sign, a dot or a bracket are numbers: none but an eater wants them. */
const isText = (block: string, at: number): boolean => {
  const code = block.charCodeAt(at)
  if (code > 57 || code === 33 || code === 37 || code === 35) return true
  const next = block.charCodeAt(at + 1)
  return (code === 45 && next === 45) || (code === 40 && next > 57) || (code === 42 && next === 32)
}

export type Extras<S> = {
  /** Called when a block is done with, before it is let go. */
  readonly afterBlock?: (state: S) => void
  /** Called with lines of numbers that no eater wants. */
  readonly onNumbers?: (line: string, state: S) => undefined
}

/**
 * Reads a text line by line, dispatching on the first three characters that are not blank, so that a line nobody
 * wants costs a look at its first characters. (An alternation over whole blocks is faster with few patterns and ten times slower with forty.)
 */
export function lineReader<S, T>(beginnings: Beginnings<S>, state: S, end: (state: S) => T, more: Extras<S> = {}): Reader<T> {
  const table = byKey(beginnings)
  let eater: Eater | undefined

  const look = (block: string, start: number, to: number, lineNumber: () => number): undefined => {
    let at = start
    while (at < to && block.charCodeAt(at) === 32) at += 1
    if (at === to) return
    if (!isText(block, at)) return more.onNumbers?.(lineOf(block, start, to), state)
    for (const { beginning, take } of table.get(keyAt(block, at)) ?? []) {
      if (!block.startsWith(beginning, at)) continue
      eater = take(lineOf(block, start, to), state, lineNumber)
      return
    }
  }

  return {
    feed(block, firstLine) {
      const lineAt = lineCounter(block, firstLine)
      let start = 0
      const lineNumber = (): number => lineAt(start)
      while (start < block.length) {
        const newline = block.indexOf('\n', start)
        const to = newline === -1 ? block.length : newline
        if (newline === -1 && isTorn(block.slice(start))) break
        if (eater !== undefined && !eats(eater, block, start, to, lineNumber)) eater = undefined
        if (eater === undefined) look(block, start, to, lineNumber)
        start = to + 1
      }
      more.afterBlock?.(state)
    },
    end: () => end(state),
  }
}

/** A last line without its end may be torn within a number; of such lines only words count. */
const isTorn = (line: string): boolean => /\d/.test(line) && !line.includes('rror')

const endOf = (block: string, from: number, to: number): number => (to > from && block.charCodeAt(to - 1) === 13 ? to - 1 : to)

const lineOf = (block: string, from: number, to: number): string => block.slice(from, endOf(block, from, to))

const eats = (eater: Eater, block: string, from: number, to: number, lineNumber: () => number): boolean =>
  typeof eater === 'function'
    ? eater(lineOf(block, from, to), lineNumber)
    : eater.eat(block, from, endOf(block, from, to), lineNumber)
