import type { ClusterCode, Preparation, Resources, Step } from '@crystalmath/contract'
import { formatFacts } from '../output/table.ts'
import { formatSpan } from '../output/text.ts'

export type Shown = {
  readonly preparation: Preparation
  readonly resources: Resources
  readonly clusterCode: ClusterCode
}

/** Everything that would go to the cluster, for people: files in full, then what is run on what. */
export function formatInput({ preparation, resources, clusterCode }: Shown): string {
  const { files, clusterFiles, steps, stopFile, keep, atomOrder, preset } = preparation
  return [
    ...files.map(({ path, text }) => `==> ${path} <==\n${text.trimEnd()}\n`),
    ...clusterFiles.map(({ from, to, md5 }) => `copied there: ${from} to ${to}${md5 === null ? '' : ` (MD5 ${md5})`}`),
    ...steps.map((step, index) => `step ${index + 1}: ${commandOf(step, resources, clusterCode)}`),
    formatFacts([
      ['preset', preset],
      ['resources', resourcesLine(resources)],
      [
        'memory, estimated',
        preparation.estimatedMebibytes === undefined ? null : `${preparation.estimatedMebibytes} MiB in all ranks`,
      ],
      ['stopped by', stopFile?.path],
      ['kept', keep.join(' ')],
      ['atom order', atomOrder === undefined ? null : `${atomOrder.join(' ')} (submitted index of each written atom)`],
    ]),
  ].join('\n')
}

/** As job.sh will call it, without the shell's quotes. */
export function commandOf({ program, args, stdin, stdout, parallel }: Step, resources: Resources, code: ClusterCode): string {
  const launcher = code.launcher
    .replaceAll('{ranks}', String(resources.ranks))
    .replaceAll('{threads}', String(resources.threadsPerRank))
    .replaceAll('{nodes}', String(resources.nodes))
  const words = [parallel ? launcher.trim() : '', code.executables[program] ?? program, ...args]
  return [...words.filter((word) => word !== ''), ...(stdin === null ? [] : [`< ${stdin}`]), `> ${stdout}`].join(' ')
}

const resourcesLine = ({ nodes, ranks, threadsPerRank, gpusPerNode, memoryMebibytes, walltimeSeconds }: Resources): string =>
  [
    `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
    `${ranks} ${ranks === 1 ? 'rank' : 'ranks'}`,
    `${threadsPerRank} ${threadsPerRank === 1 ? 'thread' : 'threads'} each`,
    gpusPerNode === 0 ? '' : `${gpusPerNode} GPUs per node`,
    memoryMebibytes === undefined ? 'memory by the cluster’s default' : `${memoryMebibytes} MiB`,
    `at most ${formatSpan(walltimeSeconds)}`,
  ]
    .filter((part) => part !== '')
    .join(', ')
