import { ApiError, signIn, signOut, token } from './api.ts'
import { h, replace } from './dom.ts'
import { follow } from './live.ts'
import type { Page } from './page.ts'
import { campaignPage } from './pages/campaign.ts'
import { campaignsPage } from './pages/campaigns.ts'
import { clustersPage } from './pages/clusters.ts'
import { jobPage } from './pages/job.ts'
import { jobsPage } from './pages/jobs.ts'
import { overviewPage } from './pages/overview.ts'

const PAGES: Readonly<Record<string, Page>> = {
  '': overviewPage,
  campaigns: (root, part, query, signal) => (part === '' ? campaignsPage : campaignPage)(root, part, query, signal),
  jobs: (root, part, query, signal) => (part === '' ? jobsPage : jobPage)(root, part, query, signal),
  clusters: clustersPage,
}

const root = document.querySelector('main') ?? document.body
let shown = new AbortController()
let following: AbortController | null = null

async function show(): Promise<void> {
  shown.abort()
  shown = new AbortController()
  const { signal } = shown
  const isSignedIn = token() !== null
  document.querySelector('#sign-out')?.toggleAttribute('hidden', !isSignedIn)
  if (!isSignedIn) return askForToken('')
  if (following === null) {
    following = new AbortController()
    void follow((connected) => document.querySelector('#live')?.classList.toggle('on', connected), following.signal)
  }
  const [path = '', search = ''] = location.hash.replace(/^#\/?/, '').split('?')
  const [name = '', ...rest] = path.split('/')
  const page = PAGES[name]
  const place = h('div')
  try {
    if (page === undefined) replace(place, h('p', {}, `there is no page “${name}”`))
    else await page(place, decodeURIComponent(rest.join('/')), new URLSearchParams(search), signal)
    if (!signal.aborted) replace(root, place)
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof ApiError && error.status === 401) leave(error.message)
    else replace(root, h('p', { class: 'notice error', role: 'alert' }, error instanceof Error ? error.message : String(error)))
  }
}

function leave(because: string): void {
  following?.abort()
  following = null
  signOut()
  document.querySelector('#sign-out')?.setAttribute('hidden', '')
  askForToken(because)
}

function askForToken(because: string): void {
  const input = h('input', { type: 'password', name: 'token', autocomplete: 'current-password', size: 52, required: true })
  const submit = (event: Event): void => {
    event.preventDefault()
    signIn(input.value.trim())
    void show()
  }
  replace(
    root,
    h('h1', {}, 'Sign in'),
    because === '' ? null : h('p', { class: 'notice error', role: 'alert' }, because),
    h('p', { class: 'soft' }, 'Paste a token; “crystalmath token create” makes one. It stays in this tab.'),
    h('form', { class: 'row', submit }, h('label', {}, 'Token ', input), h('button', { type: 'submit' }, 'Sign in')),
  )
  input.focus()
}

document.querySelector('#sign-out')?.addEventListener('click', () => leave(''))
addEventListener('hashchange', () => void show())
void show()
