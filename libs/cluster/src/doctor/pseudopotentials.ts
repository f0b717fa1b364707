import type { CodeName, PseudopotentialFile } from '@crystalmath/contract'

/** What a file says of itself: its first bytes in, everything but name and checksum out; null for what is none. */
export type PseudopotentialReader = (
  code: CodeName,
  fileName: string,
  header: string,
) => Omit<PseudopotentialFile, 'fileName' | 'md5'> | null
