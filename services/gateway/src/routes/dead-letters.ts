import { type DeadLetter, findDeadLetter, listDeadLetters, resendDeadLetter } from '@crystalmath/bus'
import { CrystalEvent, DeadLetterPage, DeadLetterView } from '@crystalmath/contract'
import { recordAudit } from '@crystalmath/store'
import { z } from 'zod'
import { notFound } from '../http/problem.ts'
import { type Call, ok, type Route, route } from '../http/route.ts'

function toView({ id, at, subject, consumer, deliveries, because, payload }: DeadLetter): DeadLetterView {
  const message = jsonOrText(payload)
  const event = CrystalEvent.safeParse(message)
  return { sequence: id, at, subject, consumer, deliveries, because, jobId: event.success ? event.data.subject : null, message }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function letterFor({ deps, params }: Call<unknown, unknown>): Promise<DeadLetter> {
  const number = Number(params['number'])
  // a number that the stream never had, or has no longer, is an error of the server's API
  const letter = Number.isSafeInteger(number) && number > 0 ? await findDeadLetter(deps.bus, number).catch(() => null) : null
  if (letter === null) throw notFound(`there is no dead letter "${params['number']}"`)
  return letter
}

const answers = { 200: { description: 'The dead letter', schema: DeadLetterView } }

export const deadLetterRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/dead-letters',
    tag: 'dead letters',
    summary: 'Messages that a service gave up on, the newest first',
    allow: 'admin',
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    answers: { 200: { description: 'Dead letters', schema: DeadLetterPage } },
    handle: async ({ deps, query }) => ok({ items: (await listDeadLetters(deps.bus, query.limit)).map(toView), next: null }),
  }),
  route({
    method: 'get',
    path: '/v1/dead-letters/{number}',
    tag: 'dead letters',
    summary: 'One of them, with its message and the cause',
    allow: 'admin',
    answers,
    handle: async (call) => ok(toView(await letterFor(call))),
  }),
  route({
    method: 'post',
    path: '/v1/dead-letters/{number}/resend',
    tag: 'dead letters',
    summary: 'Send it again, once its cause is mended',
    allow: 'admin',
    body: z.strictObject({}),
    answers,
    handle: async (call) => {
      const { deps, caller, requestId } = call
      const letter = await letterFor(call)
      await resendDeadLetter(deps.bus, letter.id)
      await recordAudit(deps.store.db, {
        at: deps.now().toISOString(),
        user: caller.user.id,
        action: 'resend dead letter',
        target: String(letter.id),
        detail: { subject: letter.subject },
        requestId,
      })
      return ok(toView(letter))
    },
  }),
]
