const SPACE = 32
const MINUS = 45
const NINE = 57
const ZERO = 48
const LETTER_F = 102

/**
 * Whether a line of OUTCAR may say something besides numbers. Nine of ten lines are rows of tables or blank: looking at their first
 * letter costs a tenth of what a search for all messages costs. Rows of vibrations (`  1 f  = …`) and rules with a text count as telling.
 */
export function isTelling(block: string, from: number, to: number): boolean {
  let at = from
  while (at < to && block.charCodeAt(at) <= SPACE) at += 1
  if (at === to) return false
  const code = block.charCodeAt(at)
  if (code > NINE) return true
  if (code === MINUS)
    return block.charCodeAt(at + 1) === MINUS && block.charCodeAt(to - 1) === MINUS ? hasText(block, at, to) : false
  if (code < ZERO) return true
  while (at < to && block.charCodeAt(at) >= ZERO && block.charCodeAt(at) <= NINE) at += 1
  return block.charCodeAt(at) === SPACE && block.charCodeAt(at + 1) === LETTER_F
}

/** `------- Iteration 1( 1) -------`: the rules on both sides are of about the same length. */
function hasText(block: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (block.charCodeAt(at) !== MINUS) return true
  return false
}

/** Lines one after the other that are blank or begin with a number, but for rows of vibrations: such as `isTelling` says nothing of. */
const QUIET = /(?:[ \t\r]*(?:-?\d+(?!\d| f)[^\n]*)?\n)*/y

/** Where the quiet lines end that begin at an offset: tables are longer than all else, and a pattern passes over them without a look at each line by itself. */
export const quietUntil = (block: string, from: number): number => endOf(QUIET, block, from)

/** Where a sticky pattern of whole lines, perhaps of none, ends that begins at an offset. */
export function endOf(lines: RegExp, block: string, from: number): number {
  lines.lastIndex = from
  lines.test(block)
  return lines.lastIndex
}
