import { DiscardPolicy, type JetStreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'

const DAY_MS = 86_400_000

/** Names may carry a prefix, so that tests share a server. */
export type StreamNames = {
  readonly jobs: string
  readonly deadLetters: string
  readonly advisories: string
  readonly subjectPrefix: string
}

export const streamNames = (prefix = ''): StreamNames => ({
  jobs: `${prefix}JOBS`,
  deadLetters: `${prefix}DEAD_LETTERS`,
  advisories: `${prefix}ADVISORIES`,
  subjectPrefix: prefix === '' ? '' : `${prefix}.`,
})

/** Makes or updates the streams: file storage, limits, two minutes of duplicate window. Safe to repeat, from any number of services. */
export async function ensureStreams(manager: JetStreamManager, names: StreamNames, replicas = 1): Promise<void> {
  const common = {
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    num_replicas: replicas,
  } as const
  const wanted = [
    {
      ...common,
      name: names.jobs,
      subjects: [`${names.subjectPrefix}crystalmath.job.>`],
      max_age: nanos(7 * DAY_MS),
      max_bytes: 4 * 2 ** 30,
      duplicate_window: nanos(120_000),
    },
    {
      ...common,
      name: names.deadLetters,
      subjects: [`${names.subjectPrefix}crystalmath.dead.>`],
      max_age: nanos(90 * DAY_MS),
      max_bytes: 2 ** 30,
    },
    {
      ...common,
      name: names.advisories,
      subjects: ['MAX_DELIVERIES', 'MSG_TERMINATED'].map((what) => `$JS.EVENT.ADVISORY.CONSUMER.${what}.${names.jobs}.>`),
      max_age: nanos(30 * DAY_MS),
      max_bytes: 64 << 20,
    },
  ]
  for (const config of wanted) {
    try {
      await manager.streams.add(config)
    } catch {
      const { name, retention: _r, storage: _s, ...changeable } = config
      await manager.streams.update(name, changeable)
    }
  }
}
