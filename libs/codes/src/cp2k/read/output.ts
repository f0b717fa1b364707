import type { Reader } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import { scanner } from '../../reading/scanner.ts'
import { energyRules } from './energy-rules.ts'
import { errorRules } from './error-rules.ts'
import { type Context, type Cp2kRun, newRun } from './run.ts'
import { setupRules } from './setup-rules.ts'

/** Reads the standard output of CP2K (5 to 2025). */
export function output(file: string, { full }: ReadOptions): Reader<Cp2kRun> {
  const context: Context = { file, full, run: newRun() }
  const feed = scanner([...setupRules(context), ...energyRules(context), ...errorRules(context)])
  return { feed, end: () => context.run }
}
