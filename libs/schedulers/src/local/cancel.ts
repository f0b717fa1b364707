import type { NativeId } from '@crystalmath/contract'
import { readAs, troubleOf, unread } from '../said.ts'
import type { CancelWords, Question, Reading, Who } from '../scheduler.ts'
import { helper } from './helper.ts'

export const cancel =
  (root: string) =>
  ({ tokens }: Who): CancelWords => ({ list: helper(root, 'ids', ...tokens), kill: helper(root, 'cancel') })

export const hold =
  (root: string) =>
  (nativeId: NativeId, held: boolean): Question<Reading<true>> => ({
    argv: helper(root, held ? 'hold' : 'release', nativeId),
    timeoutSeconds: 30,
    read(said) {
      const trouble = troubleOf(said, `${held ? 'hold' : 'release'} of job ${nativeId}`, 'SCHEDULER_DOWN')
      return trouble === null ? readAs(true as const) : unread(trouble.said)
    },
  })
