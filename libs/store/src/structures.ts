import type { Structure } from '@crystalmath/contract'
import { insertNew } from './insert-new.ts'
import type { Store } from './open.ts'

type StructureDocument = { _id: string; structure: Structure }

/** Stores structures under their content hashes; the same one twice is one. */
export async function saveStructures(store: Store, structures: ReadonlyMap<string, Structure>): Promise<void> {
  if (structures.size === 0) return
  const collection = store.db.collection<StructureDocument>('structures')
  const hashes = [...structures.keys()]
  const there = await collection.find({ _id: { $in: hashes } }, { projection: { _id: 1 } }).toArray()
  const known = new Set(there.map(({ _id }) => _id))
  const missing = [...structures].flatMap(([_id, structure]) => (known.has(_id) ? [] : [{ _id, structure }]))
  if (missing.length > 0) await insertNew(collection, missing)
}

export async function findStructure(store: Store, hash: string): Promise<Structure | null> {
  const document = await store.db.collection<StructureDocument>('structures').findOne({ _id: hash })
  return document?.structure ?? null
}
