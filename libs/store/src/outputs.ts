import { createHash } from 'node:crypto'
import { PermanentError, type Token } from '@crystalmath/contract'
import { Binary, type ObjectId } from 'mongodb'
import { readAll, writeAll } from './bucket.ts'
import type { Store } from './open.ts'
import { pack, unpack } from './packed.ts'

export type KeptFile = { readonly path: string; readonly content: Uint8Array }

/** Below this size, packed, all files of an attempt lie in one document; larger ones lie in GridFS under their SHA-256. */
const INLINE_BYTES = 1 << 20

type KeptEntry = { path: string; size: number; sha256: string; body?: Binary; file?: ObjectId }
type KeptDocument = { _id: Token; files: KeptEntry[] }

/** POTCAR text never leaves the cluster; this is the last of several gates. */
const FORBIDDEN = /(^|\/)(POTCAR([._-].*)?|POT_[^/]*|PSCTR[^/]*)$/i

const keptOf = (store: Store) => store.db.collection<KeptDocument>('outputs')

/** Stores what an attempt left; a repetition replaces it. */
export async function saveOutputs(store: Store, token: Token, files: readonly KeptFile[]): Promise<void> {
  const entries: KeptEntry[] = []
  let inline = 0
  for (const { path, content } of files) {
    if (FORBIDDEN.test(path)) throw new PermanentError(`${token}: ${path} is a pseudopotential under licence and is never stored`)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const body = await pack(content)
    inline += body.length
    const place = inline <= INLINE_BYTES ? { body: new Binary(body) } : { file: await stored(store, sha256, body) }
    entries.push({ path, size: content.length, sha256, ...place })
  }
  await keptOf(store).replaceOne({ _id: token }, { files: entries }, { upsert: true })
}

/** The same content twice is one file. */
async function stored(store: Store, sha256: string, body: Uint8Array): Promise<ObjectId> {
  for await (const file of store.bucket.find({ filename: sha256 }).limit(1)) return file._id
  return await writeAll(store, sha256, body)
}

export async function listOutputs(
  store: Store,
  token: Token,
): Promise<readonly { readonly path: string; readonly size: number; readonly sha256: string }[]> {
  const document = await keptOf(store).findOne({ _id: token }, { projection: { 'files.body': 0 } })
  return (document?.files ?? []).map(({ path, size, sha256 }) => ({ path, size, sha256 }))
}

/** Kept files of an attempt, one after the other; all of them, or those of the given paths. */
export async function* readOutputs(store: Store, token: Token, paths?: readonly string[]): AsyncGenerator<KeptFile> {
  const document = await keptOf(store).findOne({ _id: token })
  for (const entry of document?.files ?? []) {
    if (paths !== undefined && !paths.includes(entry.path)) continue
    const body =
      entry.body !== undefined
        ? Buffer.from(entry.body.buffer)
        : entry.file !== undefined
          ? await readAll(store, entry.file)
          : Buffer.alloc(0)
    yield { path: entry.path, content: await unpack(body) }
  }
}
