import type { AddressInfo } from 'node:net'
import { openBus, publishEvents } from '@crystalmath/bus'
import { runService, serveHealth } from '@crystalmath/service'
import { ensureAccessIndexes, openStore } from '@crystalmath/store'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { makeFirstToken } from './first-token.ts'
import { openFeed } from './live/feed.ts'
import { openMetrics } from './metrics.ts'
import { startSweeps } from './sweeps/start-sweeps.ts'

const config = readConfig()

await runService('gateway', config.LOG_LEVEL, async ({ log, signal, onClose }) => {
  const bus = await openBus({
    url: config.NATS_URL,
    name: 'gateway',
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    prefix: config.BUS_PREFIX,
    replicas: config.NATS_REPLICAS,
  })
  onClose('bus', bus.close)
  const store = await openStore({
    url: config.MONGODB_URL,
    database: config.MONGODB_DATABASE,
    source: '/crystalmath/gateway',
    publish: (events) => publishEvents(bus, events),
  })
  onClose('store', store.close)
  await ensureAccessIndexes(store.db)
  const { GATEWAY_FIRST_TOKEN_FILE: tokenFile } = config
  if (tokenFile !== undefined && (await makeFirstToken(store, tokenFile, new Date()))) {
    log.info({ file: tokenFile }, 'the first token of an administrator is in the file')
  }
  const health = await serveHealth({
    service: 'gateway',
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    ready: { bus: async () => void (await bus.connection.rtt()), store: store.ping },
  })
  onClose('health', health.close)
  const feed = await openFeed(bus, {
    keep: config.RECENT_EVENTS,
    signal,
    onError: (error) => log.warn({ err: error }, 'the stream of news was interrupted'),
  })
  onClose('feed', () => feed.done)
  const beat = setInterval(health.beat, 10_000)
  onClose('beat', () => clearInterval(beat))

  const observe = openMetrics(health.registry, store, bus)
  const metrics = async () => ({ type: health.registry.contentType, text: await health.registry.metrics() })
  const deps = { store, bus, feed, log, config, signal, now: () => new Date(), observe, metrics }
  const sweeps = startSweeps(deps)
  onClose('sweeps', () => sweeps)
  const app = createApp(deps)
  const server = app.listen(config.PORT, config.HOST)
  await new Promise<void>((done, failed) => void server.once('listening', done).once('error', failed))
  onClose(
    'api',
    () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 5_000).unref()
      }),
  )
  log.info({ host: config.HOST, port: (server.address() as AddressInfo).port }, 'the API listens')
})
