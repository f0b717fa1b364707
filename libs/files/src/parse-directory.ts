import type { ReadsLater } from '@crystalmath/codes/reads'
import { type CalculationResult, PermanentError } from '@crystalmath/contract/plain'
import { finishResult } from './finish-result.ts'
import { listFiles } from './list-files.ts'
import { type FileReading, type How, readFound } from './read-file.ts'
import { type Found, sampleFile } from './sample-file.ts'

type Claim = { readonly reads: ReadsLater; readonly kinds: (readonly [string, Found])[] }

/** Reads a directory as one calculation, by the code whose most telling file lies in it. What cannot be read is left out, with a warning. */
export async function parseDirectory(root: string, candidates: readonly ReadsLater[], how: How): Promise<CalculationResult> {
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  const paths = await listFiles(root, how.limits, warn)
  const best = await bestClaim(root, paths, candidates, how, warn)
  if (best === undefined)
    throw new PermanentError(
      [`${root}: no output of a known code among its ${paths.length} files`, ...warnings.slice(0, 3)].join('; '),
    )

  const reads = await best.reads.load()
  const all: FileReading[] = []
  for (const [kind, file] of best.kinds) {
    const one = await orWarning(readFound(reads, kind, file, how), warn)
    if (one !== null) all.push(one)
  }
  if (!all.some(({ reading }) => reads.mainKinds.includes(reading.kind)))
    throw new PermanentError(`${root}: none of its outputs can be read: ${warnings.slice(0, 3).join('; ')}`)
  const result = reads.combine(
    all.map(({ reading }) => reading),
    how,
  )
  return finishResult(
    result,
    all.flatMap(({ diagnoses }) => diagnoses),
    warnings,
  )
}

/** Only files that a code knows are kept in mind: a directory may hold a million others. */
async function bestClaim(
  root: string,
  paths: readonly string[],
  candidates: readonly ReadsLater[],
  { limits }: How,
  warn: (message: string) => void,
): Promise<Claim | undefined> {
  const claims = candidates.map((reads): Claim => ({ reads, kinds: [] }))
  for (const path of paths) {
    const found = await orWarning(sampleFile(path, root, limits), warn)
    for (const { reads, kinds } of found === null ? [] : claims) {
      const kind = reads.recognise((found as Found).sample)
      if (kind !== null) kinds.push([kind, found as Found])
      if (kinds.length > limits.outputs)
        throw new PermanentError(
          `${root}: more than ${limits.outputs} outputs of ${reads.code}; name the folder of one calculation`,
        )
    }
  }
  return claims.reduce<Claim | undefined>(
    (best, claim) => (rankOf(claim) < (best === undefined ? Number.POSITIVE_INFINITY : rankOf(best)) ? claim : best),
    undefined,
  )
}

/** How telling the most telling file is: its place among the main kinds; infinite without one. */
const rankOf = ({ reads, kinds }: Claim): number =>
  Math.min(...kinds.map(([kind]) => reads.mainKinds.indexOf(kind)).filter((place) => place !== -1))

async function orWarning<T>(promise: Promise<T>, warn: (message: string) => void): Promise<T | null> {
  try {
    return await promise
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    warn(error.message)
    return null
  }
}
