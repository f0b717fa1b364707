import type { Client } from '@crystalmath/client'
import { type Artefacts, runFactsOf, type Task, writesOf } from '@crystalmath/codes'
import { type CalculationResult, type FileList, type JobView, type Resources, Structure } from '@crystalmath/contract'
import { UsageError } from '../exit.ts'
import { NOTHING_KNOWN } from '../inputs/task.ts'
import { formatTable } from '../output/table.ts'
import { formatBytes, print, printJson, remark } from '../output/text.ts'
import { judgeArtefacts } from './artefacts.ts'

/** `crystalmath job ID --artefacts`: what the present attempt left, what a next one may build on, and why not. */
export async function showArtefacts(client: Client, id: string, json: boolean): Promise<void> {
  const job = await client.job(id)
  const writes = writesOf(job.code)
  if (writes === undefined) throw new UsageError(`nothing is known of restarts of ${job.code}`)
  const [inputs, list, cluster] = await Promise.all([client.inputs(id), client.files(id), client.cluster(job.cluster)])
  const result = job.resultId === null ? null : (await client.result(id)).result
  const structure = inputs.structure === null ? null : Structure.parse(inputs.structure)
  const clusterCode = cluster.spec.codes[job.code]
  if (clusterCode === undefined) throw new UsageError(`cluster ${job.cluster} has no ${job.code} any longer`)
  const task: Task = {
    request: { ...(inputs.request as Task['request']), code: job.code },
    structure,
    parameters: inputs.parameters,
    resources: inputs.resources,
    clusterCode,
    inventory: cluster.inventory ?? NOTHING_KNOWN,
    restart: null,
  }
  const report = judgeArtefacts(writes, task, artefactsOf(job, inputs.resources, list.items, result))
  if (job.endObservedAt === null) remark('this attempt has not ended: what follows holds if it were killed now')
  if (list.trouble !== null) remark(`the cluster was not asked: ${list.trouble}; only kept files are listed`)
  if (json) {
    printJson({ id, attempt: list.attempt, ...report })
    return
  }
  print(
    formatTable(
      ['path', '>size', 'valid for', 'why not'],
      report.files.map(({ path, size, usedFor, reason }) => [path, formatBytes(size), usedFor.join(', ') || '-', reason ?? '']),
    ),
  )
  print('')
  print(
    formatTable(
      ['begin from', 'possible', 'because'],
      report.ways.map(({ way, possible, because }) => [way, possible ? 'yes' : 'no', because]),
    ),
  )
}

/** As recovery sees an ended attempt: it stopped by its own will if its sentinel, its status or its output says so. */
const artefactsOf = (
  job: JobView,
  { ranks }: Resources,
  files: FileList['items'],
  result: CalculationResult | null,
): Artefacts => ({
  attempt: job.attempt,
  files: [...new Map(files.map((file) => [file.path, artefactOf(file)])).values()],
  facts: runFactsOf(result),
  cleanStop:
    job.endObservedAt !== null && (job.provedBy === 'sentinel' || job.exitCode === 0 || result?.termination === 'normal'),
  ranks,
  codeVersion: result?.codeVersion ?? null,
  lastStructure: result?.continuationStructure ?? result?.structure ?? null,
})

const artefactOf = ({ path, size, head, modifiedAt }: FileList['items'][number]): Artefacts['files'][number] => ({
  path,
  size,
  head,
  modifiedSeconds: modifiedAt === null ? undefined : Date.parse(modifiedAt) / 1_000,
})
