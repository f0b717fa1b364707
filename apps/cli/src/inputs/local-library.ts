import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readPotcarHeader, readUpfHeader } from '@crystalmath/codes'
import type { CodeName, PseudopotentialFile } from '@crystalmath/contract'
import { UsageError } from '../exit.ts'

/** What lies in a folder of this machine, as the doctor would list it on a cluster. */
export type LocalLibrary = { readonly folder: string; readonly files: readonly PseudopotentialFile[] }

type Kind = {
  /** Path below the folder. */
  readonly pattern: RegExp
  readonly read: typeof readUpfHeader
}

const KINDS: Partial<Record<CodeName, Kind>> = {
  'quantum-espresso': { pattern: /^[^/]+\.upf$/i, read: readUpfHeader },
  yambo: { pattern: /^[^/]+\.upf$/i, read: readUpfHeader },
  vasp: { pattern: /^([^/]+\/){1,2}POTCAR$/, read: readPotcarHeader },
}

/** Heads and checksums of the pseudopotentials in a folder: UPF files in it, or `NAME/POTCAR` and `RELEASE/NAME/POTCAR`. */
export async function readLibrary(folder: string, code: CodeName): Promise<LocalLibrary> {
  const kind = KINDS[code]
  if (kind === undefined)
    throw new UsageError(`--pseudopotentials: ${code} takes no pseudopotentials from a folder; leave it out`)
  const root = resolve(folder)
  const paths = (await pathsBelow(root, 3)).filter((path) => kind.pattern.test(path)).sort()
  const files: PseudopotentialFile[] = []
  for (const path of paths) {
    const content = await readFile(join(root, path))
    const header = kind.read(content.toString('latin1'))
    if (header !== null) files.push({ ...header, fileName: path, md5: createHash('md5').update(content).digest('hex') })
  }
  return { folder: root, files }
}

/** Files below a folder, relative; links are taken for what they lead to when they are read. */
async function pathsBelow(folder: string, depth: number, above = ''): Promise<readonly string[]> {
  const paths: string[] = []
  for (const entry of await readdir(join(folder, above), { withFileTypes: true })) {
    const path = above === '' ? entry.name : `${above}/${entry.name}`
    if (!entry.isDirectory()) paths.push(path)
    else if (depth > 1) paths.push(...(await pathsBelow(folder, depth - 1, path)))
  }
  return paths
}
