import type { AddressInfo } from 'node:net'
import { openBackbone } from '@crystalmath/backbone'
import { runService } from '@crystalmath/service'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { makeFirstToken } from './first-token.ts'
import { openBodies } from './http/bodies.ts'
import { leaveInPeace } from './http/leave.ts'
import { openFeed } from './live/feed.ts'
import { openMetrics } from './metrics.ts'
import { startSweeps } from './sweeps/start-sweeps.ts'

const config = readConfig()

/** A request that is at work may take this long after the drain: together below the limit of a service's clean stop, 20 s. */
const CUT_MS = 8_000

await runService('gateway', config.LOG_LEVEL, async (app) => {
  const { log, signal, onClose } = app
  const { bus, store, health } = await openBackbone('gateway', config, app)
  const { GATEWAY_FIRST_TOKEN_FILE: tokenFile } = config
  if (tokenFile !== undefined && (await makeFirstToken(store, tokenFile, new Date()))) {
    log.info({ file: tokenFile }, 'the first token of an administrator is in the file')
  }
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
  const bodies = openBodies(config.BODY_MEBIBYTES * 2 ** 20)
  const deps = { store, bus, bodies, feed, log, config, signal, now: () => new Date(), observe, metrics }
  const sweeps = startSweeps(deps)
  onClose('sweeps', () => sweeps)
  const server = createApp(deps).listen(config.PORT, config.HOST)
  server.requestTimeout = 0 // a table of 10⁵ rows comes as fast as its rows are checked; headers keep their limit
  // longer than a proxy keeps its own connections (ingress-nginx: 60 s): who closes first must be the one that sends
  server.keepAliveTimeout = 75_000
  const leave = leaveInPeace(server, signal)
  await new Promise<void>((done, failed) => void server.once('listening', done).once('error', failed))
  onClose('api', () => leave({ drainMs: config.DRAIN_SECONDS * 1_000, limitMs: CUT_MS }))
  log.info({ host: config.HOST, port: (server.address() as AddressInfo).port }, 'the API listens')
})
