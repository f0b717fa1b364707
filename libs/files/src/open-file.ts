import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from 'node:fs'
import { PermanentError } from '@crystalmath/contract/plain'

/**
 * Runs `use` on an open regular file. A FIFO, a device or a socket is refused before it is opened: to open one may hang or act.
 * Files are read by a thread that has nothing else to do: calls that wait cost a tenth of what the way through the pool of threads costs.
 */
export async function withFile<T>(path: string, use: (file: number, about: Stats) => Promise<T>): Promise<T> {
  const before = aboutPath(path)
  if (!before.isFile()) throw new PermanentError(`${path}: ${kindOf(before)}, not a regular file`)
  const file = opened(path)
  try {
    const about = fstatSync(file)
    if (!about.isFile()) throw new PermanentError(`${path}: ${kindOf(about)}, not a regular file`)
    return await use(file, about)
  } finally {
    closeSync(file)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Of the file behind a link. */
export function aboutPath(path: string): Stats {
  try {
    return statSync(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Whether a regular file lies there, perhaps behind a link. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false // what may not be looked at is not there for us
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
