import { type NumberedLine, openLines } from './lines.ts'

/** One frame of an XYZ file: its text, its comment, and its first line, from 1. */
export type Frame = { readonly line: number; readonly text: string; readonly comment: string; readonly problem?: string }

/** Cuts a file of many XYZ frames into them by the numbers of atoms that they state. After a wrong number nothing can be told: the rest is one bad frame. */
export function openFrames() {
  const lines = openLines()
  let open: NumberedLine[] = []
  let wanted = 0
  let lost: Frame | null = null

  const take = (line: NumberedLine): Frame | null => {
    if (lost !== null) return null
    if (open.length === 0) {
      if (line.text.trim() === '') return null
      if (!/^\s*\d{1,7}\s*$/.test(line.text)) {
        const problem = `line ${line.number}: a frame must begin with its number of atoms, found "${line.text.trim().slice(0, 60)}"; nothing after it was read`
        lost = { line: line.number, text: line.text, comment: '', problem }
        return lost
      }
      wanted = Number(line.text) + 2
    }
    open.push(line)
    if (open.length < wanted) return null
    return close()
  }
  const close = (problem?: string): Frame => {
    const frame = {
      line: open[0]?.number ?? 1,
      text: `${open.map(({ text }) => text).join('\n')}\n`,
      comment: open[1]?.text ?? '',
      ...(problem === undefined ? {} : { problem }),
    }
    open = []
    return frame
  }
  const framesOf = (some: readonly NumberedLine[]) => some.map(take).filter((frame) => frame !== null)
  return {
    push: (text: string): readonly Frame[] => framesOf(lines.push(text)),
    end: (): readonly Frame[] => {
      const last = framesOf(lines.end())
      if (open.length === 0) return last
      const isBare = open.length === wanted - 1 && wanted === 2 // no atoms, no comment
      return [
        ...last,
        close(
          isBare
            ? undefined
            : `line ${open[0]?.number}: ${wanted - 2} atoms are announced, the file ends after ${Math.max(0, open.length - 2)}`,
        ),
      ]
    },
  }
}
