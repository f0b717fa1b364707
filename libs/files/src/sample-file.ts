import { basename, dirname, relative } from 'node:path'
import type { Sample } from '@crystalmath/codes'
import { chunksOf } from './chunks.ts'
import type { Limits } from './limits.ts'
import { withFile } from './open-file.ts'

/** A file with what is known of it before it is read. */
export type Found = { readonly path: string; readonly sample: Sample; readonly size: number; readonly modifiedMs: number }

const HEAD = 65_536

/** Looks at the beginning of a file; `root` is the directory that was asked for. */
export async function sampleFile(path: string, root: string, limits: Limits): Promise<Found> {
  return await withFile(path, async (file, { size, mtimeMs }) => {
    const name = basename(path).replace(/\.(gz|xz|bz2|zst)$/i, '')
    const head = await firstText(chunksOf({ path, file, size, limits }, { torn: false, cut: [] }))
    return { path, sample: { name, folder: relative(root, dirname(path)), head }, size, modifiedMs: mtimeMs }
  })
}

async function firstText(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: string[] = []
  let left = HEAD
  for await (const chunk of chunks) {
    parts.push(chunk.toString('latin1', 0, left))
    left -= chunk.length
    if (left <= 0) break
  }
  const head = parts.join('')
  return head.includes('\r\n') ? head.replaceAll('\r\n', '\n') : head
}
