import { createHash } from 'node:crypto'
import type { CodeName, Preparation, Structure } from '@crystalmath/contract'
import { structureHash } from '@crystalmath/structures'

export type CalculationIdentity = {
  readonly code: CodeName
  /** `7.3.1`; major and minor count. */
  readonly codeVersion: string
  readonly structure: Structure | null
  readonly preparation: Preparation
  /** The code's `incidental` lines. */
  readonly incidental: RegExp | undefined
}

const majorMinor = (version: string): string => version.split('.').slice(0, 2).join('.')

/** SHA-256 of what a fresh calculation computes: structure, inputs without their incidental lines, programs, hashes of pseudopotentials, version.
 * Ranks, pools and wall time do not count. Null where a pseudopotential's hash is not known: then nothing proves that two calculations are one. */
export function calculationHash({ code, codeVersion, structure, preparation, incidental }: CalculationIdentity): string | null {
  const { files, clusterFiles, steps } = preparation
  if (clusterFiles.some(({ md5 }) => md5 === null)) return null
  const telling = (text: string) => text.split('\n').filter((line) => incidental?.test(line) !== true)
  const content = [
    'calculation-1',
    code,
    majorMinor(codeVersion),
    structure === null ? null : structureHash(structure),
    files.map(({ path, text }) => [path, telling(text)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    clusterFiles.map(({ to, md5 }) => [to, md5]).sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)),
    steps.map(({ program }) => program),
  ]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
