import { type Collection, type Document, MongoBulkWriteError, type OptionalUnlessRequiredId } from 'mongodb'
import { asStoreError } from './open.ts'

/** Inserts documents; those whose key is there already are left alone. Returns their places in the list. */
export async function insertNew<T extends Document>(
  collection: Collection<T>,
  documents: readonly OptionalUnlessRequiredId<T>[],
): Promise<ReadonlySet<number>> {
  try {
    await collection.insertMany([...documents], { ordered: false })
    return new Set()
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw asStoreError(error)
    const failures = [error.writeErrors].flat()
    if (failures.some((failure) => failure.code !== 11_000)) throw error
    return new Set(failures.map(({ index }) => index))
  }
}
