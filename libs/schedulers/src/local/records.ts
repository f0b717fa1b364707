import { type Ending, NativeId, type QueueState } from '@crystalmath/contract'
import { integer } from '../said.ts'
import { SEPARATOR } from './helper.ts'

/** One line of the queue's, as its program writes it. */
export type LocalRecord = {
  readonly nativeId: NativeId
  readonly raw: string
  readonly exitCode: number
  readonly signal: number
  readonly submittedSeconds: number | null
  readonly startedSeconds: number | null
  readonly endedSeconds: number | null
  readonly coreCount: number | null
  readonly reason: string | null
  readonly name: string
}

const MEANINGS: Readonly<Record<string, { readonly state: QueueState; readonly ending: Ending | null }>> = {
  PENDING: { state: 'pending', ending: null },
  HELD: { state: 'pending', ending: null },
  RUNNING: { state: 'running', ending: null },
  COMPLETED: { state: 'ended', ending: 'COMPLETED' },
  FAILED: { state: 'ended', ending: 'FAILED' },
  TIMEOUT: { state: 'ended', ending: 'TIMEOUT' },
  CANCELLED: { state: 'ended', ending: 'CANCELLED' },
  NODE_FAIL: { state: 'ended', ending: 'NODE_FAILED' },
}

export const meaningOf = (word: string) => MEANINGS[word] ?? { state: 'unknown' as const, ending: null }

/** Null for a line that is none of the queue's. */
export function recordOf(line: string): LocalRecord | null {
  const [id, raw, code, signal, submitted, started, ended, cores, reason, ...name] = line.split(SEPARATOR)
  const nativeId = NativeId.safeParse(id)
  if (!nativeId.success || raw === undefined || name.length === 0) return null
  return {
    nativeId: nativeId.data,
    raw,
    exitCode: integer(code) ?? 0,
    signal: integer(signal) ?? 0,
    submittedSeconds: integer(submitted),
    startedSeconds: integer(started),
    endedSeconds: integer(ended),
    coreCount: integer(cores),
    reason: reason === undefined || reason === '' ? null : reason,
    name: name.join(SEPARATOR),
  }
}
