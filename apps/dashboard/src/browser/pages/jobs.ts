import type { JobPage, JobView } from '@crystalmath/contract'
import { get } from '../api.ts'
import { badge, h, replace } from '../dom.ts'
import { fixed, time } from '../format.ts'
import { refreshOnNews } from '../live.ts'
import type { Page } from '../page.ts'

const FILTERS = ['status', 'word', 'code', 'cluster', 'project', 'campaign', 'name'] as const
const STATUSES = ['', 'accepted', 'submitting', 'pending', 'running', 'ended', 'completed', 'failed', 'cancelled']
const PAGE = 100

const HEADS = ['status', 'name', 'code', 'cluster', 'energy / eV', 'changed']
export const listHead = (): HTMLElement =>
  h(
    'a',
    { class: 'item head' },
    HEADS.map((head) => h('span', {}, head)),
  )

export const jobRow = (job: JobView): HTMLElement =>
  h(
    'a',
    { class: 'item', href: `#/jobs/${job.id}` },
    h('span', {}, badge(job.status), job.held ? ' ⏸' : '', job.attempt > 1 ? ` ×${job.attempt}` : ''),
    h('span', { title: job.name }, job.name),
    h('span', {}, job.code),
    h('span', {}, job.cluster),
    h(
      'span',
      { class: 'number', title: job.waitingFor?.because ?? job.verdict ?? '' },
      job.summary?.energyEv == null ? (job.waitingFor?.kind ?? job.diagnosis ?? '') : fixed(job.summary.energyEv, 6),
    ),
    h('span', {}, time(job.updatedAt)),
  )

/** All jobs that pass the filters, loaded page by page as the reader scrolls. */
export const jobsPage: Page = async (root, _part, query, signal) => {
  const filters = new URLSearchParams([...query].filter(([name, value]) => value !== '' && FILTERS.some((one) => one === name)))
  const list = h('div', { class: 'list' }, listHead())
  const more = h('p', { class: 'soft' }, 'loading more …')
  let next: string | null = null

  const load = (cursor: string | null): Promise<JobPage> => {
    const search = new URLSearchParams(filters)
    search.set('limit', String(PAGE))
    if (cursor !== null) search.set('cursor', cursor)
    return get<JobPage>(`/v1/jobs?${search}`, signal)
  }
  const setNext = (value: string | null): void => {
    next = value
    more.toggleAttribute('hidden', value === null)
  }
  const first = async (): Promise<void> => {
    // a reader who scrolled down keeps what is on the page
    if (list.childElementCount > PAGE + 1) return
    const page = await load(null)
    replace(
      list,
      listHead(),
      page.items.length === 0 ? h('p', { class: 'soft' }, 'no job passes these filters') : page.items.map(jobRow),
    )
    setNext(page.next)
  }
  let isLoading = false
  const watcher = new IntersectionObserver(async ([seen]) => {
    if (seen?.isIntersecting !== true || isLoading || next === null) return
    isLoading = true
    try {
      const page = await load(next)
      list.append(...page.items.map(jobRow))
      setNext(page.next)
    } finally {
      isLoading = false
    }
    watcher.unobserve(more)
    watcher.observe(more)
  })
  signal.addEventListener('abort', () => watcher.disconnect())
  await first()
  replace(root, h('h1', {}, 'Jobs'), filterForm(filters), list, more)
  watcher.observe(more)
  refreshOnNews(first, signal)
}

function filterForm(filters: URLSearchParams): HTMLElement {
  const submit = (event: Event): void => {
    event.preventDefault()
    const chosen = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value !== '') chosen.set(name, value)
    location.hash = `#/jobs?${chosen}`
  }
  const field = (name: (typeof FILTERS)[number]) =>
    h('label', {}, `${name} `, h('input', { name, value: filters.get(name) ?? '', size: 12 }))
  const status = h(
    'select',
    { name: 'status' },
    STATUSES.map((one) => h('option', { value: one, selected: filters.get('status') === one }, one === '' ? 'any' : one)),
  )
  const form = h(
    'form',
    { class: 'row', submit },
    h('label', {}, 'status ', status),
    FILTERS.filter((name) => name !== 'status' && (filters.has(name) || !['word', 'campaign'].includes(name))).map(field),
    h('button', { type: 'submit' }, 'Show'),
  )
  return form
}
