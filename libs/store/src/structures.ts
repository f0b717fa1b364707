import type { Structure } from '@crystalmath/contract'
import type { Store } from './open.ts'

type StructureDocument = { _id: string; structure: Structure }

/** Stores structures under their content hashes; the same one twice is one. */
export async function saveStructures(store: Store, structures: ReadonlyMap<string, Structure>): Promise<void> {
  if (structures.size === 0) return
  await store.db.collection<StructureDocument>('structures').bulkWrite(
    [...structures].map(([hash, structure]) => ({
      updateOne: { filter: { _id: hash }, update: { $setOnInsert: { structure } }, upsert: true },
    })),
    { ordered: false },
  )
}

export async function findStructure(store: Store, hash: string): Promise<Structure | null> {
  const document = await store.db.collection<StructureDocument>('structures').findOne({ _id: hash })
  return document?.structure ?? null
}
