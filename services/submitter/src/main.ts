import { openBackbone } from '@crystalmath/backbone'
import { ack, consume } from '@crystalmath/bus'
import { keepDuties, showLoads } from '@crystalmath/duty'
import { runService, systemClock } from '@crystalmath/service'
import { jobsPort } from '@crystalmath/store'
import { openBells } from './bells.ts'
import { config, holder } from './config.ts'
import { emptyMemory, serveWrites } from './serve-writes.ts'

await runService('submitter', config.LOG_LEVEL, async (app) => {
  const { log, signal, onClose } = app
  const { bus, store, health } = await openBackbone('submitter', config, app)

  const bells = openBells()
  const listening = consume(
    bus,
    {
      durable: 'submitter',
      subject: 'crystalmath.job.submitted.>',
      concurrency: 64,
      handle: async (event) => {
        bells.ring(String(event.data['cluster']))
        return ack
      },
      onBug: (error, deliveries) => log.error({ err: error, deliveries }, 'a message met a bug'),
    },
    signal,
  )
  onClose('consumer', () => listening)
  const duties = keepDuties({
    store,
    log,
    signal,
    right: 'write',
    holder,
    keyFolder: config.CLUSTER_KEYS,
    leaseTtlMs: config.LEASE_TTL_SECONDS * 1_000,
    lookMs: config.LOOK_SECONDS * 1_000,
    onBeat: health.beat,
    show: showLoads(health.registry, 'write'),
    serve: (duty) =>
      serveWrites({ jobs: jobsPort(store), duty, config, clock: systemClock, ...emptyMemory(config) }, store, bells),
  })
  onClose('duties', () => duties)
})
