import { createHash } from 'node:crypto'
import { answerKey, releaseKey, takeKey } from '@crystalmath/store'
import type { Deps } from '../deps.ts'
import { badRequest, conflict, HttpProblem } from './problem.ts'
import type { Answer } from './route.ts'

/** One request as its repetition would look. */
export type Repeatable = {
  readonly user: string
  readonly key: string
  readonly method: string
  readonly url: string
  readonly text: string
}

/** Printable ASCII, so that it can stand in logs. */
export function checkKey(key: string | undefined): string | null {
  if (key === undefined) return null
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw badRequest('Idempotency-Key must be 1 to 200 printable ASCII characters without spaces')
  return key
}

export const hashRequest = ({ key, method, url, text, user }: Repeatable): string =>
  createHash('sha256')
    .update(JSON.stringify([user, key, method, url]))
    .update(text)
    .digest('hex')

/** Runs a request once per key: the same request again gets the same answer, another one under the same key is refused. */
export async function onceOnly({ store, now }: Deps, request: Repeatable, run: () => Promise<Answer>): Promise<Answer> {
  const id = `${request.user}:${request.key}`
  const state = await takeKey(store.db, id, hashRequest(request), now())
  switch (state.kind) {
    case 'answered':
      return repeated(state.answer)
    case 'at-work':
      throw conflict(`a request with Idempotency-Key "${request.key}" is at work; ask again in a moment`, { 'retry-after': '2' })
    case 'other-request':
      throw new HttpProblem({
        title: 'Idempotency-Key used before',
        status: 422,
        detail: `Idempotency-Key "${request.key}" belongs to another request; use a new key for a new request`,
      })
    case 'yours':
      return runAndKeep(store.db, id, run)
  }
}

async function runAndKeep(db: Deps['store']['db'], id: string, run: () => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await run()
    const body = answer.isSecret === true ? SHOWN_ONCE : JSON.stringify(answer.body ?? null)
    await answerKey(db, id, { status: answer.status, headers: { ...answer.headers }, body })
    return answer
  } catch (error) {
    await releaseKey(db, id) // nothing was done: a corrected request may use the key
    throw error
  }
}

const SHOWN_ONCE = '"shown once"'

function repeated({
  status,
  headers,
  body,
}: {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}): Answer {
  if (body === SHOWN_ONCE)
    throw conflict('this request was answered before with a secret, which is shown only once; make a new one')
  return { status, headers: { ...headers, 'idempotency-replayed': 'true' }, body: JSON.parse(body) as unknown }
}
