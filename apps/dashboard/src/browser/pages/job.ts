import type { EvidenceView, FileList, InputsView, JobEventView, JobView, ResultView, Structure } from '@crystalmath/contract'
import { ApiError, get, post } from '../api.ts'
import { badge, type Child, facts, h, replace, table } from '../dom.ts'
import { duration, time } from '../format.ts'
import { refreshOnNews } from '../live.ts'
import type { Page } from '../page.ts'
import { structure3d } from '../plots/structure.ts'
import { actions } from './actions.ts'
import { filesPanel } from './files.ts'
import { resultPanels } from './result.ts'

/** What a job has beside itself; null where it has none yet. */
const orNull = <T>(promise: Promise<T>): Promise<T | null> =>
  promise.catch((error: unknown) => {
    if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return null
    throw error
  })

export const jobPage: Page = async (root, id, _query, signal) => {
  const path = `/v1/jobs/${encodeURIComponent(id)}`
  let drawn: string | null = null
  const upper = h('div')
  const lower = h('div')
  const refresh = async (): Promise<void> => {
    const [job, evidence, events] = await Promise.all([
      get<JobView>(path, signal),
      get<EvidenceView>(`${path}/evidence`, signal),
      get<{ readonly items: readonly JobEventView[] }>(`${path}/events`, signal),
    ])
    replace(upper, head(job, path, refresh), why(evidence), attempts(job), history(events.items))
    // what does not change is not drawn again under the reader's hands
    const state = `${job.attempt} ${job.status} ${job.resultId}`
    if (state === drawn) return
    drawn = state
    const [result, files, inputs] = await Promise.all([
      orNull(get<ResultView>(`${path}/result`, signal)),
      orNull(get<FileList>(`${path}/files`, signal)),
      orNull(get<InputsView>(`${path}/inputs`, signal)),
    ])
    replace(
      lower,
      result === null ? structurePanel(inputs) : resultPanels(result),
      files === null ? null : filesPanel(path, files),
      inputs === null
        ? null
        : h(
            'section',
            {},
            h('h2', {}, 'Settings in force'),
            h('pre', {}, JSON.stringify({ parameters: inputs.parameters, resources: inputs.resources }, null, 2)),
          ),
    )
  }
  await refresh()
  replace(root, upper, lower)
  refreshOnNews(refresh, signal, id)
}

function head(job: JobView, path: string, refresh: () => Promise<void>): Child {
  const act = (what: string) => async () => {
    await post(`${path}/${what}`)
    await refresh()
  }
  const over = ['completed', 'failed', 'cancelled'].includes(job.status)
  return [
    h('h1', {}, job.name, ' ', badge(job.status), job.held ? ' held' : ''),
    h(
      'p',
      { class: 'soft' },
      h('code', {}, job.id),
      ` · ${job.code} on ${job.cluster} · project ${job.project} · by ${job.user}`,
    ),
    job.waitingFor === null
      ? null
      : h(
          'p',
          { class: 'notice' },
          h('strong', {}, job.waitingFor.kind),
          ` since ${time(job.waitingFor.since)}: ${job.waitingFor.because}`,
        ),
    job.verdict === null
      ? null
      : h(
          'p',
          { class: `notice ${job.status === 'failed' ? 'error' : 'good'}` },
          job.diagnosis === null ? null : [badge(job.diagnosis), ' '],
          job.verdict,
        ),
    actions([
      ...(over ? [] : [['Cancel', act('cancel'), 'Cancel this job?'] as const]),
      ...(job.status === 'failed' || job.status === 'cancelled' ? [['Retry', act('retry')] as const] : []),
      ...(job.held ? [['Release', act('release')] as const] : []),
      ...(!job.held && ['accepted', 'submitting', 'pending'].includes(job.status) ? [['Hold', act('hold')] as const] : []),
    ]),
    facts([
      ['campaign', job.campaignId === null ? null : h('a', { href: `#/campaigns/${job.campaignId}` }, job.campaignId)],
      ['scheduler id', job.nativeId],
      ['posted', time(job.createdAt)],
      ['submitted', time(job.submittedAt)],
      ['started', time(job.startedAt)],
      [
        'ended',
        job.endObservedAt === null
          ? null
          : `${time(job.endObservedAt)} · ${job.ending ?? ''}, exit code ${job.exitCode ?? '–'}, proved by ${job.provedBy ?? '–'}`,
      ],
      ['ran', duration(job.summary?.wallSeconds)],
    ]),
  ]
}

const why = ({ belief, because, wouldChange }: EvidenceView): Child =>
  h(
    'section',
    {},
    h('h2', {}, 'Why we believe this'),
    h('p', {}, belief),
    h(
      'p',
      { class: 'soft' },
      `${because.source}${because.by === undefined ? '' : ` (${because.by})`}, ${time(because.at)} by the ${because.clock}’s clock: `,
      h('code', {}, because.said),
    ),
    wouldChange.length === 0
      ? null
      : h(
          'details',
          {},
          h('summary', {}, 'What would change it'),
          h(
            'ul',
            {},
            wouldChange.map((one) => h('li', {}, one)),
          ),
        ),
  )

function attempts({ past, attempt, origin }: JobView): Child {
  if (past.length === 0) return null
  return h(
    'section',
    {},
    h('h2', {}, 'Attempts'),
    table(
      ['attempt', 'ended', 'cause', 'made by', 'because', 'changed'],
      [...past, { attempt, origin, ending: null, diagnosis: null }].map((one) => [
        one.attempt,
        one.ending ?? '–',
        one.diagnosis ?? '',
        h('span', {}, one.origin.rule, one.origin.altered ? ' (alters what is computed)' : ''),
        one.origin.because,
        h(
          'span',
          {},
          one.origin.changes.map(({ path, from, to }) =>
            h('div', {}, h('code', {}, `${path}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`)),
          ),
        ),
      ]),
    ),
  )
}

const history = (events: readonly { at: string; type: string; said: string }[]): Child =>
  h(
    'details',
    {},
    h('summary', {}, `Everything that happened (${events.length})`),
    table(
      ['when', 'what', ''],
      events.map(({ at, type, said }) => [time(at), type, said]),
    ),
  )

function structurePanel(inputs: InputsView | null): Child {
  const structure = inputs?.structure as Structure | null | undefined
  return structure == null
    ? null
    : h('section', { class: 'panel' }, h('h2', {}, 'Structure as submitted'), structure3d(structure))
}
