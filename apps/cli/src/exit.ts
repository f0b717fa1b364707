import type { InputProblem } from '@crystalmath/contract'
import { problemLines } from './output/problems.ts'

/** What the exit status says; part of the interface. */
export const EXIT = {
  ok: 0,
  /** The command did its work and the answer is bad: a job failed, a file could not be read, a check found errors. */
  bad: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Nobody answers at the address, or the platform is not ready. */
  unreachable: 3,
  /** Not signed in, not allowed, or no such thing. */
  denied: 4,
  /** The platform refused what was sent; every row and field is named. */
  refused: 5,
  /** A bug of ours: please report. */
  bug: 70,
} as const

export const EXIT_HELP = `
Exit status: 0 done; 1 done, and the answer is bad (a job failed, a file is unreadable); 2 wrong usage;
3 platform not reachable; 4 not signed in, not allowed or not found; 5 input refused; 70 a bug.`

/** The command line is wrong; said in one line. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/** The platform is known, and no token for it. */
export class NotSignedInError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotSignedInError'
  }
}

/** Says what went wrong on standard error, and which exit status it has. A stack only for bugs. */
export function report(error: unknown, say: (line: string) => void): number {
  if (!(error instanceof Error)) return bug(error, say)
  switch (error.name) {
    case 'UsageError':
      say(`error: ${error.message}`)
      return EXIT.usage
    case 'NotSignedInError':
      say(`error: ${error.message}`)
      return EXIT.denied
    case 'UnreachableError':
      say(`error: ${error.message}; start the platform with "crystalmath up", or name it with --url or CRYSTALMATH_URL`)
      return EXIT.unreachable
    case 'PermanentError':
    case 'TransientError':
      say(`error: ${error.message}`)
      return EXIT.bad
    case 'ProblemError':
      return refusal(error, say)
    default:
      return isFileTrouble(error) ? fileTrouble(error, say) : bug(error, say)
  }
}

function bug(error: unknown, say: (line: string) => void): number {
  say(`error: this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return EXIT.bug
}

type FileTrouble = Error & { readonly code: string; readonly path: string }

const isFileTrouble = (error: Error): error is FileTrouble => 'code' in error && 'path' in error && 'syscall' in error

/** In words, where a user meets them. */
const FILE_TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'may not be read or written by this user',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
}

function fileTrouble({ code, path, message }: FileTrouble, say: (line: string) => void): number {
  const words = FILE_TROUBLES[code]
  say(`error: ${words === undefined ? message : `${path}: ${words}`}`)
  return EXIT.usage
}

/** `name` tells it apart, so that this module need not load the client. */
type Refusal = Error & { readonly status: number; readonly errors: readonly InputProblem[]; readonly requestId: string | null }

function refusal(error: Error, say: (line: string) => void): number {
  const { status, errors, requestId, message } = error as Refusal
  say(`error: ${message}`)
  for (const line of problemLines(errors)) say(`  ${line}`)
  if (status === 401) say('  sign in with "crystalmath login", or set CRYSTALMATH_TOKEN')
  if (status >= 500 && requestId !== null) say(`  request ${requestId}`)
  if (status === 401 || status === 403 || status === 404) return EXIT.denied
  if (status === 429 || status === 502 || status === 503 || status === 504) return EXIT.unreachable
  return status >= 500 ? EXIT.bad : EXIT.refused
}
