import { basename, dirname, relative } from 'node:path'
import type { Sample } from '@crystalmath/codes/reads'
import { chunksOf, type Remarks } from './chunks.ts'
import type { Limits } from './limits.ts'
import { withFile } from './open-file.ts'

/** A file with what is known of it before it is read. */
export type Found = {
  readonly path: string
  readonly sample: Sample
  readonly size: number
  readonly modifiedMs: number
  /** The head is all there is of it: a small file is read once. */
  readonly whole: boolean
}

const HEAD = 65_536

/** Looks at the beginning of a file; `root` is the directory that was asked for. */
export async function sampleFile(path: string, root: string, limits: Limits): Promise<Found> {
  return await withFile(path, async (file, { size, mtimeMs }) => {
    const name = basename(path).replace(/\.(gz|xz|bz2|zst)$/i, '')
    const remarks: Remarks = { torn: false, cut: [], outline: false }
    const { text, whole } = await firstText(chunksOf({ path, file, size, limits }, remarks))
    const sample = { name, folder: relative(root, dirname(path)), head: text }
    const isAll = whole && !remarks.torn && !remarks.outline && text.length <= limits.lineBytes
    return { path, sample, size, modifiedMs: mtimeMs, whole: isAll }
  })
}

async function firstText(chunks: AsyncIterable<Buffer>): Promise<{ readonly text: string; readonly whole: boolean }> {
  const parts: string[] = []
  let left = HEAD
  for await (const chunk of chunks) {
    parts.push(chunk.toString('latin1', 0, left))
    left -= chunk.length
    if (left <= 0) break
  }
  const head = parts.join('')
  return { text: head.includes('\r\n') ? head.replaceAll('\r\n', '\n') : head, whole: left > 0 }
}
