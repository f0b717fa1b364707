import type { Diagnosis } from '@crystalmath/contract'
import type { Finding } from './find-messages.ts'

const RANK = { fatal: 0, grave: 1, advice: 2 } as const

/** Messages of several files as diagnoses, the worst first, one per kind; what healthy runs print too becomes a warning there. */
export function sortFindings(findings: readonly Finding[], healthy: boolean): { diagnoses: Diagnosis[]; warnings: string[] } {
  const kinds = new Set<string>()
  const diagnoses: Diagnosis[] = []
  const warnings: string[] = []
  for (const { diagnosis, severity } of [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity])) {
    if (kinds.has(diagnosis.kind)) continue
    kinds.add(diagnosis.kind)
    const { file, line, text } = diagnosis.evidence
    if (healthy && severity === 'advice') warnings.push(`${file}, line ${line}: ${diagnosis.message}: "${text}"`)
    else diagnoses.push(diagnosis)
  }
  return { diagnoses, warnings }
}
