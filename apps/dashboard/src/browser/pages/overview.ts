import type { CampaignView, ClusterView, Page as Items, JobCounts, JobView } from '@crystalmath/contract'
import { get } from '../api.ts'
import { badge, h, replace, toned } from '../dom.ts'
import { refreshOnNews } from '../live.ts'
import type { Page } from '../page.ts'
import { campaignTable } from './campaigns.ts'
import { clusterTable } from './clusters.ts'
import { jobRow, listHead } from './jobs.ts'

const STATUSES = ['accepted', 'submitting', 'pending', 'running', 'ended', 'completed', 'failed', 'cancelled'] as const

export const overviewPage: Page = async (root, _part, _query, signal) => {
  const refresh = async (): Promise<void> => {
    const [counts, campaigns, clusters, newest, failed] = await Promise.all([
      get<JobCounts>('/v1/jobs/counts', signal),
      get<Items<CampaignView>>('/v1/campaigns?limit=8', signal),
      get<Items<ClusterView>>('/v1/clusters', signal),
      get<Items<JobView>>('/v1/jobs?limit=12', signal),
      get<Items<JobView>>('/v1/jobs?limit=5&status=failed', signal),
    ])
    replace(
      root,
      h('h1', {}, `${counts.total} jobs`),
      h(
        'div',
        { class: 'tiles' },
        STATUSES.map((status) =>
          toned(
            h('a', { class: 'tile', href: `#/jobs?status=${status}` }, h('strong', {}, counts.byStatus[status] ?? 0), status),
            status,
          ),
        ),
      ),
      h('h2', {}, 'Campaigns'),
      campaignTable(campaigns.items),
      h('h2', {}, 'Clusters'),
      clusterTable(clusters.items),
      failed.items.length === 0
        ? null
        : [
            h('h2', {}, 'Failed last'),
            failed.items.map((job) =>
              h(
                'p',
                { class: 'notice error' },
                h('a', { href: `#/jobs/${job.id}` }, job.name),
                ' ',
                job.diagnosis === null ? null : badge(job.diagnosis),
                ' ',
                job.verdict,
              ),
            ),
          ],
      h('h2', {}, 'Newest jobs'),
      h('div', { class: 'list' }, listHead(), newest.items.map(jobRow)),
    )
  }
  await refresh()
  refreshOnNews(refresh, signal)
}
