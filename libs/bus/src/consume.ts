import { setTimeout as pause } from 'node:timers/promises'
import { CrystalEvent } from '@crystalmath/contract'
import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { Bus } from './bus.ts'
import { storeDeadLetter } from './dead-letters.ts'
import { type OnBug, type Outcome, reject, settle } from './outcome.ts'

export type ConsumeOptions = {
  /** The service, with a word if it has two: `parser`, `gateway-webhooks`. */
  readonly durable: string
  /** One subject filter, `crystalmath.job.state.ended.>`. */
  readonly subject: string
  readonly handle: (event: CrystalEvent) => Promise<Outcome>
  readonly onBug: OnBug
  /** Messages at work at once. */
  readonly concurrency?: number
  /** A message that is not answered in time comes again; `working()` is said every third of it. */
  readonly ackWaitMs?: number
  /** Hard limit of one handler; after it the message is left to come again. */
  readonly handlerMs?: number
}

/** Runs a durable pull consumer until the signal; then lets what is at work finish. Takes the server's comings and goings in its stride. */
export async function consume(bus: Bus, options: ConsumeOptions, signal: AbortSignal): Promise<void> {
  const { durable, subject, concurrency = 16, ackWaitMs = 30_000 } = options
  await bus.manager.consumers.add(bus.names.jobs, {
    durable_name: durable,
    filter_subject: `${bus.names.subjectPrefix}${subject}`,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: Math.max(64, concurrency * 4),
    max_deliver: -1,
  })
  const atWork = new Set<Promise<void>>()
  while (!signal.aborted) {
    try {
      const consumer = await bus.client.consumers.get(bus.names.jobs, durable)
      await drainInto(consumer, bus, options, signal, atWork, concurrency)
    } catch {
      await pause(500, undefined, { signal }).catch(() => undefined) // the server is away, or the stream was made anew: the sweeps cover what is missed
    }
  }
  await Promise.all(atWork)
}

async function drainInto(
  consumer: Consumer,
  bus: Bus,
  options: ConsumeOptions,
  signal: AbortSignal,
  atWork: Set<Promise<void>>,
  concurrency: number,
): Promise<void> {
  const messages = await consumer.consume({ max_messages: concurrency, idle_heartbeat: 5_000 })
  const stop = () => messages.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const message of messages) {
      const work: Promise<void> = handleOne(bus, options, message).finally(() => atWork.delete(work))
      atWork.add(work)
      if (atWork.size >= concurrency) await Promise.race(atWork)
      if (signal.aborted) break
    }
  } finally {
    signal.removeEventListener('abort', stop)
    messages.stop()
  }
}

async function handleOne(
  bus: Bus,
  { handle, onBug, durable, ackWaitMs = 30_000, handlerMs = 300_000 }: ConsumeOptions,
  message: JsMsg,
): Promise<void> {
  const beat = setInterval(() => message.working(), ackWaitMs / 3)
  try {
    const outcome = await settle(() => withLimit(read(message, handle), handlerMs), message.info.deliveryCount, onBug)
    await answer(bus, durable, message, outcome)
  } catch (error) {
    onBug(error, message.info.deliveryCount) // not even the answer could be given: the message comes again
  } finally {
    clearInterval(beat)
  }
}

async function read(message: JsMsg, handle: ConsumeOptions['handle']): Promise<Outcome> {
  const parsed = CrystalEvent.safeParse(jsonOf(message))
  if (!parsed.success)
    return reject(
      `not an event that this release knows: ${parsed.error.issues.map(({ path, message: why }) => `${path.join('.')}: ${why}`).join('; ')}`,
    )
  return await handle(parsed.data)
}

function jsonOf(message: JsMsg): unknown {
  try {
    return message.json()
  } catch {
    return null
  }
}

async function withLimit(work: Promise<Outcome>, limitMs: number): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Outcome>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`a handler took more than ${limitMs} ms`)), limitMs)
  })
  return await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** The one place that knows how NATS spells an outcome. The dead letter is stored before the message is given up. */
async function answer(bus: Bus, durable: string, message: JsMsg, outcome: Outcome): Promise<void> {
  switch (outcome.kind) {
    case 'ack':
      message.ack()
      return
    case 'retry':
      message.nak(outcome.afterMs)
      return
    case 'reject':
      await storeDeadLetter(bus, {
        consumer: durable,
        subject: message.subject,
        sequence: message.seq,
        deliveries: message.info.deliveryCount,
        because: outcome.because,
        payload: message.string(),
      })
      message.term(outcome.because.slice(0, 200))
  }
}
