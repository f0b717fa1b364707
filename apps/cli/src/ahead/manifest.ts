import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a program was compiled from, and where it lies. */
export type Manifest = {
  /** Folder of its chunks, beside this file. */
  readonly chunks: string
  /** `process.version` of the Node that it was compiled for. */
  readonly node: string
  /** The root of the checkout as seen from this file's folder: both may be moved together. */
  readonly checkout: string
  /** Every source by its path in the checkout, as it was. */
  readonly sources: readonly Source[]
}

type Source = readonly [path: string, bytes: number, modifiedMs: number]

export const MANIFEST = 'manifest.json'

/** The source as it is now; gone, it has no bytes. */
export function sourceOf(checkout: string, path: string): Source {
  const stat = statSync(`${checkout}/${path}`, { throwIfNoEntry: false })
  return [path, stat?.size ?? 0, stat?.mtimeMs ?? 0]
}

/** Null where it is gone or torn. */
export function readManifest(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Manifest
  } catch {
    return null
  }
}

/** Whether the program is what the sources are by now, and made for this Node. */
export function isCurrent(folder: string, { node, checkout, sources }: Manifest): boolean {
  if (node !== process.version) return false
  const root = join(folder, checkout)
  return sources.every(([path, bytes, modifiedMs]) => {
    const [, bytesNow, modifiedMsNow] = sourceOf(root, path)
    return bytesNow === bytes && modifiedMsNow === modifiedMs
  })
}
