import type { InputProblem, Resources } from '@crystalmath/contract'
import type { Change, Job } from '@crystalmath/job'
import { listClusters } from '@crystalmath/store'
import type { Deps } from '../deps.ts'
import { checkRow, type GoodRow } from './check-row.ts'
import { createContext } from './context.ts'
import { structureUpFrom } from './predecessors.ts'

type Settings = Readonly<Record<string, unknown>>

export type CheckedRetry =
  | {
      readonly ok: true
      readonly retry: { readonly changes: readonly Change[]; readonly parameters: Settings; readonly resources: Resources }
    }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** Whether a next attempt with these settings could be sent at all. Paths beginning with `resources.` change what is asked of the batch system. */
export async function checkRetry({ store }: Deps, job: Job, set: Settings): Promise<CheckedRetry> {
  const paths = Object.entries(set).flatMap(([name, value]) => leavesOf([name.split('.')].flat(), value))
  const before = { ...job.parameters, resources: job.resources } as Settings
  const after = paths.reduce<Settings>((settings, { path, value }) => withValue(settings, path, value), before)
  const changes = paths
    .map(({ path, value }) => ({ path: path.join('.'), from: valueAt(before, path) ?? null, to: value }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to))
  const { resources, ...parameters } = sharedOutAnew(job, paths, after)
  const structure = await structureUpFrom(store, job.id)
  const alone = { after: undefined, structureFrom: undefined }
  const sent = { ...job.request, parameters, resources, ...alone, ...(structure === null ? {} : { structure }) }
  const row = checkRow(createContext(await listClusters(store)), sent, 0)
  if (!row.ok) return { ok: false, problems: row.problems.map(({ row: _, ...problem }) => problem) }
  return { ok: true, retry: { changes, ...settingsOf(row) } }
}

/** Pools and the like that nobody gave go with the ranks that they were chosen for. */
function sharedOutAnew({ estimate }: Job, changed: readonly Leaf[], settings: Settings): Settings {
  const touched = changed.map(({ path }) => path.join('.'))
  if (!touched.includes('resources.ranks')) return settings
  const chosen = (estimate?.fields ?? []).flatMap((field) =>
    field.startsWith('parameters.') ? [field.slice('parameters.'.length)] : [],
  )
  return chosen
    .filter((path) => !touched.includes(path))
    .reduce<Settings>((left, path) => withValue(left, path.split('.'), null), settings)
}

const settingsOf = ({ inForce }: GoodRow) => ({ parameters: inForce.parameters, resources: inForce.resources })

type Leaf = { readonly path: readonly string[]; readonly value: unknown }

const isRecord = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every single setting of a nested record, so that setting one keeps its neighbours. */
const leavesOf = (path: readonly string[], value: unknown): readonly Leaf[] =>
  isRecord(value) ? Object.entries(value).flatMap(([name, inner]) => leavesOf([...path, name], inner)) : [{ path, value }]

const valueAt = (settings: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined), settings)

/** Null takes a setting away: the code's own default holds then. */
function withValue(settings: Settings, [name = '', ...rest]: readonly string[], value: unknown): Settings {
  const { [name]: before, ...others } = settings
  if (rest.length === 0) return value === null ? others : { ...settings, [name]: value }
  return { ...settings, [name]: withValue(isRecord(before) ? before : {}, rest, value) }
}
