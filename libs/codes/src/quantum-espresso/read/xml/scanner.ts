import { detached } from '../../../reading/hits.ts'

/** An element that somebody wants: its text, its attributes by name, and the line where it began. */
export type Element = { readonly text: string; readonly attribute: (name: string) => string | null; readonly line: number }

export type Wanted = Readonly<Record<string, (element: Element) => void>>

export type XmlScan = {
  feed(block: string, firstLine: number): void
  /** Was the root element closed? */
  isComplete(): boolean
  /** Text that is no XML, with its line; null for well-formed text so far. */
  broken(): { readonly line: number; readonly text: string } | null
}

/** A tag longer than this is no tag. */
const MOST_TAG = 65_536
const MOST_DEPTH = 60
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&apos;': "'" }

type Open = {
  readonly name: string
  readonly path: string
  readonly want: ((element: Element) => void) | undefined
  readonly tag: string
  readonly line: number
  text: string[]
}

const NAME = /^[^\s/>]+/

/**
 * Scans XML block by block without building a tree. `wanted` maps paths below the root (`output/total_energy/etot`) to what is called
 * when such an element closes; text of other elements is skipped. Keeps nothing of a block but unfinished tags and wanted text.
 */
export function xmlScan(wanted: Wanted): XmlScan {
  const open: Open[] = []
  let rest = ''
  let restLine = 1
  let rootClosed = false
  let trouble: { line: number; text: string } | null = null

  const fail = (line: number, text: string): undefined => {
    trouble ??= { line, text: detached(text.slice(0, 200)) }
  }

  const begin = (tag: string, line: number): undefined => {
    const name = NAME.exec(tag)?.[0] ?? ''
    const parent = open.at(-1)
    if (open.length > MOST_DEPTH || (parent === undefined && rootClosed)) return fail(line, tag)
    const path = parent === undefined ? '' : parent.path === '' ? name : `${parent.path}/${name}`
    const want = Object.hasOwn(wanted, path) ? wanted[path] : undefined
    const element: Open = { name: detached(name), path, want, tag: want === undefined ? '' : detached(tag), line, text: [] }
    if (tag.endsWith('/')) return finish(element)
    open.push(element)
  }

  const finish = ({ want, tag, text, line }: Open): undefined => {
    want?.({ text: decoded(text.join('')), attribute: (name) => attributeOf(tag, name), line })
  }

  const close = (tag: string, line: number): undefined => {
    const element = open.pop()
    if (element === undefined || element.name !== tag.slice(1).trim()) return fail(line, tag)
    if (open.length === 0) rootClosed = true
    finish(element)
  }

  /** The end of the tag, comment or instruction that begins at `at`; -1 where the block ends before it. */
  const endOf = (text: string, at: number): number => {
    const end = text.startsWith('!--', at + 1)
      ? text.indexOf('-->', at + 4) + 2
      : text.startsWith('![CDATA[', at + 1)
        ? text.indexOf(']]>', at + 9) + 2
        : text.indexOf('>', at)
    return end === 1 ? -1 : end
  }

  return {
    feed(block, firstLine) {
      if (trouble !== null) return
      const text = rest === '' ? block : rest + block
      let line = rest === '' ? firstLine : restLine
      rest = ''
      let from = 0
      while (from < text.length && trouble === null) {
        const at = text.indexOf('<', from)
        const to = at === -1 ? text.length : at
        const inside = open.at(-1)
        if (inside?.want !== undefined && to > from) inside.text.push(text.slice(from, to))
        line += newlines(text, from, to)
        if (at === -1) break
        const end = endOf(text, at)
        if (end === -1) {
          if (text.length - at > MOST_TAG) fail(line, text.slice(at))
          rest = text.slice(at)
          restLine = line
          break
        }
        const first = text.charCodeAt(at + 1)
        if (first === 47) close(text.slice(at + 1, end), line)
        else if (first !== 33 && first !== 63) begin(text.slice(at + 1, end), line)
        else if (inside?.want !== undefined && text.startsWith('<![CDATA[', at)) inside.text.push(text.slice(at + 9, end - 2))
        line += newlines(text, at, end)
        from = end + 1
      }
      for (const element of open) if (element.text.length > 0) element.text = [detached(element.text.join(''))]
      rest = detached(rest)
    },
    isComplete: () => rootClosed && trouble === null,
    broken: () => trouble,
  }
}

function newlines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

const decoded = (text: string): string =>
  text.includes('&') ? text.replaceAll(/&(?:lt|gt|amp|quot|apos);/g, (entity) => ENTITIES[entity] ?? entity) : text

function attributeOf(tag: string, name: string): string | null {
  const at = tag.search(new RegExp(`\\s${name}\\s*=\\s*["']`))
  if (at === -1) return null
  const quote = tag.slice(at).search(/["']/) + at
  const end = tag.indexOf(tag.charAt(quote), quote + 1)
  return end === -1 ? null : tag.slice(quote + 1, end)
}
