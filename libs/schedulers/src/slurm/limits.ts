import type { Partition } from '@crystalmath/contract'
import { gist, integer, readAs, troubleOf, unread } from '../said.ts'
import type { Limits, Maintenance, Question, Reading } from '../scheduler.ts'
import { plain } from './status.ts'

/** A question of the doctor: what the answer cannot be read for is its trouble. */
export const question = <T>(
  command: string,
  argv: readonly string[],
  read: (stdout: string) => Reading<T>,
): Question<Reading<T>> => ({
  argv,
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, command, 'SCHEDULER_DOWN')
    return trouble === null ? read(said.stdout) : unread(trouble.said)
  },
})

/** `KEY = value` lines; `MinJobAge = 300 sec`. */
export const limits: Question<Reading<Limits>> = question('scontrol show config', ['scontrol', 'show', 'config'], (stdout) => {
  const value = (key: string) => new RegExp(`^${key}\\s*=\\s*(.*?)\\s*$`, 'm').exec(stdout)?.[1]
  const number = (key: string) => integer(/^\d+/.exec(value(key) ?? '')?.[0])
  const version = value('SLURM_VERSION') ?? null
  if (version === null) return unread(`scontrol show config names no SLURM_VERSION: "${gist(stdout).slice(0, 200)}"`)
  return readAs({
    version,
    maxArraySize: number('MaxArraySize'),
    minJobAgeSeconds: number('MinJobAge'),
    killWaitSeconds: number('KillWait'),
    accounting: /slurmdbd/.test(value('AccountingStorageType') ?? ''),
    maxSubmit: number('MaxJobCount'),
  })
})

/** One line per partition and kind of node; the smallest node counts, sizes like `8+` too. */
export const partitions: Question<Reading<readonly Partition[]>> = question(
  'sinfo',
  ['sinfo', '-a', '-h', '-o', '%P|%a|%l|%D|%c|%m'],
  (stdout) => {
    const found = new Map<string, Partition>()
    for (const line of stdout.split('\n').filter((line) => line !== '')) {
      const [title = '', available, limit = '', nodes, cores = '', memory = ''] = line.split('|')
      const name = title.replace(/\*$/, '')
      const maxWalltimeSeconds = parseWalltime(limit)
      if (maxWalltimeSeconds === undefined) return unread(`sinfo printed a time limit that is none: "${line}"`)
      const other = found.get(name)
      const coresPerNode = integer(cores.replace('+', '')) ?? 0
      const memoryMebibytesPerNode = integer(memory.replace('+', '')) ?? 0
      found.set(name, {
        name,
        isDefault: title.endsWith('*'),
        available: available === 'up',
        maxWalltimeSeconds,
        nodeCount: (integer(nodes) ?? 0) + (other?.nodeCount ?? 0),
        coresPerNode: Math.min(coresPerNode, other?.coresPerNode ?? coresPerNode),
        memoryMebibytesPerNode: Math.min(memoryMebibytesPerNode, other?.memoryMebibytesPerNode ?? memoryMebibytesPerNode),
      })
    }
    return readAs([...found.values()])
  },
)

/** `1-00:00:00`, `10:00`, `30` (minutes), `infinite` → null; undefined for what is no time. */
export function parseWalltime(text: string): number | null | undefined {
  if (/^(infinite|unlimited|partition_limit|n\/a)$/i.test(text)) return null
  const [, days = '0', clock = ''] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text) ?? []
  const parts = clock.split(':').map(Number)
  if (clock === '') return undefined
  const [a = 0, b = 0, c = 0] = parts
  const dashed = text.includes('-') // with days, the first number is hours
  if (parts.length === 3) return Number(days) * 86_400 + a * 3_600 + b * 60 + c
  if (dashed) return Number(days) * 86_400 + a * 3_600 + b * 60
  return a * 60 + b
}

export const maintenance: Question<Reading<readonly Maintenance[]>> = question(
  'scontrol show reservation',
  plain('scontrol', 'show', 'reservation', '-o'),
  (stdout) =>
    readAs(
      stdout.split('\n').flatMap((line) => {
        const field = (key: string) => new RegExp(`(?:^|\\s)${key}=(\\S*)`).exec(line)?.[1]
        const fromSeconds = integer(field('StartTime'))
        const untilSeconds = integer(field('EndTime'))
        const isMaintenance = (field('Flags') ?? '').split(',').includes('MAINT')
        if (!isMaintenance || fromSeconds === null || untilSeconds === null) return []
        return [{ name: field('ReservationName') ?? '', fromSeconds, untilSeconds, nodes: field('Nodes') ?? '' }]
      }),
    ),
)
