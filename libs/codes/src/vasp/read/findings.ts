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

/** What is known of a run when its messages are weighed. */
export type Weights = {
  /** Tags that the user set. */
  readonly given: ReadonlyMap<string, string>
  readonly bandCount: number | null
  readonly electronCount: number | null
  /** Whether the k mesh is one that VASP chose itself (`Auto` in KPOINTS). */
  readonly isMeshAutomatic: boolean
  /** Whether a relaxation reached its accuracy. */
  readonly isRelaxed: boolean
}

/** As custodian's handlers weigh them: what is expected of such a run is advice or nothing, what spoils it is grave. */
export function weigh(
  findings: readonly Finding[],
  { given, bandCount, electronCount, isMeshAutomatic, isRelaxed }: Weights,
): Finding[] {
  const tooManyBands = bandCount !== null && electronCount !== null && bandCount > 2 * electronCount
  const noSymmetry = Number(given.get('ISYM') ?? 2) <= 0
  return findings.flatMap((finding): Finding[] => {
    switch (finding.diagnosis.kind) {
      case 'AUTO_NBANDS':
        return [tooManyBands ? { ...finding, severity: 'grave' } : finding]
      case 'BRMIX': // a charged cell changes its number of electrons on purpose
        return given.has('NELECT') ? [] : [finding]
      case 'BRIONS': // a step of the minimiser that was too short for it: it came to its end all the same
        return [isRelaxed ? { ...finding, severity: 'advice' } : finding]
      case 'MESH_SYMMETRY':
        return given.has('KSPACING') || noSymmetry || isMeshAutomatic ? [] : [finding]
      default:
        return [finding]
    }
  })
}
