import type { CalculationResult, CodeName } from '@crystalmath/contract'
import { parsePath } from '@crystalmath/files'

/** What piscina runs in each thread. */
export default async ({ path, code }: { readonly path: string; readonly code: CodeName }): Promise<CalculationResult> =>
  await parsePath(path, { code, full: true })
