/** One record of a CSV text, and the line that it began on, from 1. */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[]; readonly problem?: string }

/** Characters of one record; a quote that is never closed would swallow the rest of the file. */
const MAX_RECORD = 8_000_000

const QUOTE = /"/g
const SPECIAL = /[,"\n\r]/g

/** Where the next character of a kind stands. */
function runOf(text: string, from: number, kind: RegExp): number {
  kind.lastIndex = from
  return kind.exec(text)?.index ?? text.length
}

/** Reads RFC 4180 CSV piece by piece: quoted cells with commas, doubled quotes and line ends, any line end, a BOM, empty lines skipped. */
export function openCsv() {
  let cells: string[] = []
  let cell = ''
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  let line = 1
  let began = 1
  let size = 0
  let problem: string | undefined
  let isFirst = true
  let skipNewline = false

  const endCell = () => {
    cells.push(cell)
    cell = ''
    state = 'start'
  }
  const endRecord = (): CsvRecord | null => {
    const isEmpty = cells.length === 0 && cell === '' && state === 'start'
    if (!isEmpty) endCell()
    const record = isEmpty ? null : { line: began, cells, ...(problem === undefined ? {} : { problem }) }
    cells = []
    cell = ''
    state = 'start'
    size = 0
    problem = undefined
    return record
  }
  /** Characters without a meaning of their own. */
  const takeRun = (run: string) => {
    skipNewline = false
    if (state === 'quoted') line += run.split('\n').length - 1
    else if (state === 'closed') problem = `line ${line}: text follows a closing quote; double the quotes inside a quoted cell`
    else state = 'plain'
    cell += run
    size += run.length
    if (size > MAX_RECORD) {
      throw new RangeError(
        `the record that begins on line ${began} is longer than ${MAX_RECORD} characters: a quote is not closed`,
      )
    }
  }
  const take = (char: string): CsvRecord | null => {
    if (char === '\n' && skipNewline) {
      skipNewline = false
      return null
    }
    skipNewline = false
    const isEnd = char === '\n' || char === '\r'
    if (state === 'quoted') {
      state = 'closed'
      return null
    }
    if (isEnd) {
      skipNewline = char === '\r'
      const record = endRecord()
      line += 1
      began = line
      return record
    }
    if (char === ',') endCell()
    else if (char === '"' && state === 'start') state = 'quoted'
    else if (char === '"' && state === 'closed') {
      cell += '"'
      state = 'quoted'
    } else cell += char // a quote in the middle of a plain cell stands for itself
    return null
  }

  return {
    /** Records that are complete now. */
    push(text: string): readonly CsvRecord[] {
      const records: CsvRecord[] = []
      const all = isFirst ? text.replace(/^\uFEFF/, '') : text
      if (text !== '') isFirst = false
      for (let at = 0; at < all.length; ) {
        const run = runOf(all, at, state === 'quoted' ? QUOTE : SPECIAL)
        if (run > at) {
          takeRun(all.slice(at, run))
          at = run
          continue
        }
        const record = take(all.charAt(at))
        if (record !== null) records.push(record)
        at += 1
      }
      return records
    },
    /** What is left at the end of the text. */
    end(): readonly CsvRecord[] {
      if (state === 'quoted') problem = `the quote that opens in the record on line ${began} is never closed`
      const record = endRecord()
      return record === null ? [] : [record]
    },
  }
}
