import type { CampaignView, Page as Items } from '@crystalmath/contract'
import { get } from '../api.ts'
import { badge, h, replace, stackedBar, table } from '../dom.ts'
import { time } from '../format.ts'
import { refreshOnNews } from '../live.ts'
import type { Page } from '../page.ts'

/** Counts by word, in the order of a job's way. */
export const wordCounts = ({ words }: CampaignView): Record<string, number> =>
  Object.fromEntries(
    ['completed', 'running', 'ready', 'to_run', 'timeout', 'failed', 'cancelled'].map((word) => [
      word,
      words[word as keyof typeof words]?.count ?? 0,
    ]),
  )

export const campaignTable = (campaigns: readonly CampaignView[]): HTMLElement =>
  table(
    ['campaign', 'project', 'code', 'cluster', 'jobs', 'done', '', 'made'],
    campaigns.map((campaign) => [
      h('span', {}, h('a', { href: `#/campaigns/${campaign.id}` }, campaign.name), campaign.held === null ? '' : ' (held)'),
      campaign.project,
      campaign.code,
      campaign.cluster,
      campaign.total,
      campaign.state === 'open' ? `${(campaign.words.completed?.percent ?? 0).toFixed(1)} %` : badge(campaign.state),
      stackedBar(wordCounts(campaign)),
      time(campaign.createdAt),
    ]),
    'no campaigns yet: “crystalmath campaign create TABLE.csv” makes one',
  )

export const campaignsPage: Page = async (root, _part, query, signal) => {
  const refresh = async (): Promise<void> => {
    const cursor = query.get('cursor')
    const page = await get<Items<CampaignView>>(
      `/v1/campaigns?limit=50${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      signal,
    )
    replace(
      root,
      h('h1', {}, 'Campaigns'),
      campaignTable(page.items),
      page.next === null
        ? null
        : h('p', {}, h('a', { href: `#/campaigns?cursor=${encodeURIComponent(page.next)}` }, 'older ones')),
    )
  }
  await refresh()
  refreshOnNews(refresh, signal)
}
