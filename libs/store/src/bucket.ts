import type { ObjectId } from 'mongodb'
import type { Store } from './open.ts'

/** One file into GridFS. */
export async function writeAll(store: Store, name: string, content: Uint8Array): Promise<ObjectId> {
  const stream = store.bucket.openUploadStream(name)
  await new Promise<void>((done, failed) => {
    stream.once('finish', done).once('error', failed)
    stream.end(content)
  })
  return stream.id
}

/** One file out of GridFS. */
export async function readAll(store: Store, id: ObjectId): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of store.bucket.openDownloadStream(id)) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
