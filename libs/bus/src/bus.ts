import { ClusterName, type CrystalEvent, subjectOf, TransientError } from '@crystalmath/contract'
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { ensureStreams, type StreamNames, streamNames } from './streams.ts'

export type BusOptions = {
  /** `nats://127.0.0.1:4222`, several separated by commas. */
  readonly url: string
  /** Name of the connection, for monitoring. */
  readonly name: string
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** For tests that share a server. */
  readonly prefix?: string | undefined
  readonly replicas?: number | undefined
}

/** A connection with its streams; functions of this package take it first. */
export type Bus = {
  readonly connection: NatsConnection
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
  readonly names: StreamNames
  /** True while the server answers. */
  isConnected(): Promise<boolean>
  /** Lets handlers finish, then closes. */
  close(): Promise<void>
}

/** Connects, however long the server takes to come, and makes the streams. A lost connection is taken up again for ever. */
export async function openBus({ url, name, user, password, prefix, replicas }: BusOptions): Promise<Bus> {
  const connection = await connect({
    servers: url.split(','),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    waitOnFirstConnect: true,
    timeout: 10_000,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
  })
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const names = streamNames(prefix)
  await untilReady(() => ensureStreams(manager, names, replicas))
  return {
    connection,
    manager,
    names,
    client: jetstream(connection),
    isConnected: async () => {
      try {
        await connection.rtt()
        return true
      } catch {
        return false
      }
    },
    close: () => connection.drain(),
  }
}

/** JetStream answers some seconds after the server does: a cluster elects a leader first. */
async function untilReady(attempt: () => Promise<void>): Promise<void> {
  for (let left = 30; ; left -= 1) {
    try {
      return await attempt()
    } catch (error) {
      if (left === 0) throw new TransientError('JetStream does not answer', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}

/** Puts events on the bus, in order; the event's id is the message's, so a repeat inside the window is dropped. Resolves when all are stored. */
export async function publishEvents(bus: Bus, events: readonly CrystalEvent[]): Promise<void> {
  if (bus.connection.isClosed()) throw new TransientError('the bus is closed')
  const sent = events.map((event) => {
    const cluster = ClusterName.parse(event.data['cluster'])
    return bus.client.publish(`${bus.names.subjectPrefix}${subjectOf(event, cluster)}`, JSON.stringify(event), {
      msgID: event.id,
      timeout: 5_000,
    })
  })
  const failed = (await Promise.allSettled(sent)).find((answer) => answer.status === 'rejected')
  if (failed !== undefined)
    throw new TransientError('the bus did not take an event', { cause: failed.reason, retryAfterMs: 2_000 })
}
