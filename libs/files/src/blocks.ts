import { chunksOf, type Remarks, type Source } from './chunks.ts'

const NEWLINE = 10

export type Block = { readonly text: string; readonly firstLine: number }

/**
 * Whole lines of Latin-1 text, some 100 KiB at a time; only the last may lack its newline. CRLF becomes LF. A line beyond the
 * limit is cut there, and `remarks` say so. Stops reading where the consumer stops.
 */
export async function* blocksOf(source: Source, remarks: Remarks): AsyncGenerator<Block> {
  let line = 1
  let before = ''
  const onCut = (bytes: number, begin: string) => remarks.cut.push({ line: line + newlinesIn(before), bytes, begin })
  for await (const raw of wholeLines(source, onCut, remarks)) {
    const text = raw.includes('\r\n') ? raw.replaceAll('\r\n', '\n') : raw
    line += newlinesIn(before)
    yield { text, firstLine: line }
    before = text
  }
}

/** How many lines end in a text. */
export function newlinesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

type OnCut = (bytes: number, begin: string) => void

async function* wholeLines(source: Source, onCut: OnCut, remarks: Remarks): AsyncGenerator<string> {
  const open = openLine(source.limits.lineBytes, onCut)
  for await (const chunk of chunksOf(source, remarks)) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    let from = 0
    if (end > 0 && open.isBegun()) {
      from = chunk.indexOf(NEWLINE) + 1
      yield open.finish(chunk.subarray(0, from))
    }
    if (end > from) yield chunk.toString('latin1', from, end)
    open.add(chunk.subarray(end))
  }
  if (open.isBegun()) yield open.finish(Buffer.alloc(0))
}

/** The line whose end is not in sight: kept up to the limit, counted beyond. */
function openLine(limit: number, onCut: OnCut) {
  let parts: Buffer[] = []
  let kept = 0
  let total = 0
  const add = (bytes: Buffer): void => {
    const keep = bytes.subarray(0, limit - kept)
    if (keep.length > 0) parts.push(Buffer.from(keep))
    kept += keep.length
    total += bytes.length
  }
  const finish = (bytes: Buffer): string => {
    const ends = bytes.at(-1) === NEWLINE
    add(ends ? bytes.subarray(0, -1) : bytes)
    const text = Buffer.concat(parts).toString('latin1')
    if (total > kept) onCut(total, text.slice(0, 80))
    parts = []
    kept = 0
    total = 0
    return ends ? `${text}\n` : text
  }
  return { add, finish, isBegun: () => total > 0 }
}
