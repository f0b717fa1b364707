import type { Reader } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import { scanner } from '../../reading/scanner.ts'
import { newContext } from './context.ts'
import { electronRules } from './electron-rules.ts'
import { errorRules } from './error-rules.ts'
import { geometryRules } from './geometry-rules.ts'
import { populationRules } from './population-rules.ts'
import { propertyRules } from './property-rules.ts'
import type { OrcaRun } from './run.ts'
import { scfRules } from './scf-rules.ts'
import { setupRules } from './setup-rules.ts'

/** Reads the standard output of ORCA 3 to 6. What it means is decided by `outputResult`. */
export function output(file: string, { full }: ReadOptions): Reader<OrcaRun> {
  const context = newContext(file, full)
  const feed = scanner(
    [setupRules, electronRules, scfRules, geometryRules, populationRules, propertyRules, errorRules].flatMap((rules) =>
      rules(context),
    ),
  )
  return { feed, end: () => context.run }
}
