import type { Diagnosis, PseudopotentialFile } from '@crystalmath/contract'

/** Pseudopotentials of one code on one cluster, as they were last looked at. */
export type PseudopotentialLibrary = { readonly folder: string | null; readonly files: readonly PseudopotentialFile[] }

/** What `claim.sh` and `job.sh` say of files of the cluster that a job needs. */
const MISSING = /no readable file (\S+) on the cluster/g
const CHANGED = /changed since they were registered: (.+)/

/** What files of the cluster that are missing or changed mean for a job: which elements lack a pseudopotential, and where it was looked for. Null where it is about something else. */
export function clusterFileCause(said: string, library: PseudopotentialLibrary): Pick<Diagnosis, 'kind' | 'message'> | null {
  const missing = [...said.matchAll(MISSING)].map(([, path = '']) => path)
  if (missing.length > 0) {
    const what = pseudopotentialsOf(missing, library)
    return what === null
      ? { kind: 'FILE_MISSING', message: `${missing.join(', ')} cannot be read on the cluster` }
      : { kind: 'PSEUDOPOTENTIAL_MISSING', message: `${what} cannot be read on the cluster: looked for ${missing.join(', ')}` }
  }
  const changed = CHANGED.exec(said)?.[1]?.trim().split(/\s+/)
  if (changed === undefined) return null
  const what = pseudopotentialsOf(changed, library) ?? 'a file of the cluster'
  return { kind: 'PSEUDOPOTENTIAL_CHANGED', message: `${what} changed since the cluster was looked at: ${changed.join(', ')}` }
}

/** `the pseudopotentials of Ga, As`; null where none of the files is one. */
function pseudopotentialsOf(paths: readonly string[], { folder, files }: PseudopotentialLibrary): string | null {
  const root = folder?.replace(/\/+$/, '')
  const inside = root === undefined ? [] : paths.filter((path) => path.startsWith(`${root}/`))
  if (inside.length === 0) return null
  const elements = inside.map((path) => files.find(({ fileName }) => path === `${root}/${fileName}`)?.element)
  const known = [...new Set(elements.filter((element) => element !== undefined))]
  return `the pseudopotential${inside.length > 1 ? 's' : ''}${known.length === 0 ? '' : ` of ${known.join(', ')}`}`
}
