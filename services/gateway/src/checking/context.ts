import type { ClusterName, ClusterView, JobId, Resources, Structure, StructureSource } from '@crystalmath/contract'
import { type ParsedStructure, parseStructure, structureHash } from '@crystalmath/structures'
import { noRuns, type RunsOf } from './finished-runs.ts'

/** What all rows of one request are checked against; structures that several rows share are read once. */
export type CheckContext = {
  readonly clusters: ReadonlyMap<ClusterName, ClusterView>
  readonly structureOf: (source: StructureSource) => ReadStructure
  /** What jobs named in `after` began from: stands in for the geometry that they will hand over. */
  readonly structuresBefore: ReadonlyMap<JobId, Structure>
  /** What resources are estimated by, besides the laws of the codes. */
  readonly runsOf: RunsOf
  /** What was estimated last for rows that name the same resources: the next one probably needs the same. */
  readonly guesses: Map<string, Resources>
}

export type ReadStructure =
  | { readonly ok: true; readonly structure: Structure; readonly hash: string; readonly warnings: readonly string[] }
  | Extract<ParsedStructure, { ok: false }>

export function createContext(
  clusters: readonly ClusterView[],
  structuresBefore: CheckContext['structuresBefore'] = new Map(),
  runsOf: RunsOf = noRuns,
): CheckContext {
  const read = new Map<string, ReadStructure>()
  return {
    structuresBefore,
    runsOf,
    guesses: new Map(),
    clusters: new Map(clusters.map((cluster) => [cluster.spec.name, cluster])),
    structureOf: (source) => {
      const key = 'format' in source ? `${source.format}\n${source.text}` : null
      const known = key === null ? undefined : read.get(key)
      if (known !== undefined) return known
      const parsed = parseStructure(source)
      const answer: ReadStructure = parsed.ok ? { ...parsed, hash: structureHash(parsed.structure) } : parsed
      if (key !== null) read.set(key, answer)
      return answer
    },
  }
}
