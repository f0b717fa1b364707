import { gist, readAs, troubleOf, unread } from '../said.ts'
import type { Limits, Question, Reading } from '../scheduler.ts'
import { flux } from './words.ts'

/** `flux version`; the limits of an instance are its administrator's, and not told. */
export const limits: Question<Reading<Limits>> = {
  argv: flux('version'),
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, 'flux version', 'SCHEDULER_DOWN')
    if (trouble !== null) return unread(trouble.said)
    // the broker's line is there only if one answered
    const version = /^broker:\s+(\S+)/m.exec(said.stdout)?.[1]
    if (version === undefined) return unread(`no broker of Flux answers: "${gist(said.stdout)}"`)
    return readAs({
      version,
      maxArraySize: null,
      minJobAgeSeconds: null,
      killWaitSeconds: null,
      accounting: true,
      maxSubmit: null,
    })
  },
}
