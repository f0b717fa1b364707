import { detached, lineCounter } from '../../reading/hits.ts'

/** What a scan reports. Offsets are into `block`; nothing may keep `block` or a slice of it. */
export type XmlListener = {
  /** `attributes` is the text between the name and `>`. May answer with a closing tag to run to without a look at what lies between. */
  open(tag: string, attributes: string, block: string, at: number): string | undefined
  close(tag: string, block: string, at: number): void
  /** An element without children: its text lies between the offsets. */
  leaf(tag: string, attributes: string, block: string, from: number, to: number): void
  /** `<v>` or `<r>` without attributes: a row of numbers. */
  row(block: string, from: number, to: number): void
}

export type XmlScan = {
  feed(block: string, firstLine: number): void
  /** The line of an offset into the block that is being told; offsets must grow. */
  lineAt(at: number): number
}

/** Elements that hold text only. */
const LEAVES = new Set(['i', 'v', 'r', 'c', 'field', 'dimension', 'time', 'atoms', 'types'])
/** A longer text without a tag is no VASP text; it is skipped. */
const MAX_LEAF = 1 << 20
const LESS = 60
const GREATER = 62
const SLASH = 47
const MARK = 33
const QUESTION = 63

/**
 * Tells the tags of an XML text, however broken: nothing is balanced, expanded or kept.
 * What a block leaves unfinished is carried into the next one; a run to a closing tag ends at `</calculation>` too.
 */
export function scanXml(listener: XmlListener): XmlScan {
  let carry = ''
  let carryLine = 1
  let lineAt = lineCounter('', 1)
  let runTo: string | undefined

  const afterRun = (block: string, from: number): number => {
    if (runTo === undefined) return from
    const there = closingAt(block, runTo, from)
    const torn = closingAt(there === -1 ? block : block.slice(0, there), '</calculation>', from)
    if (torn !== -1) {
      runTo = undefined
      return torn
    }
    if (there === -1) return -1
    runTo = undefined
    return there
  }

  /** Offset after the tag at `at`; −1 if the block ends within it. */
  const tagAt = (block: string, at: number): number => {
    const code = block.charCodeAt(at + 1)
    if ((code === 118 || code === 114) && block.charCodeAt(at + 2) === GREATER) {
      const end = block.indexOf('<', at + 3)
      if (end === -1) return -1
      if (block.charCodeAt(end + 1) !== SLASH) return end
      listener.row(block, at + 3, end)
      return block.charCodeAt(end + 2) === code && block.charCodeAt(end + 3) === GREATER ? end + 4 : end
    }
    const end = block.indexOf('>', at + 1)
    if (end === -1) return -1
    if (code === MARK || code === QUESTION) return end + 1
    if (code === SLASH) {
      const tag = block.slice(at + 2, end).trim()
      if (!LEAVES.has(tag)) listener.close(tag, block, at)
      return end + 1
    }
    const inner = block.indexOf('<', at + 1)
    if (inner !== -1 && inner < end) return inner
    return opened(block, at, end)
  }

  const opened = (block: string, at: number, end: number): number => {
    const text = block.slice(at + 1, end)
    const space = text.indexOf(' ')
    const tag = space === -1 ? text : text.slice(0, space)
    const attributes = space === -1 ? '' : text.slice(space + 1)
    if (!LEAVES.has(tag)) {
      if (!text.endsWith('/')) runTo = listener.open(tag, attributes, block, at)
      return end + 1
    }
    const next = block.indexOf('<', end + 1)
    if (next === -1) return -1
    if (block.charCodeAt(next + 1) === SLASH) listener.leaf(tag, attributes, block, end + 1, next)
    return next
  }

  const feed = (fed: string, firstLine: number): void => {
    const block = carry === '' ? fed : carry + fed
    lineAt = lineCounter(block, carry === '' ? firstLine : carryLine)
    carry = ''
    let at = 0
    for (;;) {
      at = afterRun(block, at)
      if (at === -1) return
      at = block.charCodeAt(at) === LESS ? at : block.indexOf('<', at)
      if (at === -1) return
      const next = tagAt(block, at)
      if (next === -1) {
        if (block.length - at > MAX_LEAF) return
        carryLine = lineAt(at)
        carry = detached(block.slice(at))
        return
      }
      at = next
    }
  }
  return { feed, lineAt: (at) => lineAt(at) }
}

/** Where a closing tag stands, or −1. Looked for by its name: the `<` before it begins every row of numbers too. */
function closingAt(block: string, tag: string, from: number): number {
  const name = tag.slice(2)
  for (let at = block.indexOf(name, from + 2); at !== -1; at = block.indexOf(name, at + 1))
    if (block.startsWith('</', at - 2)) return at - 2
  return -1
}

/** The value of an attribute, `name="…"`; undefined without it. */
export function attribute(attributes: string, name: string): string | undefined {
  const at = attributes.indexOf(`${name}="`)
  if (at === -1) return undefined
  const from = at + name.length + 2
  const to = attributes.indexOf('"', from)
  return to === -1 ? undefined : attributes.slice(from, to)
}
