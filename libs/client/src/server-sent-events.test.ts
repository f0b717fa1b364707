import { describe, expect, it } from 'vitest'
import { readEventStream, type ServerSentEvent } from './server-sent-events.ts'

const TEXT =
  ': hello\n\nid: a.1\nevent: snapshot\ndata: {"a":1}\n\nid: a.2\r\ndata: one\r\ndata: two\r\n\r\n: beat\n\ndata: Zürich\n\ndata: torn'

const read = async (bytes: Uint8Array, cut: number): Promise<ServerSentEvent[]> => {
  const chunks = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, i) => bytes.slice(i * cut, (i + 1) * cut))
  const all: ServerSentEvent[] = []
  for await (const event of readEventStream(ReadableStream.from(chunks))) all.push(event)
  return all
}

describe('an event stream', () => {
  it('is read the same however it is cut, and a torn event is not one', async () => {
    const bytes = new TextEncoder().encode(TEXT)
    const expected = [
      { id: 'a.1', event: 'snapshot', data: '{"a":1}' },
      { id: 'a.2', event: 'message', data: 'one\ntwo' },
      { id: 'a.2', event: 'message', data: 'Zürich' },
    ]
    for (let cut = 1; cut <= bytes.length; cut += 1) expect(await read(bytes, cut)).toEqual(expected)
  })
})
