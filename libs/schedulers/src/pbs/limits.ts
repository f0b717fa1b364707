import { gist, integer, readAs, troubleOf, unread } from '../said.ts'
import type { Limits, Question, Reading } from '../scheduler.ts'

/** `qstat -B -f`: the server's own attributes. */
export const limits: Question<Reading<Limits>> = {
  argv: ['qstat', '-B', '-f'],
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, 'qstat -B', 'SCHEDULER_DOWN')
    if (trouble !== null) return unread(trouble.said)
    const value = (key: string) => new RegExp(`^ {4}${key} = (.*)$`, 'm').exec(said.stdout)?.[1]
    const version = value('pbs_version')
    if (version === undefined) return unread(`qstat -B names no pbs_version: "${gist(said.stdout).slice(0, 200)}"`)
    return readAs({
      version,
      maxArraySize: integer(value('max_array_size')),
      // ended jobs are not in the listing at all
      minJobAgeSeconds: null,
      killWaitSeconds: null,
      accounting: value('job_history_enable') === 'True',
      maxSubmit: null,
    })
  },
}
