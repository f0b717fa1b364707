import { createHash, randomBytes } from 'node:crypto'
import { JobId } from '@crystalmath/contract'

const text = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

function stamped(bytes: Buffer, version: number): Buffer {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes
}

/** Namespace of the ids that are derived here; a random UUID, fixed for ever. */
const NAMESPACE = Buffer.from('6f1d2c0b8a7e4d5f9c3b1a2e4f605d7c', 'hex')

/** UUID version 5 (RFC 9562): the same origin always has the same id. */
export const derivedJobId = (origin: string): JobId =>
  JobId.parse(text(stamped(createHash('sha1').update(NAMESPACE).update(origin).digest().subarray(0, 16), 5)))

/** UUID version 7 (RFC 9562): ids grow with time, which keeps indexes small. */
export function newJobId(now: Date): JobId {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now.getTime(), 0, 6)
  return JobId.parse(text(stamped(bytes, 7)))
}
