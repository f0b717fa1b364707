import { findJsonFault } from '@crystalmath/contract'
import { UsageError } from './exit.ts'

/** JSON of a file; a fault is named with file, line and column. */
export function readJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const fault = findJsonFault(text)
    if (fault === null) throw new UsageError(`${file}: not JSON: ${error instanceof Error ? error.message : String(error)}`)
    const { line, column, offset, near } = fault
    const what = offset >= text.trimEnd().length ? 'it ends in the middle of JSON' : `not JSON: ${JSON.stringify(near)}`
    throw new UsageError(`${file}, line ${line}, column ${column}: ${what}`)
  }
}
