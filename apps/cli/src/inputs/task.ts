import type { Task } from '@crystalmath/codes'
import {
  ClusterCode,
  type ClusterInventory,
  type CodeName,
  type InputProblem,
  JobRequest,
  type Partition,
  Resources,
  type Structure,
} from '@crystalmath/contract'
import { nearestWord, parseStructure } from '@crystalmath/structures'
import type { LocalLibrary } from './local-library.ts'

/** Where a job would run: what its inputs depend on. */
export type Surroundings = {
  readonly clusterCode: ClusterCode
  readonly inventory: ClusterInventory
  /** The partition of that name, or the default one; null where nothing is known of it. */
  readonly partition: (name: string | undefined) => Partition | null
}

export type Asked =
  | { readonly ok: true; readonly task: Task; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** The task that a service would hand to the code, from one row as it would be submitted. */
export function taskOf(row: Readonly<Record<string, unknown>>, { clusterCode, inventory }: Surroundings): Asked {
  const parsed = JobRequest.safeParse({ project: 'shown', cluster: 'none', ...row })
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, row)) }
  const { structure: source, ...request } = parsed.data
  const read = source === undefined ? null : parseStructure(source)
  if (read?.ok === false) return { ok: false, problems: read.problems }
  const structure: Structure | null = read?.structure ?? null
  const { parameters } = request
  const resources = Resources.parse(request.resources)
  return {
    ok: true,
    task: { request, structure, parameters, resources, clusterCode, inventory, restart: null },
    warnings: read?.warnings ?? [],
  }
}

type Issue = Extract<ReturnType<typeof JobRequest.safeParse>, { success: false }>['error']['issues'][number]

function problemsOf(issue: Issue, row: unknown): readonly InputProblem[] {
  const at = (path: readonly PropertyKey[]) => ({ path: path.map(String).join('.'), ...valueAt(row, path) })
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const nearest = nearestWord(key, KNOWN)
      return {
        ...at([...issue.path, key]),
        message: 'no such field',
        mend: nearest === null ? 'remove it' : `did you mean ${nearest}?`,
      }
    })
  return [{ ...at(issue.path), message: issue.message, mend: 'see crystalmath submit --help' }]
}

const KNOWN = [...Object.keys(JobRequest.shape), ...Object.keys(JobRequest.shape.resources.unwrap().shape)]

function valueAt(row: unknown, path: readonly PropertyKey[]): { readonly value?: string } {
  let value: unknown = row
  for (const name of path)
    value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined
  return value === undefined ? {} : { value: JSON.stringify(value).slice(0, 120) }
}

/** Without a cluster: only what the folder of this machine holds, run by mpirun. */
export const localSurroundings = (code: CodeName, library: LocalLibrary | null): Surroundings => ({
  clusterCode: { ...ClusterCode.parse({}), ...(library === null ? {} : { pseudopotentialFolder: library.folder }) },
  inventory: withLibrary(NOTHING_KNOWN, code, library),
  partition: () => null,
})

/** A folder of this machine takes the place of what the cluster has. */
export const withLibrary = (inventory: ClusterInventory, code: CodeName, library: LocalLibrary | null): ClusterInventory =>
  library === null ? inventory : { ...inventory, pseudopotentials: { ...inventory.pseudopotentials, [code]: [...library.files] } }

/** Of a cluster that nobody has looked at. */
export const NOTHING_KNOWN: ClusterInventory = {
  checkedAt: '1970-01-01T00:00:00Z',
  schedulerVersion: null,
  partitions: [],
  maxArraySize: null,
  minJobAgeSeconds: null,
  killWaitSeconds: null,
  accounting: false,
  clockOffsetSeconds: 0,
  freeMebibytes: null,
  pseudopotentials: {},
  findings: [],
}
