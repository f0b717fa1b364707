/** Key → value of an extended-XYZ comment line. Values may be quoted by `"`, `'`, `{}` or `[]`; a lone word is the flag `T`. */
export function commentFields(comment: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  const pattern = /("(?:[^"\\]|\\.)*"|'[^']*'|[^\s="']+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|\{[^}]*\}|\[[^=]*\]|\S+))?/g
  for (const [, key = '', value] of comment.matchAll(pattern)) fields.set(bare(key), value === undefined ? 'T' : bare(value))
  return fields
}

const bare = (text: string): string => text.replace(/^(["'{])(.*)["'}]$/s, '$2').replace(/\\(.)/g, '$1')

/** All numbers of a field such as `5.4 0 0 …` or `[[5.4, 0, 0], …]`; words stay words. */
export const fieldWords = (value: string): readonly string[] =>
  value
    .replace(/[[\],]/g, ' ')
    .trim()
    .split(/\s+/)
    .filter(Boolean)

export type Column = { readonly name: string; readonly type: string; readonly from: number; readonly count: number }

/** Columns of `species:S:1:pos:R:3`; null where the text is no such list. */
export function columnsOf(properties: string): readonly Column[] | null {
  const parts = properties.split(':')
  const columns: Column[] = []
  let from = 0
  for (let index = 0; index < parts.length; index += 3) {
    const [name = '', type = '', count = ''] = parts.slice(index, index + 3)
    if (name === '' || !/^[SRILsril]$/.test(type) || !/^[1-9]\d{0,3}$/.test(count)) return null
    columns.push({ name, type: type.toUpperCase(), from, count: Number(count) })
    from += Number(count)
  }
  return columns
}
