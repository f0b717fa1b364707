import {
  ClusterCode,
  type ClusterInventory,
  type ClusterSpec,
  type ClusterView,
  type CodeName,
  type InputProblem,
} from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import type { CheckContext } from './context.ts'

export type UsableCluster = {
  readonly spec: ClusterSpec
  readonly inventory: ClusterInventory
  readonly clusterCode: ClusterCode
}

/** The cluster, if it is known, was looked at by the doctor, and runs the code. */
export function findUsableCluster(
  { clusters }: CheckContext,
  name: ClusterSpec['name'],
  code: CodeName,
): { readonly ok: true; readonly cluster: UsableCluster } | { readonly ok: false; readonly problem: InputProblem } {
  const view = clusters.get(name)
  if (view === undefined) return { ok: false, problem: unknownCluster(name, [...clusters.keys()]) }
  const { spec, inventory } = view
  if (inventory === null) {
    const message = `${name} was never looked at, so nothing is known of its partitions and pseudopotentials`
    return { ok: false, problem: { path: 'cluster', value: name, message, mend: `crystalmath cluster check ${name}` } }
  }
  const clusterCode = spec.codes[code] ?? bareCode(view, code)
  if (clusterCode === null) {
    const codes = Object.keys(spec.codes)
    const message = `${name} is not set up for ${code}`
    const mend = `${codes.length === 0 ? '' : `use ${codes.join(' or ')}, or `}add codes["${code}"] to the cluster and register it again`
    return { ok: false, problem: { path: 'code', value: code, message, mend } }
  }
  return { ok: true, cluster: { spec, inventory, clusterCode } }
}

/** A user's own script needs nothing but a shell. */
const bareCode = (_: ClusterView, code: CodeName): ClusterCode | null =>
  code === 'script' ? ClusterCode.parse({ launcher: '' }) : null

function unknownCluster(name: string, known: readonly string[]): InputProblem {
  const nearest = nearestWord(name, known)
  const mend =
    known.length === 0
      ? 'an administrator registers one with "crystalmath cluster add"'
      : `${nearest === null ? '' : `did you mean ${nearest}? `}one of: ${known.join(', ')}`
  return { path: 'cluster', value: name, message: `there is no cluster "${name}"`, mend }
}
