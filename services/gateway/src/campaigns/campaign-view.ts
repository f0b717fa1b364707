import { type CampaignId, CampaignId as CampaignIdSchema, type CampaignView, type Role } from '@crystalmath/contract'
import { type CampaignDocument, countByCampaign, findCampaign, type Store } from '@crystalmath/store'
import type { Deps } from '../deps.ts'
import { notFound } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { requireRole, roleIn } from '../permissions.ts'

/** Campaigns with the counts of their jobs. */
export async function toCampaignViews({ db }: Store, documents: readonly CampaignDocument[]): Promise<readonly CampaignView[]> {
  const counts = await countByCampaign(
    db,
    documents.map(({ _id }) => _id),
  )
  return documents.map(({ _id, head: _head, bodyHash: _hash, touchedAt: _touched, report: _report, ...rest }) => {
    const count = counts.get(_id)
    if (count === undefined) throw new TypeError('every campaign is counted')
    return { id: _id, ...rest, ...count }
  })
}

export async function toCampaignView(store: Store, document: CampaignDocument): Promise<CampaignView> {
  const [view] = await toCampaignViews(store, [document])
  if (view === undefined) throw new TypeError('one campaign has one view')
  return view
}

/** A campaign that the caller may see, and act on as `needed` says. */
export async function campaignFor(
  { store }: Deps,
  caller: Caller,
  id: string | undefined,
  needed: Role,
): Promise<CampaignDocument> {
  const parsed = CampaignIdSchema.safeParse(id)
  const found = parsed.success ? await findCampaign(store.db, parsed.data as CampaignId) : null
  if (found === null || roleIn(caller, found.project) === null) throw notFound(`there is no campaign "${id}" in your projects`)
  requireRole(caller, found.project, needed)
  return found
}
