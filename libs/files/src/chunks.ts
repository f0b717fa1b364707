import { readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { PermanentError } from '@crystalmath/contract/plain'
import { type Compression, compressionOf } from './compression.ts'
import { hdf5Text, isHdf5 } from './hdf5.ts'
import type { Limits } from './limits.ts'
import { unreadable } from './open-file.ts'
import { isTar, onlyMember } from './tar.ts'

/** A file that is open (its descriptor), as it was at that moment: what it grows by later is not read. */
export type Source = {
  readonly path: string
  readonly file: number
  readonly size: number
  readonly limits: Limits
  /** Of an HDF5 file, what is told beside the names in its root. */
  readonly datasets?: readonly string[] | undefined
}

/** What reading found beside text. */
export type Remarks = {
  /** The compressed data end early. */
  torn: boolean
  /** Lines that were cut, by their number, with their whole length. */
  cut: { readonly line: number; readonly bytes: number; readonly begin: string }[]
  /** Of an HDF5 file no more than the names in its root was asked for. */
  outline: boolean
}

/** A text of this size is made where V8 collects what is young: a longer one costs a collection of all that is old for every 60 MB. */
const BLOCK = 120 << 10

/** The content, decompressed, in pieces of at most some 100 KiB; each is valid until the next is asked for. */
export async function* chunksOf(source: Source, remarks: Remarks): AsyncGenerator<Buffer> {
  const head = Buffer.alloc(8)
  const bytesRead = readAt(source, head, 8, 0)
  if (isHdf5(head)) {
    remarks.outline = source.datasets === undefined
    return yield* hdf5Text(source.path, source.datasets ?? [])
  }
  const compression = compressionOf(head.subarray(0, bytesRead))
  const raw = compression === null ? rawChunks(source) : inflated(source, compression, remarks)
  yield* decoded(unpacked(source.path, raw))
}

/** Up to the size that the file had when it was opened; one that says 0 (in /proc) is read to its end. */
async function* rawChunks(source: Source): AsyncGenerator<Buffer> {
  const { path, size, limits } = source
  const until = Math.min(size === 0 ? Number.POSITIVE_INFINITY : size, limits.fileBytes + 1)
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(until, 1)))
  for (let at = 0; at < until; ) {
    const bytesRead = readAt(source, buffer, Math.min(buffer.length, until - at), at)
    if (bytesRead === 0) return // it became shorter meanwhile
    at += bytesRead
    if (at > limits.fileBytes) throw new PermanentError(`${path}: larger than ${limits.fileBytes} bytes, the most that is read`)
    yield buffer.subarray(0, bytesRead)
  }
}

function readAt({ path, file }: Source, into: Buffer, length: number, at: number): number {
  try {
    return readSync(file, into, 0, length, at)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** What came out before gzip data end early counts; where data are damaged, nothing does: a wrong number is worse than none. */
async function* inflated(source: Source, compression: Compression, remarks: Remarks): AsyncGenerator<Buffer> {
  let given = 0
  try {
    for await (const chunk of decompressedChunks(source, compression, false)) {
      yield chunk
      given += chunk.length
    }
  } catch (error) {
    if (error instanceof PermanentError) throw error
    if (!endsEarly(error)) throw damaged(source, compression, error)
    remarks.torn = true
    yield* rest(decompressedChunks(source, compression, true), given)
  }
}

const endsEarly = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR'

const damaged = ({ path }: Source, compression: Compression, cause: unknown): PermanentError => {
  const said = cause instanceof Error ? cause.message : String(cause)
  return new PermanentError(`${path}: the ${compression} data are damaged (${said}); compress or copy it again`, { cause })
}

async function* rest(chunks: AsyncIterable<Buffer>, after: number): AsyncGenerator<Buffer> {
  let at = 0
  for await (const chunk of chunks) {
    if (at + chunk.length > after) yield chunk.subarray(Math.max(0, after - at))
    at += chunk.length
  }
}

async function* decompressedChunks(source: Source, compression: Compression, lenient: boolean): AsyncGenerator<Buffer> {
  const { path, size, limits } = source
  const packed = Readable.from(copies(rawChunks(source)), { objectMode: false, highWaterMark: BLOCK })
  const { decompress } = await import('./decompress.ts') // with zlib, which most files do without: starting fast is part of the command line
  const stream = await decompress(packed, compression, lenient)
  let total = 0
  try {
    for await (const piece of stream) {
      const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      if (total === 0 && compressionOf(chunk) !== null) throw new PermanentError(`${path}: compressed twice; decompress it once`)
      if (total === 0 && isHdf5(chunk))
        throw new PermanentError(`${path}: a compressed HDF5 file; decompress it, it is read from the disk`)
      total += chunk.length
      if (total > limits.fileBytes || (total > limits.ratioFromBytes && total > size * limits.ratio))
        throw new PermanentError(`${path}: ${size} bytes become more than ${total}: refused as a decompression bomb`)
      for (let at = 0; at < chunk.length; at += BLOCK) yield chunk.subarray(at, at + BLOCK)
    }
  } finally {
    stream.destroy()
    packed.destroy()
  }
}

/** A stream keeps what it is given for longer than until the next. */
async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

/** What is in a tar archive of one file, else the same again. Ends its source where the reader stops at the very first piece too. */
async function* unpacked(path: string, chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    const { value: first, done } = await chunks.next()
    if (done === true) return
    const all = startingWith(first, chunks)
    yield* isTar(first) ? onlyMember(path, all) : all
  } finally {
    await chunks.return(undefined)
  }
}

async function* startingWith(first: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* chunks
}

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const UTF16_MARK = Buffer.from([0xff, 0xfe])

/** Without a byte order mark. UTF-16, which a redirection in PowerShell writes, becomes Latin-1. */
async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true
  let decoder: InstanceType<typeof TextDecoder> | null = null
  for await (const chunk of chunks) {
    if (first && chunk.subarray(0, 2).equals(UTF16_MARK)) decoder = new TextDecoder('utf-16le')
    const begin = first && chunk.subarray(0, 3).equals(UTF8_MARK) ? 3 : 0
    first = false
    yield decoder === null ? chunk.subarray(begin) : Buffer.from(decoder.decode(chunk, { stream: true }), 'latin1')
  }
}
