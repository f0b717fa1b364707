import { PermanentError, type Resources } from '@crystalmath/contract'
import { formatWalltime } from '../qsub.ts'

/** Resources that the job sets itself. */
const OWN = new Set(['nodes', 'procs', 'ncpus', 'walltime', 'mem', 'pmem', 'vmem', 'pvmem', 'select'])

/** One resource as a user wrote it, `-l feature=ib`; throws for anything else. */
export function harmless(directive: string): string {
  const [, name, value] = /^-l ([a-z_]+)=([A-Za-z0-9_.:+-]+)$/.exec(directive) ?? []
  if (name !== undefined && value !== undefined && !OWN.has(name)) return `${name}=${value}`
  throw new PermanentError(
    `the directive "${directive}" is not of the form "-l NAME=VALUE" with a resource that the job does not set itself`,
  )
}

/** What a job asks for, in one list: of several `-l` some read the last alone. `mem` is of the whole job there. */
export function directives(resources: Resources): readonly string[] {
  if (resources.qos !== undefined) throw new PermanentError(`Torque knows no qos; "${resources.qos}" was asked for`)
  const { nodes, ranks, threadsPerRank, gpusPerNode, memoryMebibytes, walltimeSeconds, partition, account } = resources
  const cores = Math.ceil(ranks / nodes) * threadsPerRank
  const wanted = [
    `nodes=${nodes}:ppn=${cores}${gpusPerNode > 0 ? `:gpus=${gpusPerNode}` : ''}`,
    `walltime=${formatWalltime(walltimeSeconds)}`,
    ...(memoryMebibytes === undefined ? [] : [`mem=${memoryMebibytes * nodes}mb`]),
    ...resources.extraDirectives.map(harmless),
  ]
  return [
    ...(partition === undefined ? [] : ['-q', partition]),
    ...(account === undefined ? [] : ['-A', account]),
    ...['-l', wanted.join(',')],
  ]
}
