import { PassThrough, Readable } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'
import type { Compression } from './compression.ts'

const CHUNK = 1 << 18

/**
 * The decompressed bytes. With `lenient`, gzip data that end early end in silence instead of an error.
 * The rarer decompressors are loaded when first needed: starting fast is part of the command line.
 */
export async function decompress(
  source: Readable,
  compression: Compression,
  lenient: boolean,
): Promise<AsyncIterable<Buffer> & Readable> {
  switch (compression) {
    case 'gzip':
      return through(source, createGunzip({ chunkSize: CHUNK, ...(lenient && { finishFlush: constants.Z_SYNC_FLUSH }) }))
    case 'zstd':
      return through(source, createZstdDecompress({ chunkSize: CHUNK }))
    case 'bzip2': {
      const stream = (await import('unbzip2-stream')).default()
      // an old-style stream, which knows neither errors of its source nor how to be iterated
      const out = new PassThrough({ highWaterMark: CHUNK })
      for (const one of [source, stream]) one.once('error', (error) => void out.destroy(error))
      return source.pipe(stream).pipe(out)
    }
    case 'xz': {
      const { XzReadableStream } = (await import('xz-decompress')).default
      const inflated = new XzReadableStream(webOf(source) as never)
      return Readable.from(withoutEmpty(inflated as never), { objectMode: false, highWaterMark: CHUNK })
    }
  }
}

/** `Readable.toWeb` throws where nobody can catch it when its reader has enough before the source is at its end. */
function webOf(source: Readable): ReadableStream<unknown> {
  const chunks = source[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => void source.destroy(),
  })
}

/** The decoder answers an empty piece wherever it needs more input first; a stream of Node that is handed one asks for no other. */
async function* withoutEmpty(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, length } of chunks) if (length > 0) yield Buffer.from(buffer, byteOffset, length)
}

function through<T extends Readable & NodeJS.WritableStream>(source: Readable, stream: T): T {
  source.once('error', (error) => void stream.destroy(error))
  source.pipe(stream)
  return stream
}
