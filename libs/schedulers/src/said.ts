import type { WaitingKind } from '@crystalmath/contract'
import type { Said } from './scheduler.ts'

type Trouble = { readonly kind: WaitingKind; readonly said: string }

/** `timeout` exits so. */
const TIMED_OUT = 124

/** First lines of what was said, short enough for an evidence. */
export const gist = (text: string): string =>
  text
    .trim()
    .replace(/\s*\n\s*/g, ' | ')
    .slice(0, 500)

/** Null if the command answered: status 0, whole, and no complaint on stderr. */
export function troubleOf(said: Said, command: string, kind: WaitingKind): Trouble | null {
  if (!said.complete) return { kind: 'SSH_DOWN', said: `the answer of ${command} is torn: "${gist(said.stderr)}"` }
  if (said.exitCode === TIMED_OUT) return { kind, said: `${command} did not answer in time: "${gist(said.stderr)}"` }
  if (said.exitCode !== 0) return { kind, said: `${command} exited with ${said.exitCode}: "${gist(said.stderr || said.stdout)}"` }
  const complaint = said.stderr.split('\n').find((line) => /\berror:|fatal:/i.test(line))
  return complaint === undefined ? null : { kind, said: `${command} complained: "${gist(complaint)}"` }
}

/** A whole number, or null for `Unknown`, `N/A`, nothing. */
export const integer = (text: string | undefined): number | null =>
  text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null

/** A reading that failed. */
export const unread = (trouble: string) => ({ value: null, trouble }) as const
export const readAs = <T>(value: T) => ({ value, trouble: null }) as const
