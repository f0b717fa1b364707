import { basename, dirname, join } from 'node:path'
import { type CodeFacts, READS, type ReadsLater, readsOf } from '@crystalmath/codes/reads'
import { type CalculationResult, type CodeName, PermanentError } from '@crystalmath/contract/plain'
import { finishResult } from './finish-result.ts'
import { LIMITS, type Limits } from './limits.ts'
import { aboutPath, isFile } from './open-file.ts'
import { type How, readFound } from './read-file.ts'
import { type Found, sampleFile } from './sample-file.ts'

export type ParseOptions = {
  /** Read as this code's output instead of asking each code whether it knows the file. */
  readonly code?: CodeName | undefined
  /** Also eigenvalues, DOS, forces and structures of every step. */
  readonly full?: boolean
  readonly limits?: Limits
}

/** Reads a file for what it holds, a directory as one calculation. Throws `PermanentError` where nothing is recognised or readable. */
export async function parsePath(
  path: string,
  { code, full = false, limits = LIMITS }: ParseOptions = {},
): Promise<CalculationResult> {
  if (code !== undefined && readsOf(code) === undefined) throw new PermanentError(`${path}: no reader for the outputs of ${code}`)
  const candidates = code === undefined ? READS : READS.filter((reads) => reads.code === code)
  if (aboutPath(path).isDirectory()) {
    const { parseDirectory } = await import('./parse-directory.ts')
    return await parseDirectory(path, candidates, { full, limits })
  }
  return await parseFile(path, candidates, { full, limits, named: code !== undefined })
}

async function parseFile(
  path: string,
  candidates: readonly ReadsLater[],
  { named, ...how }: How & { readonly named: boolean },
): Promise<CalculationResult> {
  const found = await sampleFile(path, dirname(path), how.limits)
  for (const facts of candidates) {
    const companions = await companionsOf(facts, path, how.limits)
    // an empty output is explained by what lies beside it; one that was named to be this code's is read as such
    const assumed = named || (found.size === 0 && companions.length > 0) ? facts.mainKinds[0] : undefined
    const kind = facts.recognise(found.sample) ?? assumed ?? null
    if (kind === null) continue
    const reads = await facts.load()
    const all = [await readFound(reads, kind, found, how)]
    for (const [companionKind, companion] of companions) all.push(await readFound(reads, companionKind, companion, how))
    const result = reads.combine(
      all.map(({ reading }) => reading),
      how,
    )
    return finishResult(
      result,
      all.flatMap(({ diagnoses }) => diagnoses),
      [],
    )
  }
  const known = candidates.map((reads) => reads.code).join(', ')
  throw new PermanentError(
    found.size === 0
      ? `${path}: the file is empty`
      : `${path}: not recognised as an output of ${known}${named ? '' : '; --code NAME reads it as one'}`,
  )
}

/** Files beside an output that say why it ended, with the kind of their reader; none where the code knows no such files. */
async function companionsOf({ companions = [], recognise }: CodeFacts, path: string, limits: Limits): Promise<[string, Found][]> {
  const found: [string, Found][] = []
  for (const name of companions) {
    const beside = join(dirname(path), name)
    if (basename(path) === name || !isFile(beside)) continue
    const companion = await sampleFile(beside, dirname(path), limits).catch(() => null) // it only adds
    const kind = companion === null ? null : recognise(companion.sample)
    if (companion !== null && kind !== null) found.push([kind, companion])
  }
  return found
}
