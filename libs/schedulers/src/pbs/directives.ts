import { PermanentError, type Resources } from '@crystalmath/contract'
import { formatWalltime } from '../qsub.ts'

/** Resources that say where a job runs, `-l place=scatter`; those that say how much come from the job itself. */
const OWN = new Set(['select', 'walltime', 'nodes', 'ncpus', 'mem'])

/** One option as a user wrote it; throws for anything but a resource. */
export function harmless(directive: string): readonly string[] {
  const [, name, value] = /^-l ([a-z_]+)=([A-Za-z0-9_.:,+-]+)$/.exec(directive) ?? []
  if (name !== undefined && value !== undefined && !OWN.has(name)) return ['-l', `${name}=${value}`]
  throw new PermanentError(
    `the directive "${directive}" is not of the form "-l NAME=VALUE" with a resource that the job does not set itself`,
  )
}

/** Chunks of equal nodes. Memory is per node. */
export function select({ nodes, ranks, threadsPerRank, gpusPerNode, memoryMebibytes }: Resources): string {
  const ranksPerNode = Math.ceil(ranks / nodes)
  return [
    `select=${nodes}`,
    `ncpus=${ranksPerNode * threadsPerRank}`,
    `mpiprocs=${ranksPerNode}`,
    `ompthreads=${threadsPerRank}`,
    ...(gpusPerNode > 0 ? [`ngpus=${gpusPerNode}`] : []),
    ...(memoryMebibytes === undefined ? [] : [`mem=${memoryMebibytes}mb`]),
  ].join(':')
}

/** What a job asks for, as options of `qsub`. A QOS is none of PBS's ideas. */
export function directives(resources: Resources): readonly string[] {
  if (resources.qos !== undefined) throw new PermanentError(`PBS knows no qos; "${resources.qos}" was asked for`)
  return [
    ...(resources.partition === undefined ? [] : ['-q', resources.partition]),
    ...(resources.account === undefined ? [] : ['-A', resources.account]),
    ...['-l', select(resources)],
    ...['-l', `walltime=${formatWalltime(resources.walltimeSeconds)}`],
    ...resources.extraDirectives.flatMap(harmless),
  ]
}
