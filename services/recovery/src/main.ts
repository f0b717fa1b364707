import { ask, consume, openBus, publishEvents } from '@crystalmath/bus'
import { askSubject, FilesAnswer } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { isoTime, periodically, runService, serveHealth, systemClock } from '@crystalmath/service'
import { findUndecided, jobsPort, openStore } from '@crystalmath/store'
import { config } from './config.ts'
import { recover } from './recover.ts'

await runService('recovery', config.LOG_LEVEL, async ({ log, signal, onClose }) => {
  const bus = await openBus({
    url: config.NATS_URL,
    name: 'recovery',
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    prefix: config.BUS_PREFIX,
    replicas: config.NATS_REPLICAS,
  })
  onClose('bus', bus.close)
  const store = await openStore({
    url: config.MONGODB_URL,
    database: config.MONGODB_DATABASE,
    source: '/crystalmath/recovery',
    publish: (events) => publishEvents(bus, events),
  })
  onClose('store', store.close)
  const health = await serveHealth({
    service: 'recovery',
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    ready: { bus: async () => void (await bus.connection.rtt()), store: store.ping },
  })
  onClose('health', health.close)
  const filesOf = async ({ id, attempt, cluster }: Job) =>
    FilesAnswer.parse(await ask(bus, askSubject('job.files', cluster), { jobId: id, attempt }))
  const deps = { jobs: jobsPort(store), filesOf, log, clock: systemClock }

  const listening = consume(
    bus,
    {
      durable: 'recovery',
      subject: 'crystalmath.job.recovery.>',
      handle: (event) => recover(deps, event.data.jobId, event.data.attempt),
      onBug: (error, deliveries) => log.error({ err: error, deliveries }, 'a message met a bug'),
    },
    signal,
  )
  onClose('consumer', () => listening)
  const sweep = periodically(
    config.SWEEP_SECONDS * 1_000,
    async () => {
      health.beat()
      const before = isoTime(systemClock, -config.SWEEP_GRACE_SECONDS * 1_000)
      for (const job of await findUndecided(store, before, 200)) await recover(deps, job.id, job.attempt)
    },
    (error) => log.error({ err: error }, 'the sweep met an error'),
    signal,
  )
  onClose('sweep', () => sweep.done)
})
