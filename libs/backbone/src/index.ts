import { type Bus, openBus, publishEvents } from '@crystalmath/bus'
import { type App, type CommonConfig, type Health, serveHealth } from '@crystalmath/service'
import { openStore, type Store } from '@crystalmath/store'

export type Backbone = { readonly bus: Bus; readonly store: Store; readonly health: Health }

/** Bus, store and health server of one service; each is closed with the app, last opened first. */
export async function openBackbone(service: string, config: CommonConfig, { onClose }: App): Promise<Backbone> {
  const bus = await openBus({
    url: config.NATS_URL,
    name: service,
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    prefix: config.BUS_PREFIX,
    replicas: config.NATS_REPLICAS,
  })
  onClose('bus', bus.close)
  const store = await openStore({
    url: config.MONGODB_URL,
    database: config.MONGODB_DATABASE,
    source: `/crystalmath/${service}`,
    publish: (events) => publishEvents(bus, events),
  })
  onClose('store', store.close)
  const health = await serveHealth({
    service,
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    ready: { bus: async () => void (await bus.connection.rtt()), store: store.ping },
  })
  onClose('health', health.close)
  return { bus, store, health }
}
