import type { CampaignFailures, CampaignStatistics, CampaignView, Spread } from '@crystalmath/contract'
import { download, get, post } from '../api.ts'
import { badge, h, replace, stackedBar, table, toned } from '../dom.ts'
import { fixed, time } from '../format.ts'
import { refreshOnNews } from '../live.ts'
import type { Page } from '../page.ts'
import { actions } from './actions.ts'
import { campaignPlot } from './campaign-plot.ts'
import { wordCounts } from './campaigns.ts'

const EXPORTS = { csv: 'csv', jsonl: 'jsonl', extxyz: 'xyz' } as const

export const campaignPage: Page = async (root, id, _query, signal) => {
  const path = `/v1/campaigns/${encodeURIComponent(id)}`
  const plot = campaignPlot(path)
  const refresh = async (): Promise<void> => {
    const [campaign, statistics, failures] = await Promise.all([
      get<CampaignView>(path, signal),
      get<CampaignStatistics>(`${path}/statistics`, signal),
      get<CampaignFailures>(`${path}/failures?limit=20`, signal),
    ])
    const change = (what: string, body?: unknown) => async () => {
      await post(`${path}/${what}`, body)
      await refresh()
    }
    replace(
      root,
      h('h1', {}, campaign.name, ' ', badge(campaign.state)),
      h(
        'p',
        { class: 'soft' },
        `${campaign.code} on ${campaign.cluster}, project ${campaign.project}, by ${campaign.user}, ${time(campaign.createdAt)}`,
      ),
      campaign.held === null ? null : h('p', { class: 'notice' }, `held by ${campaign.held.by}: ${campaign.held.reason}`),
      stackedBar(wordCounts(campaign)),
      h(
        'div',
        { class: 'tiles' },
        Object.entries(wordCounts(campaign)).map(([word, count]) =>
          toned(
            h(
              'a',
              { class: 'tile', href: `#/jobs?campaign=${campaign.id}&word=${word}` },
              h('strong', {}, count),
              word.replace('_', ' '),
            ),
            word,
          ),
        ),
      ),
      actions([
        campaign.held === null ? ['Hold', change('hold')] : ['Release', change('release')],
        ['Reset failed', change('reset'), 'Give every failed and timed-out job a next attempt?'],
        ['Cancel', change('cancel'), 'Cancel all jobs of this campaign that are not over?'],
        ...Object.entries(EXPORTS).map(
          ([format, ending]) =>
            [`Export ${format}`, () => download(`${path}/export?format=${format}`, `${campaign.name}.${ending}`)] as const,
        ),
      ]),
      h('div', { class: 'panels' }, statisticsPanel(statistics), plot.panel),
      h('h2', {}, `Failures (${failures.total})`),
      table(
        ['job', 'failed', 'cause', 'verdict'],
        failures.items.map((failure) => [
          h('a', { href: `#/jobs/${failure.id}` }, failure.name),
          failure.failCount,
          failure.diagnosis ?? failure.ending ?? '–',
          failure.verdict,
        ]),
      ),
    )
    await plot.refresh(campaign.words.completed?.count ?? 0)
  }
  await refresh()
  refreshOnNews(refresh, signal)
}

function statisticsPanel({
  maxForce,
  scfSteps,
  wallSeconds,
  cores,
  totalCoreHours,
  completed,
  altered,
}: CampaignStatistics): HTMLElement {
  const spread = (name: string, { mean, median, min, max, count }: Spread, decimals: number) => [
    name,
    ...[mean, median, min, max].map((value) => h('span', { class: 'number' }, fixed(value, decimals))),
    count,
  ]
  return h(
    'section',
    { class: 'panel' },
    h('h2', {}, `${completed} completed, ${totalCoreHours.toFixed(2)} core-hours`),
    table(
      ['', 'mean', 'median', 'min', 'max', 'of'],
      [
        spread('max force / eV/Å', maxForce, 4),
        spread('SCF steps', scfSteps, 1),
        spread('wall time / s', wallSeconds, 1),
        spread('cores', cores, 1),
      ],
    ),
    altered === 0
      ? null
      : h('p', { class: 'notice' }, `${altered} results were altered by recovery; they are in no number above`),
  )
}
