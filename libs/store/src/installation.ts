import { randomUUID } from 'node:crypto'
import type { Store } from './open.ts'

type InstallationDocument = { _id: 'installation'; installation: string; epoch: number }

/** Who we are on clusters: made once, and raised by a restore from backup, so that scripts of the older state refuse. */
export async function findInstallation(store: Store): Promise<{ readonly installation: string; readonly epoch: number }> {
  const document = await store.db
    .collection<InstallationDocument>('settings')
    .findOneAndUpdate(
      { _id: 'installation' },
      { $setOnInsert: { installation: randomUUID(), epoch: 1 } },
      { upsert: true, returnDocument: 'after' },
    )
  if (document === null) throw new TypeError('an upsert returns its document')
  return { installation: document.installation, epoch: document.epoch }
}

/** After a restore: everything that was claimed by the lost state is left alone by scripts of the older epoch. */
export async function raiseEpoch(store: Store): Promise<void> {
  await findInstallation(store)
  await store.db.collection<InstallationDocument>('settings').updateOne({ _id: 'installation' }, { $inc: { epoch: 1 } })
}
