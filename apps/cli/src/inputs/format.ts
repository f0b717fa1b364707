import type { ClusterCode, Estimate, Preparation, Resources, Step } from '@crystalmath/contract'
import { estimateLines, resourcesLine } from '../output/resources.ts'
import { formatFacts } from '../output/table.ts'

export type Shown = {
  readonly preparation: Preparation
  readonly resources: Resources
  readonly clusterCode: ClusterCode
  readonly estimate: Estimate | null
}

/** Everything that would go to the cluster, for people: files in full, then what is run on what. */
export function formatInput({ preparation, resources, clusterCode, estimate }: Shown): string {
  const { files, clusterFiles, steps, stopFile, keep, atomOrder, preset } = preparation
  return [
    ...files.map(({ path, text }) => `==> ${path} <==\n${text.trimEnd()}\n`),
    ...clusterFiles.map(({ from, to, md5 }) => `copied there: ${from} to ${to}${md5 === null ? '' : ` (MD5 ${md5})`}`),
    ...steps.map((step, index) => `step ${index + 1}: ${commandOf(step, resources, clusterCode)}`),
    formatFacts([
      ['preset', preset],
      ['resources', resourcesLine(resources)],
      ...(estimate === null ? [] : estimateLines(estimate).map((line): readonly [string, string] => ['', line])),
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
