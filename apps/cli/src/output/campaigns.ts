import {
  CAMPAIGN_WORDS,
  type CampaignFailures,
  type CampaignStatistics,
  type CampaignView,
  type Spread,
} from '@crystalmath/contract'
import { formatFacts, formatTable } from './table.ts'
import { ago, cut, formatNumber } from './text.ts'

const WIDTH = 40

/** How much of a campaign is completed (`#`) and otherwise over (`x`), by a bar. */
export function formatBar({ total, words }: Pick<CampaignView, 'total' | 'words'>): string {
  const of = (count: number) => (total === 0 ? 0 : Math.floor((count / total) * WIDTH))
  const [done, lost] = [words.completed.count, words.failed.count + words.timeout.count + words.cancelled.count]
  const bar = `${'#'.repeat(of(done))}${'x'.repeat(of(lost))}`.padEnd(WIDTH, '.')
  return `[${bar}] ${words.completed.percent.toFixed(2)} % completed, ${done + lost} of ${total} over`
}

/** A campaign with its counts. */
export function formatCampaign(campaign: CampaignView, now: number): string {
  const { held, words, total } = campaign
  const facts = formatFacts([
    ['id', campaign.id],
    ['name', campaign.name],
    ['project', `${campaign.project}, made by ${campaign.user} ${ago(campaign.createdAt, now)}`],
    ['code', `${campaign.code} on ${campaign.cluster}`],
    ['state', campaign.state],
    ['held', held === null ? null : `${held.reason} (by ${held.by}, ${ago(held.at, now)})`],
    ['in flight', campaign.maxInFlight === null ? null : `at most ${campaign.maxInFlight} at once`],
  ])
  const table = formatTable(
    ['status', '>jobs', '>%'],
    [...CAMPAIGN_WORDS.map((word) => [word, words[word].count, words[word].percent.toFixed(2)]), ['in all', total, '']],
  )
  return `${facts}\n\n${formatBar(campaign)}\n\n${table}`
}

export const formatCampaigns = (campaigns: readonly CampaignView[], now: number): string =>
  formatTable(
    ['id', 'name', 'project', 'code', 'state', '>jobs', '>completed', '>failed', '>running', 'made'],
    campaigns.map((one) => [
      one.id,
      cut(one.name, 30),
      one.project,
      one.code,
      one.held === null ? one.state : 'held',
      one.total,
      `${one.words.completed.percent.toFixed(1)} %`,
      one.words.failed.count + one.words.timeout.count,
      one.words.running.count,
      ago(one.createdAt, now),
    ]),
  )

/** Mean, median, least and largest of its completed jobs. */
export function formatStatistics(statistics: CampaignStatistics): string {
  const force = statistics.unit === 'ev' ? 'max force (eV/Å)' : 'max force (Eh/bohr)'
  const row = (name: string, { count, mean, median, min, max }: Spread, digits: number) => [
    name,
    count,
    ...[mean, median, min, max].map((value) => formatNumber(value, digits)),
  ]
  const table = formatTable(
    ['of completed jobs', '>count', '>mean', '>median', '>min', '>max'],
    [
      row(force, statistics.maxForce, 6),
      row('SCF steps', statistics.scfSteps, 1),
      row('wall time (s)', statistics.wallSeconds, 1),
      row('cores', statistics.cores, 1),
    ],
  )
  const without =
    statistics.withoutCoreHours === 0 ? '' : `, without ${statistics.withoutCoreHours} jobs whose outputs do not say`
  const altered =
    statistics.altered === 0 ? '' : `\n${statistics.altered} altered results are in no line above but the core-hours`
  const charged = `\n${statistics.chargedCoreHours.toFixed(2)} core-hours charged for all attempts, the failed too`
  return `${table}\n\n${statistics.totalCoreHours.toFixed(2)} core-hours in all${without}${charged}${altered}`
}

export const formatFailures = ({ items }: CampaignFailures): string =>
  formatTable(
    ['id', '>row', 'name', 'status', '>failed', 'diagnosis', 'verdict'],
    items.map((one) => [
      one.id,
      one.row ?? '-',
      cut(one.name, 24),
      one.word,
      one.failCount,
      one.diagnosis ?? '-',
      cut(one.verdict ?? '', 60),
    ]),
  )
