import type { NativeId } from '@crystalmath/contract'
import { readAs, troubleOf, unread } from '../said.ts'
import type { CancelWords, Question, Reading, Who } from '../scheduler.ts'
import { cleanly, plain } from './status.ts'

/** Two commands for any number of jobs; one `scancel --name` each would be one per job. Members of arrays one by one: `-r`. */
export const cancel = ({ account, tokens }: Who): CancelWords => ({
  list: plain('squeue', '-a', '-r', '-h', '-u', account, '-n', tokens.join(','), '-o', '%i %j'),
  kill: cleanly('scancel'),
})

export const hold = (nativeId: NativeId, held: boolean): Question<Reading<true>> => ({
  argv: ['scontrol', held ? 'hold' : 'release', nativeId],
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, `scontrol ${held ? 'hold' : 'release'} ${nativeId}`, 'SCHEDULER_DOWN')
    return trouble === null ? readAs(true as const) : unread(trouble.said)
  },
})
