import type { NativeId } from '@crystalmath/contract'
import { readAs, troubleOf, unread } from './said.ts'
import type { Question, Reading } from './scheduler.ts'

// what batch systems that speak `qsub` have in common

/** `HH:MM:SS`, hours beyond a day too; rounds up. */
export function formatWalltime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  return [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(':')
}

export const hold = (nativeId: NativeId, held: boolean): Question<Reading<true>> => {
  const argv = [held ? 'qhold' : 'qrls', '-h', 'u', nativeId]
  return {
    argv,
    timeoutSeconds: 40,
    read(said) {
      const trouble = troubleOf(said, argv.join(' '), 'SCHEDULER_DOWN')
      return trouble === null ? readAs(true as const) : unread(trouble.said)
    },
  }
}
