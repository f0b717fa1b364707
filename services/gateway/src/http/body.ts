import { findJsonFault } from '@crystalmath/contract'
import { badRequest, unsupported } from './problem.ts'

/** Nesting beyond it is no input of ours. */
const MAX_DEPTH = 40

/** The body as JSON, with keys that can be stored. A fault is named with line and column. */
export function parseBody(text: string, contentType: string | undefined): unknown {
  if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType ?? '')) {
    throw unsupported(`content-type ${contentType === undefined ? 'is missing' : `"${contentType}"`}: send application/json`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw badRequest(describeFault(text))
  }
  checkShape(value)
  return value
}

function describeFault(text: string): string {
  if (text.trim() === '') return 'the body is empty; send JSON'
  const fault = findJsonFault(text)
  if (fault === null) return 'the body is not JSON'
  const { offset, line, column, near } = fault
  const what = offset >= text.trimEnd().length ? 'the body ends in the middle of JSON' : 'the body is not JSON'
  return `${what} at line ${line}, column ${column} (offset ${offset}), near ${JSON.stringify(near)}`
}

/** Not recursive: hostile nesting must not meet a stack. */
function checkShape(value: unknown): void {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw badRequest(`the body is nested more than ${MAX_DEPTH} deep`)
    const next: unknown[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      if (!Array.isArray(item)) for (const key of Object.keys(item)) checkKey(key)
      for (const inner of Array.isArray(item) ? item : Object.values(item))
        if (typeof inner === 'object' && inner !== null) next.push(inner)
    }
    level = next
  }
}

function checkKey(key: string): void {
  if (key !== '__proto__' && !key.startsWith('$') && !key.includes('\0')) return
  throw badRequest(
    `the name ${JSON.stringify(key)} cannot be stored; names must not begin with "$" nor hold NUL, nor be "__proto__"`,
  )
}
