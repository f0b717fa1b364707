import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import { openTable, type TableFormat, type TableRow } from '@crystalmath/campaigns'
import { CampaignCreate, CampaignHead } from '@crystalmath/contract'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import { parseBody } from '../http/body.ts'
import { badRequest, HttpProblem, invalid, tooLarge, unsupported } from '../http/problem.ts'
import { problemsOf } from '../http/zod-problems.ts'

/** What a campaign is made of, as it comes: its head, and its rows some at a time. */
export type Incoming = {
  readonly head: CampaignHead
  readonly rows: AsyncIterable<readonly TableRow[]>
  /** SHA-256 of head and rows; only after the last row. */
  digest(): string
}

export const TABLE_TYPES: Readonly<Record<string, TableFormat>> = {
  'text/csv': 'csv',
  'chemical/x-extxyz': 'extxyz',
  'application/x-ndjson': 'jsonl',
}

/** JSON as a whole; tables as streams, gzipped too, with the head in `?head=`. */
export async function readIncoming(
  { bodies, config }: Pick<Deps, 'bodies' | 'config'>,
  request: Request,
  response: Response,
  head: string | undefined,
): Promise<Incoming> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const format = TABLE_TYPES[type]
  if (format !== undefined) {
    const pieces = piecesOf(request, config.CAMPAIGN_MEBIBYTES * 2 ** 20)
    return head === undefined ? headFirst(pieces, format) : incomingTable(pieces, format, head)
  }
  if (type !== 'application/json')
    throw unsupported(`content-type "${type}": send application/json or one of ${Object.keys(TABLE_TYPES).join(', ')}`)
  const text = await bodies.readText(request, response)
  const whole = checked(CampaignCreate, parseBody(text, 'application/json'))
  const { rows, ...rest } = whole
  const digest = createHash('sha256').update(text).digest('hex')
  return { head: rest, rows: inMemory(rows), digest: () => digest }
}

async function* inMemory(rows: CampaignCreate['rows']): AsyncGenerator<readonly TableRow[]> {
  for (let at = 0; at < rows.length; at += 200)
    yield rows.slice(at, at + 200).map((cells, i) => ({ row: at + i, line: at + i + 1, cells }))
}

/** Longest first line. */
const MAX_HEAD = 20_000_000

/** Without ?head=, the first line of the body is the head: it may be longer than an address may. */
async function headFirst(pieces: AsyncGenerator<string>, format: TableFormat): Promise<Incoming> {
  let text = ''
  while (!text.includes('\n') && text.length < MAX_HEAD) {
    const next = await pieces.next()
    if (next.done === true)
      throw badRequest('the body ends in its first line: that is the head as JSON, the table comes after it')
    text += next.value
  }
  const end = text.indexOf('\n')
  async function* rest() {
    yield text.slice(end + 1)
    yield* pieces
  }
  return incomingTable(rest(), format, text.slice(0, end < 0 ? MAX_HEAD : end))
}

function incomingTable(pieces: AsyncIterable<string>, format: TableFormat, headText: string): Incoming {
  const head = checked(CampaignHead, parseBody(headText, 'application/json'))
  const hash = createHash('sha256').update(JSON.stringify(head))
  async function* read() {
    const table = openTable(format)
    try {
      for await (const piece of pieces) {
        hash.update(piece)
        yield table.push(piece)
      }
      yield table.end()
    } catch (error) {
      if (error instanceof RangeError) throw badRequest(`the table cannot be read: ${error.message}`)
      throw error
    }
  }
  return { head, rows: read(), digest: () => hash.copy().digest('hex') }
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalid('see errors', problemsOf(parsed.error, value, schema))
}

/** The body's text as it comes. */
async function* piecesOf(request: Request, limitBytes: number): AsyncGenerator<string> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw unsupported(`content-encoding "${encoding}": send gzip, or the body as it is`)
  const stream = encoding === 'gzip' ? request.pipe(createGunzip()) : request
  if (encoding === 'gzip') request.once('error', (error) => stream.destroy(error))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let size = 0
  try {
    for await (const part of stream.iterator({ destroyOnReturn: false })) {
      size += (part as Buffer).length
      if (size > limitBytes) throw tooLarge(`the table is larger than ${limitBytes / 2 ** 20} MiB`)
      yield decoder.decode(part as Buffer, { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    if (error instanceof HttpProblem) throw error
    if (error instanceof TypeError) throw badRequest('the body is not UTF-8')
    throw badRequest(`the body cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
