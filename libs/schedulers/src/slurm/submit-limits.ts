import type { SubmitLimit } from '@crystalmath/contract'
import { gist, integer, readAs, unread } from '../said.ts'
import type { Question, Reading } from '../scheduler.ts'
import { question } from './limits.ts'
import { cleanly } from './status.ts'

const ofAssociations = ['Account', 'Partition', 'MaxSubmitJobs', 'GrpSubmitJobs'] as const
const ofQos = ['Name', 'MaxSubmitJobsPerUser', 'MaxSubmitJobsPerAccount', 'GrpSubmitJobs'] as const

/** Of the user's associations, where what their account allows stands too, and of every QOS that has a limit; `-1` and nothing are none. */
export const submitLimits = (user: string): readonly Question<Reading<readonly SubmitLimit[]>>[] => [
  asked(['associations', 'where', `user=${user}`], ofAssociations, ([account, partition, most, group]) => {
    const name = `association of ${account}${partition === '' ? '' : ` in ${partition}`}`
    return [limit(`${name} (MaxSubmitJobs)`, most), limit(`${name} (GrpSubmitJobs)`, group)]
  }),
  asked(['qos'], ofQos, ([name, perUser, perAccount, group]) => [
    limit(`QOS ${name} (MaxSubmitJobsPerUser)`, perUser),
    limit(`QOS ${name} (MaxSubmitJobsPerAccount)`, perAccount),
    limit(`QOS ${name} (GrpSubmitJobs)`, group),
  ]),
]

const limit = (of: string, jobs: string | undefined): readonly SubmitLimit[] => {
  const count = integer(jobs)
  return count === null ? [] : [{ of, jobs: count }]
}

const asked = (
  what: readonly string[],
  fields: readonly string[],
  read: (row: readonly string[]) => readonly (readonly SubmitLimit[])[],
): Question<Reading<readonly SubmitLimit[]>> =>
  question(
    `sacctmgr show ${what[0]}`,
    cleanly('sacctmgr', '-n', '-P', 'show', ...what, `format=${fields.join(',')}`),
    (stdout) => {
      const rows = stdout.split('\n').filter((line) => line !== '')
      const odd = rows.find((row) => row.split('|').length !== fields.length)
      if (odd !== undefined) return unread(`sacctmgr printed a line that is none of its own: "${gist(odd)}"`)
      return readAs(rows.flatMap((row) => read(row.split('|')).flat()))
    },
  )
