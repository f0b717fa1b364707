import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { type CodeReads, READS, type Reading, readsOf, type Sample } from '@crystalmath/codes'
import { type CalculationResult, type CodeName, PermanentError } from '@crystalmath/contract'
import { blocksOf, compressionOf, headOf } from './blocks.ts'

export type ParseOptions = {
  /** Read as this code's output instead of asking each code whether it knows the file. */
  readonly code?: CodeName | undefined
  /** Also eigenvalues, DOS, forces and structures of every step. */
  readonly full?: boolean
}

const MAX_FILES = 2_000
const MAX_DEPTH = 2

type Found = { readonly path: string; readonly sample: Sample; readonly size: number; readonly modifiedMs: number; readonly head: Uint8Array }

/** Reads a file for what it holds, a directory as one calculation. Throws `PermanentError` where nothing is recognised or readable. */
export async function parsePath(path: string, { code, full = false }: ParseOptions = {}): Promise<CalculationResult> {
  const about = await stat(path).catch((error: unknown) => {
    throw new PermanentError(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  })
  const candidates = code === undefined ? READS : READS.filter((reads) => reads.code === code)
  if (code !== undefined && readsOf(code) === undefined) throw new PermanentError(`${path}: no reader for the outputs of ${code}`)
  if (about.isDirectory()) return await parseDirectory(path, candidates, full)
  if (!about.isFile()) throw new PermanentError(`${path}: neither a file nor a directory`)

  const found = await sniff(path, dirname(path))
  for (const reads of candidates) {
    const companions = await companionsOf(reads, path)
    // an empty output is explained by what lies beside it; one that was named to be this code's is read as such
    const assumed = code !== undefined || (found.size === 0 && companions.length > 0) ? reads.mainKinds[0] : undefined
    const kind = reads.recognise(found.sample) ?? assumed ?? null
    if (kind === null) continue
    const readings = [await readAs(reads, kind, found, full)]
    for (const [companionKind, companion] of companions) readings.push(await readAs(reads, companionKind, companion, full))
    return reads.combine(readings, { full })
  }
  throw new PermanentError(`${path}: not recognised as an output of ${candidates.map((reads) => reads.code).join(', ')}; --code NAME reads it as one`)
}

/** Files beside an output that say why it ended, with the kind of their reader; none where the code knows no such files. */
async function companionsOf({ companions = [], recognise }: CodeReads, path: string): Promise<[string, Found][]> {
  const found: [string, Found][] = []
  for (const name of companions) {
    const beside = join(dirname(path), name)
    if (basename(path) === name || !(await isFile(beside))) continue
    const companion = await sniff(beside, dirname(path))
    const kind = recognise(companion.sample)
    if (kind !== null) found.push([kind, companion])
  }
  return found
}

const isFile = async (path: string): Promise<boolean> => {
  const about = await stat(path).catch(() => null)
  return about?.isFile() === true
}

async function parseDirectory(root: string, candidates: readonly CodeReads[], full: boolean): Promise<CalculationResult> {
  const files: Found[] = []
  for (const path of await listed(root, MAX_DEPTH)) files.push(await sniff(path, root))
  let best: { reads: CodeReads; kinds: [string, Found][]; rank: number } | undefined
  for (const reads of candidates) {
    const kinds = files.flatMap((file): [string, Found][] => {
      const kind = reads.recognise(file.sample)
      return kind === null ? [] : [[kind, file]]
    })
    const mains = kinds.filter(([kind]) => reads.mainKinds.includes(kind))
    if (mains.length === 0) continue
    const rank = Math.min(...mains.map(([kind]) => reads.mainKinds.indexOf(kind)))
    if (best === undefined || rank < best.rank) best = { reads, kinds, rank }
  }
  if (best === undefined) throw new PermanentError(`${root}: no output of a known code among its ${files.length} files`)
  const readings = []
  for (const [kind, file] of best.kinds) readings.push(await readAs(best.reads, kind, file, full))
  return best.reads.combine(readings, { full })
}

/** Regular files below a directory, no links followed, oldest names first. */
async function listed(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const paths: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (paths.length > MAX_FILES) throw new PermanentError(`${folder}: more than ${MAX_FILES} files; name the output file itself`)
    if (entry.isFile()) paths.push(join(folder, entry.name))
    else if (entry.isDirectory() && depth > 0) paths.push(...(await listed(join(folder, entry.name), depth - 1)))
  }
  return paths
}

async function sniff(path: string, root: string): Promise<Found> {
  const file = await open(path, 'r')
  try {
    const { size, mtimeMs } = await file.stat()
    const head = await headOf(file)
    const name = basename(path).replace(/\.(gz|xz|bz2|zst)$/i, '')
    const folder = relative(root, dirname(path))
    const text = compressionOf(head) === null ? Buffer.from(head).toString('latin1') : await firstText(path, size, head)
    return { path, sample: { name, folder, head: text }, size, modifiedMs: mtimeMs, head }
  } finally {
    await file.close()
  }
}

async function firstText(path: string, size: number, head: Uint8Array): Promise<string> {
  for await (const block of blocksOf(path, size, head)) return block.slice(0, 65_536)
  return ''
}

async function readAs(reads: CodeReads, kind: string, found: Found, full: boolean): Promise<Reading<string, unknown>> {
  const open = reads.readers[kind]
  if (open === undefined) throw new PermanentError(`${found.path}: ${reads.code} has no reader named ${kind}`)
  const reader = open(found.path, { full })
  let line = 1
  for await (const block of blocksOf(found.path, found.size, found.head)) {
    reader.feed(block, line)
    for (let at = block.indexOf('\n'); at !== -1; at = block.indexOf('\n', at + 1)) line += 1
  }
  return { kind, file: found.path, sample: found.sample, modifiedMs: found.modifiedMs, value: reader.end() }
}
