import { PermanentError, TransientError } from '@crystalmath/contract'
import { type Msg, RequestError } from '@nats-io/transport-node'
import type { Bus } from './bus.ts'

type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly permanent: boolean; readonly message: string }

/** How often somebody is looked for who answers: a service that takes a cluster over is there some seconds later. */
const LOOK_AGAIN_MS = 250

/** Asks whichever service answers a subject, `cluster.check.alps`, and waits for one to be there. Errors come back as the class they were. */
export async function ask(bus: Bus, subject: string, question: unknown, timeoutMs = 30_000): Promise<unknown> {
  const answer = (await requested(bus, subject, JSON.stringify(question), timeoutMs)).json<Answer>()
  if (answer.ok) return answer.value
  throw answer.permanent ? new PermanentError(answer.message) : new TransientError(answer.message)
}

async function requested(bus: Bus, subject: string, payload: string, timeoutMs: number): Promise<Msg> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const leftMs = Math.max(1, Math.ceil(deadline - performance.now()))
    try {
      return await bus.connection.request(`${bus.names.subjectPrefix}crystalmath.ask.${subject}`, payload, { timeout: leftMs })
    } catch (error) {
      const isNobodyThere = error instanceof RequestError && error.isNoResponders()
      if (!isNobodyThere || leftMs <= LOOK_AGAIN_MS) {
        throw new TransientError(`nobody answered ${subject} within ${timeoutMs} ms`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    }
  }
}

/** Answers questions until the signal. Several replicas share the work (one answers). */
export function answerQuestions(
  bus: Bus,
  subject: string,
  answer: (question: unknown, subject: string) => Promise<unknown>,
  signal: AbortSignal,
  queue?: string,
): void {
  const subscription = bus.connection.subscribe(`${bus.names.subjectPrefix}crystalmath.ask.${subject}`, {
    ...(queue === undefined ? {} : { queue }),
    callback: (error, message) => {
      if (error !== null) return
      const reply = (body: Answer) => message.respond(JSON.stringify(body))
      Promise.resolve()
        .then(() => answer(message.data.length === 0 ? null : message.json(), message.subject))
        .then((value) => reply({ ok: true, value: value ?? null }))
        .catch((cause: unknown) =>
          reply({
            ok: false,
            permanent: cause instanceof PermanentError,
            message: cause instanceof Error ? cause.message : String(cause),
          }),
        )
    },
  })
  signal.addEventListener('abort', () => subscription.unsubscribe(), { once: true })
}
