import { PermanentError } from '@crystalmath/contract/plain'

const HEADER = 512

/** Whether this is the beginning of a tar archive. */
export const isTar = (begin: Buffer): boolean => begin.toString('latin1', 257, 262) === 'ustar'

/** The one file of a tar archive, which some copy tools make of a file; an archive of several is refused: they must not be read as one. */
export async function* onlyMember(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let at = 0
  let end = HEADER
  for await (const chunk of chunks) {
    if (at === 0) end = HEADER + Number.parseInt(chunk.toString('latin1', 124, 136), 8)
    const [from, to] = [Math.max(0, HEADER - at), Math.min(chunk.length, end - at)]
    if (to > from) yield chunk.subarray(from, to)
    const padded = Math.ceil(end / HEADER) * HEADER
    if (!(end >= HEADER) || chunk.subarray(Math.max(0, padded - at)).some((byte) => byte !== 0))
      throw new PermanentError(`${path}: a tar archive of several files; unpack it, and name the folder`)
    at += chunk.length
  }
}
