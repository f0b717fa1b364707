import { readAs, troubleOf, unread } from '../said.ts'
import type { Limits, Question, Reading } from '../scheduler.ts'
import { qstat } from './words.ts'

/** `qstat -B -f` of a server tells its version; the wrappers print a list of jobs instead, and answer all the same. */
export const limits: Question<Reading<Limits>> = {
  argv: qstat('-B', '-f'),
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, 'qstat -B', 'SCHEDULER_DOWN')
    if (trouble !== null) return unread(trouble.said)
    const value = (key: string) => new RegExp(`^\\s+${key} = (.*)$`, 'm').exec(said.stdout)?.[1]
    const kept = Number(value('keep_completed') ?? Number.NaN)
    return readAs({
      version: value('pbs_version') ?? null,
      maxArraySize: null,
      minJobAgeSeconds: Number.isInteger(kept) ? kept : null,
      killWaitSeconds: null,
      accounting: false,
      maxSubmit: null,
    })
  },
}
