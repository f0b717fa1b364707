import { StructureProblem } from '../outcome.ts'
import { type Token, tokensOf } from './tokens.ts'

export type Loop = { readonly tags: readonly string[]; readonly rows: readonly (readonly Token[])[]; readonly line: number }

/** One `data_` block: single values and loops by lower-case tag. */
export type Block = { readonly name: string; readonly values: ReadonlyMap<string, Token>; readonly loops: readonly Loop[] }

type Open = { readonly name: string; readonly values: Map<string, Token>; readonly loops: Loop[] }

/** Groups the words of a CIF into blocks; throws `StructureProblem` where a loop's values do not fill its rows. */
export function blocksOf(text: string): readonly Block[] {
  const tokens = tokensOf(text)
  const blocks: Open[] = []
  let index = 0
  while (index < tokens.length) {
    const token = tokens[index]
    if (token === undefined) break
    index += 1
    if (token.kind === 'block') blocks.push({ name: token.text, values: new Map(), loops: [] })
    const block = blocks.at(-1)
    if (block === undefined) throw noBlock(token)
    if (token.kind === 'loop') index = readLoop(tokens, index, token.line, block)
    else if (token.kind === 'tag') {
      const value = tokens[index]
      if (value?.kind !== 'value') throw noValue(token)
      block.values.set(token.text, value)
      index += 1
    } else if (token.kind === 'value') throw strayValue(token)
  }
  return blocks
}

function readLoop(tokens: readonly Token[], from: number, line: number, block: Open): number {
  let index = from
  const tags: string[] = []
  while (tokens[index]?.kind === 'tag') tags.push(tokens[index++]?.text ?? '')
  const rows: Token[][] = []
  let row: Token[] = []
  while (tokens[index]?.kind === 'value') {
    const token = tokens[index++]
    if (token !== undefined) row.push(token)
    if (row.length === tags.length) {
      rows.push(row)
      row = []
    }
  }
  if (tags.length === 0 || row.length > 0) throw torn(row[0]?.line ?? line, tags.length, row.length)
  block.loops.push({ tags, rows, line })
  return index
}

const noBlock = ({ line, text }: Token) =>
  new StructureProblem({
    line,
    value: text,
    message: `expected "data_NAME" first, found "${text.slice(0, 60)}"`,
    mend: 'begin the CIF with a line data_NAME',
  })

const noValue = ({ line, text }: Token) =>
  new StructureProblem({ line, value: text, message: `${text} has no value`, mend: 'write its value after it, or ? if unknown' })

const strayValue = ({ line, text }: Token) =>
  new StructureProblem({
    line,
    value: text,
    message: `"${text.slice(0, 60)}" belongs to no tag`,
    mend: 'quote values that hold blanks',
  })

const torn = (line: number, columns: number, left: number) =>
  new StructureProblem({
    line,
    message: `the last row of this loop has ${left} values for ${columns} columns`,
    mend: 'give every row one value per column (? if unknown), and quote values that hold blanks',
  })

export const taggedValue = (block: Block, ...tags: readonly string[]): Token | undefined =>
  tags.map((tag) => block.values.get(tag)).find((token) => token !== undefined)

/** The loop that has one of these columns, and where. */
export function columnOf(block: Block, ...tags: readonly string[]): { readonly loop: Loop; readonly at: number } | undefined {
  for (const loop of block.loops) for (const tag of tags) if (loop.tags.includes(tag)) return { loop, at: loop.tags.indexOf(tag) }
  return undefined
}
