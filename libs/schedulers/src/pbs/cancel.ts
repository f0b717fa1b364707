import type { NativeId } from '@crystalmath/contract'
import { readAs, troubleOf, unread } from '../said.ts'
import type { CancelWords, Question, Reading, Who } from '../scheduler.ts'

const BY_NAME = 'account=$1; shift; for name in "$@"; do qselect -u "$account" -N "$name" || exit; done'

export const cancel = ({ account, tokens }: Who): CancelWords => ({
  list: ['sh', '-c', BY_NAME, 'sh', account, ...tokens],
  kill: ['qdel'],
})

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
