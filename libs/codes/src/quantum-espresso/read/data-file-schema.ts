import type { CalculationResult, Reader } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import type { Reported } from './reported.ts'
import { resultOf } from './xml/result.ts'
import { xmlScan } from './xml/scanner.ts'
import { newState, type XmlState } from './xml/state.ts'
import { wantedBy } from './xml/wanted.ts'

/** Reads `data-file-schema.xml` and `prefix.xml` (QEXSD, all versions): Hartree atomic units. */
export function dataFileSchema(file: string, { full }: ReadOptions): Reader<Reported> {
  const state = newState()
  const scan = xmlScan(wantedBy(state, full))
  return {
    feed: (block, firstLine) => scan.feed(block, firstLine),
    end() {
      const result = resultOf(state, full)
      const broken = scan.broken()
      if (broken !== null)
        result.diagnoses.push({
          kind: 'OUTPUT_UNREADABLE',
          message: `no well-formed XML: "${broken.text}"`,
          evidence: { file, line: broken.line, text: broken.text },
        })
      else if (!scan.isComplete())
        result.diagnoses.push({
          kind: 'OUTPUT_INCOMPLETE',
          message: 'the XML ends before its root element is closed',
          evidence: { file, line: null, text: '' },
        })
      const termination = scan.isComplete() ? 'normal' : 'truncated'
      const { message, kind } = scan.isComplete() ? failureOf(state, result) : NO_FAILURE
      if (kind !== null) result.diagnoses.unshift({ kind, message, evidence: { file, line: null, text: message } })
      return { program: state.words['creator'] ?? null, result: { ...result, termination } }
    },
  }
}

const NO_FAILURE = { kind: null, message: '' } as const

/** What the flags of a complete file say that went wrong. */
function failureOf(
  { words, flags }: XmlState,
  result: CalculationResult,
): { readonly kind: string | null; readonly message: string } {
  const calculation = words['calculation'] ?? ''
  if (result.unconvergedEnergyEv !== null)
    return { kind: 'ELECTRONIC_NOT_CONVERGED', message: 'scf_conv: convergence_achieved is false' }
  if (/relax/.test(calculation) && flags['ionic'] === false)
    return { kind: 'IONIC_NOT_CONVERGED', message: 'opt_conv: convergence_achieved is false' }
  return NO_FAILURE
}
