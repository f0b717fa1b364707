import { UsageError } from './exit.ts'

/** JSON of a file; a fault is named with file, line and column. */
export function readJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${file}: not JSON: ${message}`)
  }
}
