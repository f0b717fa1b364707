import type { Reader } from '@crystalmath/contract'
import { eachLine } from '../../reading/hits.ts'

export type IncarReading = { readonly tags: ReadonlyMap<string, string> }

/** Reads INCAR: `TAG = value`, several by `;`, comments by `#` and `!`, `\` continues a line, the first entry of a tag counts. */
export function incar(_file: string): Reader<IncarReading> {
  const tags = new Map<string, string>()
  let open = ''
  const take = (statement: string): void => {
    const at = statement.indexOf('=')
    if (at === -1 || tags.size > 2_000) return
    const tag = statement.slice(0, at).trim().toUpperCase()
    const value = statement
      .slice(at + 1)
      .trim()
      .replace(/^"|"$/g, '')
    if (/^[A-Z_][\w/]*$/.test(tag) && !tags.has(tag)) tags.set(structuredClone(tag), structuredClone(value))
  }
  return {
    feed(block, firstLine) {
      eachLine(block, firstLine, (line) => {
        const text = open + line.replace(/[#!].*/, '')
        if (text.trimEnd().endsWith('\\') && text.length < 100_000) {
          open = `${text.trimEnd().slice(0, -1)} `
          return
        }
        open = ''
        for (const statement of text.split(';')) take(statement)
      })
    },
    end: () => {
      for (const statement of open.split(';')) take(statement)
      return { tags }
    },
  }
}
