export type Compression = 'gzip' | 'xz' | 'bzip2' | 'zstd'

const MAGIC: readonly (readonly [string, Compression])[] = [
  ['1f8b', 'gzip'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['28b52ffd', 'zstd'],
]

/** By the first bytes, never by the name; null for what is not compressed. */
export function compressionOf(bytes: Uint8Array): Compression | null {
  const begin = Buffer.from(bytes.subarray(0, 6)).toString('hex')
  return MAGIC.find(([magic]) => begin.startsWith(magic))?.[1] ?? null
}
