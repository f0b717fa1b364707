import { CrystalEvent } from '@crystalmath/contract'
import { DeliverPolicy } from '@nats-io/jetstream'
import type { Bus } from './bus.ts'

export type Followed = { readonly sequence: number; readonly event: CrystalEvent }

/** The stream's age: sequences of an earlier stream mean nothing in this one. */
export async function streamEpoch(bus: Bus): Promise<string> {
  const { created } = await bus.manager.streams.info(bus.names.jobs)
  return Date.parse(String(created)).toString(36)
}

/** First and last sequence that the stream still has. */
export async function streamSpan(bus: Bus): Promise<{ readonly first: number; readonly last: number }> {
  const { state } = await bus.manager.streams.info(bus.names.jobs)
  return { first: state.first_seq, last: state.last_seq }
}

/** Every event in order, from a sequence on or from now on, by an ephemeral ordered consumer. Ends with the signal. */
export async function* follow(bus: Bus, fromSequence: number | null, signal: AbortSignal): AsyncGenerator<Followed> {
  const start =
    fromSequence === null
      ? { deliver_policy: DeliverPolicy.New }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: fromSequence }
  const consumer = await bus.client.consumers.get(bus.names.jobs, {
    ...start,
    filter_subjects: `${bus.names.subjectPrefix}crystalmath.job.>`,
  })
  const messages = await consumer.consume()
  const stop = () => messages.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const message of messages) {
      const parsed = CrystalEvent.safeParse(message.json())
      if (parsed.success) yield { sequence: message.seq, event: parsed.data }
      if (signal.aborted) return
    }
  } finally {
    signal.removeEventListener('abort', stop)
    messages.stop()
  }
}
