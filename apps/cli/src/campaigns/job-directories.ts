import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { CalculationResult } from '@crystalmath/contract'
import { PermanentError } from '@crystalmath/contract'

/** A directory of a calculation with what its outputs say. */
export type JobDirectory = { readonly path: string; readonly result: CalculationResult }

/** Directories below a folder that hold a calculation, each once: below one of them no other is looked for. Links are not followed. */
export async function* findJobDirectories(folder: string, path = folder): AsyncGenerator<JobDirectory> {
  const entries = await readdir(path, { withFileTypes: true })
  const result = entries.some((entry) => entry.isFile()) ? await readDirectory(path) : null
  if (result !== null) {
    yield { path: relative(folder, path) || '.', result }
    return
  }
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  for (const name of inner.toSorted()) yield* findJobDirectories(folder, join(path, name))
}

/** Null where nothing in it is an output that a reader knows. */
export async function readDirectory(path: string): Promise<CalculationResult | null> {
  const { parsePath } = await import('@crystalmath/files') // with all readers: not loaded for the help
  try {
    return await parsePath(path)
  } catch (error) {
    if (error instanceof PermanentError) return null
    throw error
  }
}
