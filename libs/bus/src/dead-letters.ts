import { PermanentError } from '@crystalmath/contract'
import type { Bus } from './bus.ts'

/** A message that was given up, with its cause. */
export type DeadLetter = {
  /** Sequence in the stream of dead letters: its id. */
  readonly id: number
  readonly at: string
  readonly consumer: string
  readonly subject: string
  readonly sequence: number
  readonly deliveries: number
  readonly because: string
  readonly payload: string
}

export async function storeDeadLetter(bus: Bus, letter: Omit<DeadLetter, 'id' | 'at'>): Promise<void> {
  const id = `${letter.consumer}.${letter.sequence}`
  await bus.client.publish(`${bus.names.subjectPrefix}crystalmath.dead.${letter.consumer}`, JSON.stringify(letter), { msgID: id })
}

export async function findDeadLetter(bus: Bus, id: number): Promise<DeadLetter | null> {
  const message = await bus.manager.streams.getMessage(bus.names.deadLetters, { seq: id })
  if (message === null) return null
  return { ...(message.json() as Omit<DeadLetter, 'id' | 'at'>), id, at: message.time.toISOString() }
}

/** The newest dead letters first. */
export async function listDeadLetters(bus: Bus, limit: number): Promise<readonly DeadLetter[]> {
  const { state } = await bus.manager.streams.info(bus.names.deadLetters)
  const letters: DeadLetter[] = []
  for (let id = state.last_seq; id >= Math.max(1, state.first_seq) && letters.length < limit && state.messages > 0; id -= 1) {
    const letter = await findDeadLetter(bus, id).catch(() => null)
    if (letter !== null) letters.push(letter)
  }
  return letters
}

/** How many there are: a growing number is an alarm. */
export const countDeadLetters = async (bus: Bus): Promise<number> =>
  (await bus.manager.streams.info(bus.names.deadLetters)).state.messages

/** Sends it again as new news, and removes it. */
export async function resendDeadLetter(bus: Bus, id: number): Promise<DeadLetter> {
  const letter = await findDeadLetter(bus, id)
  if (letter === null) throw new PermanentError(`there is no dead letter ${id}`)
  await bus.client.publish(letter.subject, letter.payload)
  await bus.manager.streams.deleteMessage(bus.names.deadLetters, id)
  return letter
}
