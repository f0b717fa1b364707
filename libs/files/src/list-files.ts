import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { PermanentError } from '@crystalmath/contract/plain'
import type { Limits } from './limits.ts'
import { isFile, unreadable } from './open-file.ts'

/** Regular files below a directory, also behind links; links to directories are not followed, so that none leads in a circle. By name. */
export async function listFiles(root: string, limits: Limits, warn: (message: string) => void): Promise<readonly string[]> {
  let left = limits.entries
  const walk = async (folder: string, depth: number): Promise<string[]> => {
    const [files, folders]: [string[], string[]] = [[], []]
    for await (const entry of await opendir(folder)) {
      left -= 1
      if (left < 0) throw new PermanentError(`${root}: more than ${limits.entries} files; name the output file itself`)
      const path = join(folder, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile() || (entry.isSymbolicLink() && isFile(path))) files.push(path)
    }
    for (const below of depth > 0 ? folders : []) {
      const found = await walk(below, depth - 1).catch((error: unknown) => {
        if (error instanceof PermanentError) throw error
        warn(unreadable(below, error).message)
        return []
      })
      files.push(...found)
    }
    return files
  }
  const files = await walk(root, limits.depth).catch((error: unknown) => {
    throw unreadable(root, error)
  })
  return files.sort()
}
