import type { Db } from 'mongodb'

/** Every query of the platform has its index here; the hot ones are partial, so that finished jobs cost nothing. */
export async function ensureIndexes(db: Db): Promise<void> {
  const live = { $in: ['accepted', 'submitting', 'pending', 'running', 'ended'] }
  await db.collection('jobs').createIndexes([
    {
      key: { cluster: 1, status: 1, projectId: 1, 'request.priority': -1, createdAt: 1 },
      name: 'live-by-project',
      partialFilterExpression: { status: live },
    },
    { key: { cluster: 1, status: 1, campaignId: 1 }, name: 'live-by-campaign', partialFilterExpression: { status: live } },
    { key: { status: 1, updatedAt: 1 }, name: 'live-by-status', partialFilterExpression: { status: live } },
    { key: { cluster: 1, fencing: 1 }, name: 'fencing', partialFilterExpression: { fencing: { $gt: 0 } } },
    { key: { 'unpublished.time': 1 }, name: 'unpublished', sparse: true },
    { key: { projectId: 1, createdAt: -1, _id: -1 }, name: 'by-project' },
    { key: { projectId: 1, status: 1, createdAt: -1, _id: -1 }, name: 'by-project-status' },
    { key: { campaignId: 1, status: 1 }, name: 'by-campaign', sparse: true },
    { key: { 'batch.id': 1 }, name: 'by-batch', partialFilterExpression: { 'batch.id': { $type: 'string' } } },
    { key: { 'request.after': 1 }, name: 'by-predecessor', sparse: true },
    { key: { calculationHash: 1 }, name: 'by-calculation', partialFilterExpression: { calculationHash: { $type: 'string' } } },
  ])
  await db
    .collection('campaigns')
    .createIndexes([{ key: { project: 1, createdAt: -1 } }, { key: { createdAt: -1 } }, { key: { cluster: 1 } }])
  await db.collection('campaign-rows').createIndexes([{ key: { campaignId: 1, row: 1 } }])
  await db.collection('job-events').createIndexes([{ key: { jobId: 1, index: 1 }, unique: true }])
  await db.collection('results').createIndexes([{ key: { jobId: 1, attempt: 1 } }])
}
