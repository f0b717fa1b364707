import { type Client, type News, openClient } from '@crystalmath/client'
import { JobView } from '@crystalmath/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, startPlatform, type Who } from './testing/platform.ts'

let platform: Platform | undefined
afterEach(async () => {
  await platform?.close()
  platform = undefined
})

const start = async (config = {}) => {
  platform = await startPlatform({ config })
  const { url, tokens, ask } = platform
  const as = (who: Who): Client => openClient({ url, token: tokens[who] })
  const create = async (project = 'oxides', who: Who = 'admin') =>
    JobView.parse((await ask(who, 'POST', '/v1/jobs', { body: { ...SCRIPT, project } })).json)
  return { platform, as, create }
}

/** Reads news until enough were seen; then leaves. */
async function take(client: Client, count: number, lastEventId?: string, onFirst?: () => Promise<unknown>): Promise<News[]> {
  const stop = new AbortController()
  const seen: News[] = []
  for await (const news of client.watch({ signal: stop.signal, lastEventId })) {
    seen.push(news)
    if (seen.length === 1) await onFirst?.()
    if (seen.length === count) stop.abort()
  }
  return seen
}

const subjects = (news: readonly News[]) => news.map((one) => (one.kind === 'event' ? one.event.subject : one.kind))

describe('the live stream', () => {
  it('begins with a snapshot and goes on with news in order', async () => {
    const { as, create } = await start()
    const before = await create()
    const made: string[] = []
    const news = await take(as('vera'), 3, undefined, async () => made.push((await create()).id, (await create()).id))
    expect(news[0]).toMatchObject({
      kind: 'snapshot',
      snapshot: { counts: { total: 1, byStatus: { accepted: 1 } }, jobs: [{ id: before.id }], complete: true },
    })
    expect(subjects(news.slice(1))).toEqual(made)
  })

  it('goes on after the last id, with what was missed and without a snapshot', async () => {
    const { as, create } = await start()
    const [, first] = await take(as('vera'), 2, undefined, create)
    const missed = [await create(), await create()]
    const news = await take(as('vera'), 2, first?.kind === 'event' ? (first.id ?? undefined) : undefined)
    expect(subjects(news)).toEqual(missed.map(({ id }) => id))
  })

  it('begins anew with a snapshot where the last id is unknown, of another stream, or too old', async () => {
    const { as, create } = await start({ RECENT_EVENTS: 10 })
    const [, first] = await take(as('vera'), 2, undefined, create)
    for (let i = 0; i < 20; i += 1) await create()
    const old = first?.kind === 'event' ? (first.id ?? '') : ''
    for (const id of ['nonsense', 'zzzzz.3', old]) expect(subjects(await take(as('vera'), 1, id)), id).toEqual(['snapshot'])
  })

  it('tells nobody the news of other projects', async () => {
    const { as, create } = await start()
    let mine = ''
    const news = await take(as('vera'), 2, undefined, async () => {
      await create('nitrides')
      mine = (await create('oxides')).id
    })
    expect(subjects(news)).toEqual(['snapshot', mine])
    expect(news[0]).toMatchObject({ snapshot: { counts: { total: 0 }, jobs: [] } })
  })

  it('of one job tells only of it', async () => {
    const { platform: here, create } = await start()
    const [one, other] = [await create(), await create()]
    const stop = new AbortController()
    const response = await fetch(`${here.url}/v1/jobs/${one.id}/live`, {
      headers: { authorization: `Bearer ${here.tokens.vera}` },
      signal: stop.signal,
    })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (word: string) => {
      while (!text.includes(word)) text += (await reader?.read())?.value ?? ''
    }
    await until('event: snapshot')
    await here.ask('mike', 'POST', `/v1/jobs/${other.id}/cancel`)
    await here.ask('mike', 'POST', `/v1/jobs/${one.id}/cancel`)
    await until('StateChanged')
    await until('\n\n')
    expect(text).not.toContain(other.id)
    stop.abort()
  })

  it('is refused to strangers', async () => {
    const { platform: here, as } = await start()
    await expect(take(openClient({ url: here.url, token: 'nope' }), 1)).rejects.toMatchObject({ status: 401 })
    const stop = new AbortController()
    await expect(
      as('eve')
        .watch({ signal: stop.signal, query: { project: 'oxides' } })
        .next(),
    ).rejects.toMatchObject({ status: 404 })
  })

  it('is taken up again by the client when the gateway comes back', async () => {
    const { platform: here, create } = await start()
    // a gate in front of the gateway, which breaks the connection once
    const { createServer, connect } = await import('node:net')
    const sockets = new Set<import('node:net').Socket>()
    const gate = createServer((socket) => {
      const inner = connect(Number(new URL(here.url).port), '127.0.0.1')
      sockets.add(socket)
      socket.pipe(inner).pipe(socket)
      const both = [socket, inner]
      for (const end of both) end.on('error', () => undefined).on('close', () => both.forEach((one) => void one.destroy()))
    })
    await new Promise<void>((done) => gate.listen(0, '127.0.0.1', done))
    const address = gate.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const client = openClient({ url: `http://127.0.0.1:${port}`, token: here.tokens.vera })
    const stop = new AbortController()
    const seen: string[] = []
    const made: string[] = []
    for await (const news of client.watch({ signal: stop.signal })) {
      seen.push(news.kind === 'event' ? news.event.subject : news.kind)
      if (news.kind === 'snapshot') made.push((await create()).id)
      if (seen.length === 2) {
        for (const socket of sockets) socket.destroy()
        made.push((await create()).id)
      }
      if (seen.length === 4) stop.abort()
    }
    await new Promise((done) => gate.close(done))
    expect(seen).toEqual(['snapshot', made[0], 'interrupted', made[1]])
  })
})
