import { promisify } from 'node:util'
import { gunzip, gzip, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib'
import type { CalculationResult } from '@crystalmath/contract'

/** What begins a Zstandard frame (RFC 8878, 3.1.1), as it lies in a file. */
const ZSTANDARD = Buffer.from('28b52ffd', 'hex')
/** Bytes from which on Zstandard pays: it takes a fifth of gzip's CPU there, and more than gzip for what it sets up for each small one. */
const LARGE = 256 << 10

/** As files and results are kept. */
export const pack = (content: string | Uint8Array): Promise<Buffer> =>
  content.length < LARGE ? promisify(gzip)(content) : promisify(zstdCompress)(content)

/** What `pack` made. */
export const unpack = (body: Uint8Array): Promise<Buffer> =>
  ZSTANDARD.equals(body.subarray(0, 4)) ? promisify(zstdDecompress)(body) : promisify(gunzip)(body)

/** What a thread that reads hands to the one that stores: the JSON of a result, a large one packed already. Many small bodies would fill its memory before it collects. */
export type ResultBody = string | Uint8Array

/** For a thread that serves nobody meanwhile: to pack a large result takes a hundredth of a second. */
export function bodyOf(result: CalculationResult): ResultBody {
  const text = JSON.stringify(result)
  return text.length < LARGE ? text : zstdCompressSync(text)
}

/** The result of a body. */
export const resultIn = (body: ResultBody): CalculationResult =>
  JSON.parse(typeof body === 'string' ? body : zstdDecompressSync(body).toString('utf8')) as CalculationResult
