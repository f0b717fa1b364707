import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'vitest'

const CHECKOUT = resolve(import.meta.dirname, '../../..')
const CORPUS = resolve(CHECKOUT, '../shared/corpus')

/** The folder of real outputs beside the checkout, or null where it is not: its files are of mixed licences and never ours. */
export const corpusFolder = (...below: readonly string[]): string | null => {
  const folder = join(CORPUS, ...below)
  return existsSync(folder) ? folder : null
}

const unavailable = (below: string) => `skipped: no corpus of real outputs at ${join(CORPUS, below)}`

/** `describe` over a folder of the corpus; a skipped test that says so where it is not there. */
export function describeWithCorpus(name: string, below: string, body: (folder: string) => void): void {
  const folder = corpusFolder(below)
  if (folder === null) it.skip(`${name} (${unavailable(below)})`, () => {})
  else describe(name, () => body(folder))
}

/** `it` over a folder of the corpus; skipped, saying so, where it is not there. */
export function itWithCorpus(
  name: string,
  below: string,
  body: (folder: string) => void | Promise<void>,
  timeoutMs?: number,
): void {
  const folder = corpusFolder(below)
  if (folder === null) it.skip(`${name} (${unavailable(below)})`, () => {})
  else it(name, () => body(folder), timeoutMs)
}
