import type { NativeId } from '@crystalmath/contract'
import { readAs, troubleOf, unread } from '../said.ts'
import type { CancelWords, Question, Reading, Who } from '../scheduler.ts'
import { flux, jobs } from './words.ts'

const BY_NAME = `user=$1; shift; for name in "$@"; do ${jobs('--filter=pending,running').join(' ')} --user="$user" --name="$name" -o "{id.f58}" || exit; done`

export const cancel = ({ account, tokens }: Who): CancelWords => ({
  list: ['sh', '-c', BY_NAME, 'sh', account, ...tokens],
  kill: flux('cancel'),
})

/** Urgency 0 is Flux's hold. */
export const hold = (nativeId: NativeId, held: boolean): Question<Reading<true>> => ({
  argv: flux('job', 'urgency', nativeId, held ? 'hold' : 'default'),
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, `flux job urgency ${nativeId}`, 'SCHEDULER_DOWN')
    return trouble === null ? readAs(true as const) : unread(trouble.said)
  },
})
