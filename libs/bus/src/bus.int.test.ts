import { CrystalEvent, JobId, TransientError } from '@crystalmath/contract'
import { natsReplicas, natsUrl, testPrefix, waitUntil } from '@crystalmath/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { answerQuestions, ask } from './ask.ts'
import { type Bus, openBus, publishEvents } from './bus.ts'
import { consume } from './consume.ts'
import { listDeadLetters, resendDeadLetter } from './dead-letters.ts'
import { follow } from './follow.ts'
import { ack, type Outcome, reject, retry } from './outcome.ts'

const opened: { readonly bus: Bus; readonly stop: AbortController; readonly loops: Promise<void>[] }[] = []
const open = async () => {
  const one = {
    bus: await openBus({ url: natsUrl(), name: 'test', prefix: testPrefix('b'), replicas: natsReplicas() }),
    stop: new AbortController(),
    loops: [] as Promise<void>[],
  }
  opened.push(one)
  return one
}
afterEach(async () => {
  for (const { bus, stop, loops } of opened.splice(0)) {
    stop.abort()
    await Promise.all(loops)
    for (const name of [bus.names.jobs, bus.names.deadLetters, bus.names.advisories]) await bus.manager.streams.delete(name)
    await bus.close()
  }
})

const event = (n: number): CrystalEvent =>
  CrystalEvent.parse({
    specversion: '1.0',
    id: `01890a5d-ac96-774b-bcce-${String(n).padStart(12, '0')}`,
    source: '/crystalmath/test',
    subject: 'job',
    time: '2026-11-21T10:00:00.000Z',
    datacontenttype: 'application/json',
    dataschema: 'x',
    type: 'JobSubmitted',
    data: {
      jobId: JobId.parse(`01890a5d-ac96-774b-bcce-${String(n).padStart(12, '0')}`),
      attempt: 1,
      version: 1,
      projectId: 'p',
      code: 'script',
      cluster: 'alps',
    },
  })

type Heard = { readonly id: string; readonly deliveries: number }
const listen = (
  { bus, stop, loops }: Awaited<ReturnType<typeof open>>,
  handle: (heard: readonly Heard[]) => Outcome | Promise<Outcome>,
) => {
  const heard: Heard[] = []
  const bugs: unknown[] = []
  loops.push(
    consume(
      bus,
      {
        durable: 'tester',
        subject: 'crystalmath.job.submitted.>',
        handle: async ({ id }) => {
          heard.push({ id, deliveries: heard.filter((one) => one.id === id).length + 1 })
          return await handle(heard)
        },
        onBug: (error) => bugs.push(error),
      },
      stop.signal,
    ),
  )
  return { heard, bugs }
}
const until = (check: () => boolean | Promise<boolean>, what: string) =>
  waitUntil(check, { timeoutMs: 20_000, onTimeout: () => what })

describe('the bus', () => {
  it('drops a repeat inside the duplicate window', async () => {
    const one = await open()
    const { heard } = listen(one, () => ack)
    await publishEvents(one.bus, [event(1), event(1), event(2)])
    await publishEvents(one.bus, [event(1)])
    await until(() => heard.some(({ id }) => id === event(2).id), 'the second event was not heard')
    expect(heard.map(({ id }) => id)).toEqual([event(1).id, event(2).id])
  })

  it('delivers again what a handler wants later, and not before', async () => {
    const one = await open()
    const times: number[] = []
    listen(one, (heard) => {
      times.push(performance.now())
      return heard.length === 1 ? retry(400, 'not yet') : ack
    })
    await publishEvents(one.bus, [event(1)])
    await until(() => times.length === 2, 'it did not come again')
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(350)
  })

  it('stores what is rejected as a dead letter with its cause, and sends it again on demand', async () => {
    const one = await open()
    const { heard } = listen(one, (all) => (all.length === 1 ? reject('a poison file') : ack))
    await publishEvents(one.bus, [event(7)])
    const letters = async () => await listDeadLetters(one.bus, 10)
    await until(async () => (await letters()).length === 1, 'no dead letter')
    const [letter] = await letters()
    expect(letter).toMatchObject({ consumer: 'tester', because: 'a poison file', deliveries: 1 })
    await resendDeadLetter(one.bus, letter?.id ?? 0)
    await until(() => heard.length === 2, 'it was not sent again')
    expect(await letters()).toEqual([])
  })

  it('quarantines a message whose handler has a bug, and goes on with the others', async () => {
    const one = await open()
    const { heard, bugs } = listen(one, (all) => {
      if (all.at(-1)?.id === event(1).id && all.filter(({ id }) => id === event(1).id).length < 2) throw new Error('a bug')
      return ack
    })
    await publishEvents(one.bus, [event(1), event(2)])
    await until(() => heard.length === 3, 'both should be handled in the end')
    expect(bugs).toHaveLength(1)
  })

  it('waits as long as a transient error says', async () => {
    const one = await open()
    const { heard, bugs } = listen(one, (all) => {
      if (all.length === 1) throw new TransientError('away', { retryAfterMs: 200 })
      return ack
    })
    await publishEvents(one.bus, [event(1)])
    await until(() => heard.length === 2, 'it did not come again')
    expect(bugs).toEqual([])
  })

  it('makes a dead letter of what is no event', async () => {
    const one = await open()
    listen(one, () => ack)
    await one.bus.client.publish(`${one.bus.names.subjectPrefix}crystalmath.job.submitted.alps`, '{"type":"Nonsense"}')
    await until(async () => (await listDeadLetters(one.bus, 1)).length === 1, 'no dead letter')
    expect((await listDeadLetters(one.bus, 1))[0]?.because).toContain('not an event')
  })

  it('follows every event in order from a sequence on', async () => {
    const one = await open()
    await publishEvents(one.bus, [event(1), event(2), event(3)])
    const seen: number[] = []
    const stop = new AbortController()
    for await (const { sequence } of follow(one.bus, 2, stop.signal)) {
      seen.push(sequence)
      if (sequence === 3) stop.abort()
    }
    expect(seen).toEqual([2, 3])
  })

  it('brings errors back to who asked', async () => {
    const { bus, stop } = await open()
    answerQuestions(
      bus,
      'double',
      async (question) => {
        if (typeof question !== 'number') throw new TransientError('no number')
        return question * 2
      },
      stop.signal,
    )
    await bus.connection.flush()
    expect(await ask(bus, 'double', 21)).toBe(42)
    await expect(ask(bus, 'double', 'x')).rejects.toThrow('no number')
    await expect(ask(bus, 'nobody', 1, 300)).rejects.toThrow('nobody answered')
  })
})
