import type { Partition } from '@crystalmath/contract'
import { gist, integer, readAs, troubleOf, unread } from '../said.ts'
import type { Limits, Question, Reading } from '../scheduler.ts'
import { helper } from './helper.ts'

function question<T>(root: string, read: (value: (key: string) => number | null) => T): Question<Reading<T>> {
  return {
    argv: helper(root, 'limits'),
    timeoutSeconds: 30,
    read(said) {
      const trouble = troubleOf(said, 'the local queue', 'SCHEDULER_DOWN')
      if (trouble !== null) return unread(trouble.said)
      const value = (key: string) => integer(new RegExp(`^${key} (\\d+)$`, 'm').exec(said.stdout)?.[1])
      return value('cores') === null ? unread(`the local queue names no cores: "${gist(said.stdout)}"`) : readAs(read(value))
    },
  }
}

export const limits = (root: string): Question<Reading<Limits>> =>
  question(root, (value) => ({
    version: 'local 1',
    maxArraySize: null,
    minJobAgeSeconds: 300,
    killWaitSeconds: value('kill_wait'),
    accounting: true,
    maxSubmit: null,
  }))

export const partitions = (root: string): Question<Reading<readonly Partition[]>> =>
  question(root, (value) => [
    {
      name: 'local',
      isDefault: true,
      available: true,
      maxWalltimeSeconds: null,
      nodeCount: 1,
      coresPerNode: value('cores') ?? 0,
      memoryMebibytesPerNode: value('memory') ?? 0,
    },
  ])
