import { openBackbone } from '@crystalmath/backbone'
import { keepDuties, showLoads } from '@crystalmath/duty'
import { runService, systemClock } from '@crystalmath/service'
import { jobsPort } from '@crystalmath/store'
import { config, holder } from './config.ts'
import { answerExaminations } from './examine.ts'
import { relayOutboxes } from './relay.ts'
import { serveReads } from './serve-reads.ts'

await runService('poller', config.LOG_LEVEL, async (app) => {
  const { log, signal, onClose } = app
  const { bus, store, health } = await openBackbone('poller', config, app)
  const relay = relayOutboxes({ store, bus, log, signal, holder, leaseTtlMs: config.LEASE_TTL_SECONDS * 1_000 })
  onClose('relay', () => relay)
  answerExaminations({ bus, store, log, signal, keyFolder: config.CLUSTER_KEYS })
  const duties = keepDuties({
    store,
    log,
    signal,
    right: 'read',
    holder,
    keyFolder: config.CLUSTER_KEYS,
    leaseTtlMs: config.LEASE_TTL_SECONDS * 1_000,
    lookMs: config.LOOK_SECONDS * 1_000,
    onBeat: health.beat,
    show: showLoads(health.registry, 'read'),
    serve: (duty) => serveReads({ jobs: jobsPort(store), store, bus, duty, config, clock: systemClock }),
  })
  onClose('duties', () => duties)
})
