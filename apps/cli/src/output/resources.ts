import type { Estimate, Resources } from '@crystalmath/contract'
import { formatSpan } from './text.ts'

/** What is asked of the batch system, in one line. */
export const resourcesLine = ({
  nodes,
  ranks,
  threadsPerRank,
  gpusPerNode,
  memoryMebibytes,
  walltimeSeconds,
}: Resources): string =>
  [
    `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
    `${ranks} ${ranks === 1 ? 'rank' : 'ranks'}`,
    `${threadsPerRank} ${threadsPerRank === 1 ? 'thread' : 'threads'} each`,
    gpusPerNode === 0 ? '' : `${gpusPerNode} GPUs per node`,
    memoryMebibytes === undefined ? 'memory by the cluster’s default' : `${memoryMebibytes} MiB per node`,
    `at most ${formatSpan(walltimeSeconds)}`,
  ]
    .filter((part) => part !== '')
    .join(', ')

/** What of it was estimated, and what each number rests on. */
export const estimateLines = ({ fields, because }: Estimate): readonly string[] => [
  fields.length === 0 ? 'nothing of it was estimated' : `estimated: ${fields.join(', ')}`,
  ...because,
]
