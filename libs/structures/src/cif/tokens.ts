import { linesOf, StructureProblem } from '../outcome.ts'

/** One word of a CIF. `value` texts that were quoted are never `?`, `.` or reserved words. */
export type Token = {
  readonly kind: 'block' | 'loop' | 'tag' | 'value'
  readonly text: string
  readonly quoted: boolean
  readonly line: number
}

/** A quote ends only before a blank or the line's end; `#` begins a comment only after a blank or at the line's start. */
const WORD = /\s+|#.*$|'(?<single>(?:[^']|'(?=\S))*)'(?=\s|$)|"(?<double>(?:[^"]|"(?=\S))*)"(?=\s|$)|(?<bare>\S+)/y

const bareToken = (text: string, line: number): Token => {
  const word = text.toLowerCase()
  if (word.startsWith('data_')) return { kind: 'block', text: text.slice(5), quoted: false, line }
  if (word === 'loop_') return { kind: 'loop', text, quoted: false, line }
  // mmCIF and CIF 2 write _atom_site.fract_x for _atom_site_fract_x
  if (word.startsWith('_')) return { kind: 'tag', text: word.replaceAll('.', '_'), quoted: false, line }
  return { kind: 'value', text, quoted: false, line }
}

function tokensOfLine(text: string, number: number, tokens: Token[]): void {
  WORD.lastIndex = 0
  while (WORD.lastIndex < text.length) {
    const hit = WORD.exec(text)
    if (hit === null) return
    const { single, double, bare } = hit.groups ?? {}
    const quoted = single ?? double
    if (quoted !== undefined) tokens.push({ kind: 'value', text: quoted, quoted: true, line: number })
    else if (bare !== undefined) tokens.push(bareToken(bare, number))
  }
}

/** All words of a CIF in their order; text fields between lines that begin with `;` are one word. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let field: { readonly line: number; readonly texts: string[] } | null = null
  for (const { number, text: line } of linesOf(text)) {
    if (field === null && line.startsWith(';')) field = { line: number, texts: [line.slice(1)] }
    else if (field === null) tokensOfLine(line, number, tokens)
    else if (line.startsWith(';')) {
      tokens.push({ kind: 'value', text: field.texts.join('\n').trim(), quoted: true, line: field.line })
      field = null
      tokensOfLine(line.slice(1), number, tokens)
    } else field.texts.push(line)
  }
  if (field !== null)
    throw new StructureProblem({
      line: field.line,
      message: 'the text field that begins here with ";" has no end',
      mend: 'end it with a line that holds ";" alone',
    })
  return tokens
}
