import type { Diagnosis } from '@crystalmath/contract'
import type { Finding } from './find-messages.ts'

const RANK = { fatal: 0, grave: 1, advice: 2 } as const

type Sorted = {
  /** What ends or spoils a run, the worst first. */
  readonly causes: Diagnosis[]
  /** What may have led there. */
  readonly advice: Diagnosis[]
  /** Advice to a run that is healthy all the same. */
  readonly warnings: string[]
}

/** Messages of several files as diagnoses, one per kind. */
export function sortFindings(findings: readonly Finding[], healthy: boolean): Sorted {
  const kinds = new Set<string>()
  const sorted: Sorted = { causes: [], advice: [], warnings: [] }
  for (const { diagnosis, severity } of [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity])) {
    if (kinds.has(diagnosis.kind)) continue
    kinds.add(diagnosis.kind)
    const { file, line, text } = diagnosis.evidence
    if (severity !== 'advice') sorted.causes.push(diagnosis)
    else if (healthy) sorted.warnings.push(`${file}, line ${line}: ${diagnosis.message}: "${text}"`)
    else sorted.advice.push(diagnosis)
  }
  return sorted
}
