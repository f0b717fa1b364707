import type { ClusterSpec, CodeName, PseudopotentialFile } from '@crystalmath/contract'
import { CodeName as CodeNames } from '@crystalmath/contract'
import type { SshLink } from '@crystalmath/ssh'
import { remote } from '../remote.ts'

/** What a file says of itself: its first bytes in, everything but name and checksum out; null for what is none. */
export type PseudopotentialReader = (
  code: CodeName,
  fileName: string,
  header: string,
) => Omit<PseudopotentialFile, 'fileName' | 'md5'> | null

export type Library = {
  readonly code: CodeName
  readonly folder: string
  readonly files: readonly PseudopotentialFile[]
  /** Why the folder could not be read; null where it could. */
  readonly trouble: string | null
}

/** What lies in the folders that the cluster's spec names: heads and checksums only. */
export async function listLibraries(
  link: SshLink,
  spec: ClusterSpec,
  read: PseudopotentialReader | undefined,
): Promise<readonly Library[]> {
  const folders = CodeNames.options.flatMap((code) => {
    const folder = spec.codes[code]?.pseudopotentialFolder
    return folder === undefined ? [] : [{ code, folder }]
  })
  return await Promise.all(
    folders.map(async ({ code, folder }): Promise<Library> => {
      const answer = await link.run(remote('pseudopotentials.sh', [folder]))
      const trouble = answer.complete && answer.exitCode === 0 ? null : (answer.lost ?? answer.stderr.trim().slice(0, 300))
      return {
        code,
        folder,
        trouble,
        files: read === undefined ? [] : filesIn(answer.stdout, (name, head) => read(code, name, head)),
      }
    }),
  )
}

function filesIn(
  stdout: string,
  read: (name: string, head: string) => ReturnType<PseudopotentialReader>,
): readonly PseudopotentialFile[] {
  const blocks = stdout.split(/^> /m).slice(1)
  return blocks.flatMap((block) => {
    const [first = '', ...lines] = block.split('\n')
    const [, md5, fileName] = /^([0-9a-f]{32}) (.+)$/.exec(first) ?? []
    if (md5 === undefined || fileName === undefined) return []
    const header = read(
      fileName,
      lines
        .filter((line) => line.startsWith('| '))
        .map((line) => line.slice(2))
        .join('\n'),
    )
    return header === null ? [] : [{ ...header, fileName, md5 }]
  })
}
