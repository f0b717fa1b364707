import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { PermanentError } from '@crystalmath/contract'

/** Runs `use` on an open regular file. A FIFO, a device or a socket is refused before it is opened: to open one may hang or act. */
export async function withFile<T>(path: string, use: (file: FileHandle, about: Stats) => Promise<T>): Promise<T> {
  const before = await aboutPath(path)
  if (!before.isFile()) throw new PermanentError(`${path}: ${kindOf(before)}, not a regular file`)
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  try {
    const about = await file.stat()
    if (!about.isFile()) throw new PermanentError(`${path}: ${kindOf(about)}, not a regular file`)
    return await use(file, about)
  } finally {
    await file.close()
  }
}

/** Of the file behind a link. */
export async function aboutPath(path: string): Promise<Stats> {
  try {
    return await stat(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of the path is no directory',
  EIO: 'the file system reports an input/output error',
  ESTALE: 'the file system lost it (stale handle)',
}

/** An error of the file system, in words. */
export function unreadable(path: string, cause: unknown): PermanentError {
  if (cause instanceof PermanentError) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const said = cause instanceof Error ? cause.message : String(cause)
  return new PermanentError(`${path}: cannot be read: ${WORDS[code] ?? said}`, { cause })
}

const kindOf = (about: Stats): string =>
  about.isDirectory()
    ? 'a directory'
    : about.isFIFO()
      ? 'a FIFO'
      : about.isSocket()
        ? 'a socket'
        : about.isCharacterDevice() || about.isBlockDevice()
          ? 'a device'
          : 'something else'
