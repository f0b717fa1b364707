import type { Request, Response } from 'express'
import { badRequest, tooLarge, unavailable, unsupported } from './problem.ts'

/** Bodies below it come in whatever number. */
const SMALL_BYTES = 256 * 1_024
/** As many of the largest may wait in memory, as they came. */
const WAITING = 4

export type Bodies = {
  /**
   * The body's text. Refuses what is larger than the limit before it is read, or as soon as it is. As an object a body needs ten times its
   * size: those that are worked on at once are no larger together than the largest may be, the others wait until an answer is given.
   */
  readText(request: Request, response: Response): Promise<string>
}

/** One per process: what it holds at once is its own memory. */
export function openBodies(limitBytes: number): Bodies {
  const waiting: { readonly size: number; readonly enter: () => void }[] = []
  let atWork = 0
  let held = 0
  const letIn = () => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      if (atWork > 0 && atWork + first.size > limitBytes) return
      waiting.shift()
      atWork += first.size
      first.enter()
    }
  }
  const turn = async (size: number, response: Response): Promise<void> => {
    if (response.closed) throw badRequest('the connection was closed')
    if (held + size > WAITING * limitBytes) throw unavailable('other large requests are being worked on', 5)
    held += size
    let isIn = false
    await new Promise<void>((enter) => {
      const one = {
        size,
        enter: () => {
          isIn = true
          enter()
        },
      }
      waiting.push(one)
      response.once('close', () => {
        held -= size
        if (isIn) atWork -= size
        else waiting.splice(waiting.indexOf(one), 1)
        enter() // who left while it waited has nothing to be told
        letIn()
      })
      letIn()
    })
    if (!isIn) throw badRequest('the connection was closed')
  }
  return {
    async readText(request, response) {
      const bytes = await bytesOf(request, limitBytes)
      if (bytes.length > SMALL_BYTES) await turn(bytes.length, response)
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      } catch {
        throw badRequest('the body is not UTF-8')
      }
    },
  }
}

async function bytesOf(request: Request, limitBytes: number): Promise<Buffer> {
  const refusal = () =>
    tooLarge(`the body is larger than ${limitBytes / 2 ** 20} MiB; send fewer jobs per call, or many as the table of a campaign`)
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw refusal()
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw unsupported(`content-encoding "${encoding}": send the body as it is`)
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += (part as Buffer).length
    if (size > limitBytes) throw refusal()
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}
