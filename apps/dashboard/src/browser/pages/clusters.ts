import type { ClusterView, Page as Items } from '@crystalmath/contract'
import { get, post } from '../api.ts'
import { badge, facts, h, replace, table } from '../dom.ts'
import { time } from '../format.ts'
import type { Page } from '../page.ts'
import { actions } from './actions.ts'

const state = ({ waitingFor, inventory }: ClusterView): HTMLElement => {
  if (waitingFor !== null) return badge(waitingFor.kind)
  const worst = ['error', 'warning', 'ok'].find((one) => inventory?.findings.some(({ severity }) => severity === one))
  return badge(worst ?? 'unchecked')
}

const WORDS = {
  channels: 'sessions at once',
  transfers: 'transfers at once',
  commands: 'questions to the scheduler a minute',
  submissions: 'submissions in one command',
} as const

/** What the account is asked at most, for each of our connections; less than we ever want where it bore no more. */
const asked = ({ budget }: ClusterView): [string, string][] => {
  if (budget === undefined) return []
  const of = ({ now, most }: { readonly now: number; readonly most: number }) => (now === most ? `${now}` : `${now} of ${most}`)
  return [
    ['connections', `${budget.connections.now} of ${budget.connections.most}`],
    ...(['channels', 'transfers', 'commands', 'submissions'] as const).map((what): [string, string] => [
      WORDS[what],
      of(budget.limits[what]),
    ]),
    ...(budget.jobs === null
      ? []
      : [['jobs that it took', `${budget.jobs.inFlight}: ${budget.jobs.because}`] satisfies [string, string]]),
  ]
}

export const clusterTable = (clusters: readonly ClusterView[]): HTMLElement =>
  table(
    ['cluster', 'scheduler', 'account', 'state', '', 'checked'],
    clusters.map((cluster) => [
      h('a', { href: `#/clusters/${cluster.spec.name}` }, cluster.spec.name),
      `${cluster.spec.scheduler} ${cluster.inventory?.schedulerVersion ?? ''}`,
      `${cluster.spec.ssh.user}@${cluster.spec.ssh.host}`,
      state(cluster),
      cluster.waitingFor?.because ?? '',
      time(cluster.inventory?.checkedAt ?? null),
    ]),
    'no clusters yet: “crystalmath cluster add FILE.json” registers one',
  )

export const clustersPage: Page = async (root, name, _query, signal) => {
  if (name === '') {
    const { items } = await get<Items<ClusterView>>('/v1/clusters', signal)
    replace(root, h('h1', {}, 'Clusters'), clusterTable(items))
    return
  }
  const path = `/v1/clusters/${encodeURIComponent(name)}`
  const refresh = async (): Promise<void> => {
    const cluster = await get<ClusterView>(path, signal)
    const { inventory, spec, waitingFor } = cluster
    replace(
      root,
      h('h1', {}, spec.name, ' ', state(cluster)),
      waitingFor === null
        ? null
        : h('p', { class: 'notice' }, `${waitingFor.kind} since ${time(waitingFor.since)}: ${waitingFor.because}`),
      facts([
        ['account', `${spec.ssh.user}@${spec.ssh.host}:${spec.ssh.port}`],
        ['folder', h('code', {}, spec.root)],
        ['scheduler', `${spec.scheduler} ${inventory?.schedulerVersion ?? ''}`],
        ['at most in the queue', spec.maxInFlight],
        ...(inventory?.submitLimits ?? []).map(({ of, jobs }): [string, string] => [`limit of the ${of}`, String(jobs)]),
        ...asked(cluster),
        ['queue looked at every', `${spec.queueIntervalSeconds} s`],
        ['clock', inventory === null ? null : `${inventory.clockOffsetSeconds.toFixed(1)} s beside ours`],
      ]),
      actions([
        [
          'Check now',
          async () => {
            await post(`${path}/check`)
            await refresh()
          },
        ],
      ]),
      h('h2', {}, `What the doctor found${inventory === null ? '' : `, ${time(inventory.checkedAt)}`}`),
      table(
        ['', 'item', 'found', 'what to do'],
        (inventory?.findings ?? []).map(({ severity, item, evidence, mend }) => [badge(severity), item, evidence, mend]),
        'it was not checked yet',
      ),
      h('h2', {}, 'Partitions'),
      table(
        ['partition', 'nodes', 'cores per node', 'MiB per node', 'longest run / h'],
        (inventory?.partitions ?? []).map((one) => [
          `${one.name}${one.isDefault ? ' (default)' : ''}`,
          one.nodeCount,
          one.coresPerNode,
          one.memoryMebibytesPerNode,
          one.maxWalltimeSeconds === null ? '–' : Math.round(one.maxWalltimeSeconds / 360) / 10,
        ]),
      ),
    )
  }
  await refresh()
}
