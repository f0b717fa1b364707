/** Cuts a text that comes piece by piece into lines, numbered from 1. */
export function openLines() {
  let rest = ''
  let number = 0
  const lineOf = (text: string) => {
    number += 1
    return { number, text: number === 1 ? text.replace(/^\uFEFF/, '') : text }
  }
  return {
    push(text: string): readonly NumberedLine[] {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      return parts.map((part) => lineOf(part.endsWith('\r') ? part.slice(0, -1) : part))
    },
    end(): readonly NumberedLine[] {
      const last = rest
      rest = ''
      return last === '' ? [] : [lineOf(last)]
    },
  }
}

export type NumberedLine = { readonly number: number; readonly text: string }
