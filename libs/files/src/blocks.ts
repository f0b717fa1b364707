import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { PermanentError } from '@crystalmath/contract'

export type Limits = {
  /** A longer line is cut there, with a warning. */
  readonly lineBytes: number
  /** Decompressed size of one file. */
  readonly fileBytes: number
  /** Decompressed : compressed, once past 64 MiB. */
  readonly ratio: number
}
export const LIMITS: Limits = { lineBytes: 8 << 20, fileBytes: 64 * 2 ** 30, ratio: 1_000 }

const BLOCK = 1 << 20

type Compression = 'gzip' | 'xz' | 'bzip2' | 'zstd' | null

/** By the first bytes, never by the name. */
export function compressionOf(bytes: Uint8Array): Compression {
  const magic = Buffer.from(bytes.subarray(0, 6)).toString('hex')
  if (magic.startsWith('1f8b')) return 'gzip'
  if (magic.startsWith('fd377a585a00')) return 'xz'
  if (magic.startsWith('425a68')) return 'bzip2'
  if (magic.startsWith('28b52ffd')) return 'zstd'
  return null
}

/** The rarer decompressors are loaded when first needed: starting fast is part of the command line. */
async function decompressed(source: Readable, compression: Compression): Promise<Readable> {
  switch (compression) {
    case null:
      return source
    case 'gzip':
      return source.pipe(createGunzip())
    case 'zstd':
      return source.pipe(createZstdDecompress())
    case 'bzip2':
      return Readable.from(source.pipe((await import('unbzip2-stream')).default()) as unknown as AsyncIterable<Buffer>)
    case 'xz':
      return Readable.fromWeb(new (await import('xz-decompress')).default.XzReadableStream(Readable.toWeb(source) as never) as never)
  }
}

/** Whole lines of Latin-1 text, about 1 MiB at a time. Stops reading where the consumer stops. */
export async function* blocksOf(path: string, size: number, head: Uint8Array, limits: Limits = LIMITS): AsyncGenerator<string> {
  const compression = compressionOf(head)
  const raw = createReadStream(path, { highWaterMark: BLOCK })
  const stream = await decompressed(raw, compression)
  raw.once('error', (error) => stream.destroy(error))
  let rest = ''
  let total = 0
  try {
    for await (const chunk of stream) {
      total += (chunk as Buffer).length
      if (total > limits.fileBytes || (total > 64 << 20 && total > size * limits.ratio)) {
        throw new PermanentError(`${path}: more than ${total} bytes after decompression, ${size} before: refused as a decompression bomb`)
      }
      const text = (chunk as Buffer).toString('latin1')
      const end = text.lastIndexOf('\n')
      if (end === -1) {
        if (rest.length + text.length <= limits.lineBytes) rest += text
        continue
      }
      yield rest + text.slice(0, end + 1)
      rest = text.slice(end + 1)
    }
    if (rest !== '') yield rest
  } finally {
    stream.destroy()
    raw.destroy()
  }
}

/** The first bytes, for sniffing. */
export async function headOf(file: FileHandle, length = 65_536): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, 0)
  return buffer.subarray(0, bytesRead)
}
