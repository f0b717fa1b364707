import type { InputProblem, Preparation, PseudopotentialFile } from '@crystalmath/contract'
import type { Task } from '../../code-writes.ts'
import { PSEUDO_FOLDER } from '../command.ts'
import { readUpfHeader } from '../pseudopotentials.ts'

type Files = ReadonlyMap<string, PseudopotentialFile>

const sentNames = ({ request }: Task): ReadonlySet<string> => new Set(request.extraFiles.map(({ path }) => path))

/** Pseudopotentials on the cluster, and those that the user sends along as `pseudo/NAME`. */
export function sourcesOf({ inventory, request, clusterCode }: Task): {
  readonly available: readonly PseudopotentialFile[] | null
  readonly folder: string | null
} {
  const found = inventory.pseudopotentials['quantum-espresso']
  const sent = request.extraFiles.flatMap(({ path, text }) => {
    const header = path.startsWith(`${PSEUDO_FOLDER}/`) ? readUpfHeader(text) : null
    return header === null ? [] : [{ ...header, fileName: path.slice(PSEUDO_FOLDER.length + 1), md5: '' }]
  })
  const names = new Set(sent.map(({ fileName }) => fileName))
  const available =
    found === undefined && sent.length === 0 ? null : [...sent, ...(found ?? []).filter(({ fileName }) => !names.has(fileName))]
  return { available, folder: clusterCode.pseudopotentialFolder ?? null }
}

export function folderProblems(task: Task, files: Files): readonly InputProblem[] {
  const sent = sentNames(task)
  const { cluster } = task.request
  const isMissing =
    task.clusterCode.pseudopotentialFolder === undefined &&
    [...files.values()].some(({ fileName }) => !sent.has(`${PSEUDO_FOLDER}/${fileName}`))
  return isMissing
    ? [
        {
          path: 'cluster',
          value: cluster,
          message: `cluster ${cluster} does not say where its pseudopotentials lie`,
          mend: 'register codes.quantum-espresso.pseudopotentialFolder',
        },
      ]
    : []
}

/** Copies from the cluster's folder, but for what the user sends. */
export function clusterFilesOf(task: Task, files: Files): Preparation['clusterFiles'] {
  const sent = sentNames(task)
  return [...new Set(files.values())].flatMap(({ fileName, md5 }) => {
    const to = `${PSEUDO_FOLDER}/${fileName}`
    return sent.has(to) ? [] : [{ from: `${task.clusterCode.pseudopotentialFolder ?? ''}/${fileName}`, to, md5: md5 || null }]
  })
}
