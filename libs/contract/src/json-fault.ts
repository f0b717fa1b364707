/** Line and column from 1, and offset from 0, where a text stops being JSON. */
export type JsonFault = { readonly offset: number; readonly line: number; readonly column: number; readonly near: string }

const SPACE = /[ \t\n\r]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y

const QUOTE = 0x22
const BACKSLASH = 0x5c

type Expecting = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'comma-or-end' | 'end'

/** Finds the first place at which a text is not JSON: `JSON.parse` does not always tell. Null if it is JSON. Not recursive. */
export function findJsonFault(text: string): JsonFault | null {
  const open: ('{' | '[')[] = []
  let expecting: Expecting = 'value'
  let at = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const hit = pattern.exec(text)
    if (hit !== null) at += hit[0].length
    return hit !== null
  }
  /** Not by one expression: a text of megabytes in quotes would exhaust its stack. Stays at the fault where there is one. */
  const takeString = (): boolean => {
    if (text[at] !== '"') return false
    at += 1
    for (let code = text.charCodeAt(at); code >= 0x20; code = text.charCodeAt(at)) {
      if (code === QUOTE) {
        at += 1
        return true
      }
      if (code !== BACKSLASH) at += 1
      else if (!take(ESCAPE)) return false
    }
    return false
  }
  const afterValue = (): Expecting => (open.length === 0 ? 'end' : 'comma-or-end')
  const closes = (character: string): boolean => character === (open.at(-1) === '{' ? '}' : ']')
  for (;;) {
    take(SPACE)
    const character = text[at]
    if (expecting === 'end') return character === undefined ? null : faultAt(text, at)
    if (character === undefined) return faultAt(text, at)
    if ((expecting === 'value-or-end' || expecting === 'key-or-end' || expecting === 'comma-or-end') && closes(character)) {
      at += 1
      open.pop()
      expecting = afterValue()
    } else if (expecting === 'comma-or-end') {
      if (character !== ',') return faultAt(text, at)
      at += 1
      expecting = open.at(-1) === '{' ? 'key' : 'value'
    } else if (expecting === 'key' || expecting === 'key-or-end') {
      if (!takeString()) return faultAt(text, at)
      take(SPACE)
      if (text[at] !== ':') return faultAt(text, at)
      at += 1
      expecting = 'value'
    } else if (character === '{' || character === '[') {
      at += 1
      open.push(character)
      expecting = character === '{' ? 'key-or-end' : 'value-or-end'
    } else if (takeString() || take(SCALAR)) expecting = afterValue()
    else return faultAt(text, at)
  }
}

function faultAt(text: string, offset: number): JsonFault {
  const before = text.slice(0, offset)
  const lastBreak = before.lastIndexOf('\n')
  return {
    offset,
    line: before.split('\n').length,
    column: offset - lastBreak,
    near: text.slice(Math.max(0, offset - 20), offset + 20),
  }
}
