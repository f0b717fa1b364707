import type { Db } from 'mongodb'

/** Index of everything that is asked about one cluster. */
export const BY_CLUSTER = 'by-cluster'
/** Of waiting jobs. */
export const BY_CAMPAIGN_WAITING = 'waiting-by-campaign'

/** Of members of pilots. */
export const IN_PILOTS = 'in-pilots'

/** Every query of the platform has its index here; the hot ones are partial, so that finished jobs cost nothing. */
export async function ensureIndexes(db: Db): Promise<void> {
  const live = { $in: ['accepted', 'submitting', 'pending', 'running', 'ended'] }
  await db.collection('jobs').createIndexes([
    // whole: to MongoDB 6 a query for some of these statuses is none that a partial index answers
    { key: { cluster: 1, status: 1, projectId: 1, 'request.priority': -1, createdAt: 1 }, name: BY_CLUSTER },
    { key: { cluster: 1, status: 1, campaignId: 1 }, name: BY_CAMPAIGN_WAITING, partialFilterExpression: { status: 'accepted' } },
    { key: { status: 1, updatedAt: 1 }, name: 'live-by-status', partialFilterExpression: { status: live } },
    { key: { cluster: 1, fencing: 1 }, name: 'fencing', partialFilterExpression: { fencing: { $gt: 0 } } },
    { key: { 'unpublished.time': 1 }, name: 'unpublished', sparse: true },
    { key: { projectId: 1, createdAt: -1, _id: -1 }, name: 'by-project' },
    { key: { projectId: 1, status: 1, createdAt: -1, _id: -1 }, name: 'by-project-status' },
    { key: { 'batch.id': 1 }, name: 'by-batch', partialFilterExpression: { 'batch.id': { $type: 'string' } } },
    { key: { cluster: 1, status: 1 }, name: IN_PILOTS, partialFilterExpression: { 'batch.kind': 'pilot' } },
    { key: { campaignId: 1, status: 1, createdAt: -1, _id: -1 }, name: 'by-campaign-status', sparse: true },
    {
      key: { 'end.ending': 1, projectId: 1, createdAt: -1, _id: -1 },
      name: 'timed-out',
      partialFilterExpression: { 'end.ending': 'TIMEOUT' },
    },
    { key: { campaignId: 1, status: 1 }, name: 'campaign-timed-out', partialFilterExpression: { 'end.ending': 'TIMEOUT' } },
    {
      key: { campaignId: 1, status: 1, 'end.ending': 1 },
      name: 'campaign-out-of-walltime',
      partialFilterExpression: { diagnosis: 'OUT_OF_WALLTIME' },
    },
    {
      key: { diagnosis: 1, projectId: 1, createdAt: -1, _id: -1 },
      name: 'out-of-walltime',
      partialFilterExpression: { diagnosis: 'OUT_OF_WALLTIME' },
    },
    {
      key: { projectId: 1, cluster: 1, code: 1, createdAt: -1 },
      name: 'finished-runs',
      partialFilterExpression: { status: 'completed', attempt: 1, 'estimate.coreSeconds': { $gt: 0 } },
    },
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
