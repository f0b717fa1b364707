import { PermanentError, TransientError } from '@crystalmath/contract'
import type { Bus } from './bus.ts'

type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly permanent: boolean; readonly message: string }

/** Asks whichever service answers a subject, `cluster.check.alps`. Errors come back as the class they were. */
export async function ask(bus: Bus, subject: string, question: unknown, timeoutMs = 30_000): Promise<unknown> {
  const reply = await bus.connection
    .request(`${bus.names.subjectPrefix}crystalmath.ask.${subject}`, JSON.stringify(question), { timeout: timeoutMs })
    .catch((error: unknown) => {
      throw new TransientError(`nobody answered ${subject} within ${timeoutMs} ms`, { cause: error })
    })
  const answer = reply.json<Answer>()
  if (answer.ok) return answer.value
  throw answer.permanent ? new PermanentError(answer.message) : new TransientError(answer.message)
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
