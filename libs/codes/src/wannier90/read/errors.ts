import type { Diagnosis } from '@crystalmath/contract'
import { eachLine, quoted } from '../../reading/hits.ts'
import type { Notes, Rule, Section } from '../../reading/sections.ts'

/** Texts of Wannier90's own errors → kind. Labels are those of aiida-wannier90 without `ERROR_`, where it has one; the first match counts. */
export const ERROR_TEXTS: readonly (readonly [RegExp, string])[] = [
  [
    /Unable to satisfy B1|Not enough bvectors found|found too many nearest neighbours|kmesh_get|kmesh_shell|B1 condition/i,
    'BVECTORS',
  ],
  [/Energy window contains fewer states than number of target/i, 'DISENTANGLEMENT_NOT_ENOUGH_STATES'],
  [/more states in the frozen window|dis_froz|frozen states/i, 'DISENTANGLEMENT_FROZEN_WINDOW'],
  [/Error plotting WF cube/i, 'PLOT_WF_CUBE'],
  [/Error (?:in )?(?:de)?allocat|allocating/i, 'OUT_OF_MEMORY'],
  [/Problem opening|file .*not found|does not exist|Error: .*(?:\.mmn|\.amn|\.eig|\.chk|\.win|UNK)/i, 'INPUT_FILE_MISSING'],
  [/wrong number of|mismatch|has not the right|not the right number|inconsistent/i, 'INPUT_ERROR'],
  [
    /param_|Unrecognised keyword|Error(?: in|:)|not recognised|readwrite|w90_readwrite|Problem reading|must be|cannot|needs|required/i,
    'INPUT_ERROR',
  ],
]

export const kindOf = (text: string, otherwise: string): string =>
  ERROR_TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? otherwise

/** `Exiting.......` and, on the lines that follow, the reason. */
export const exitingRule = (notes: Notes, failed: () => void): Rule => ({
  pattern: /Exiting\.{5,}/,
  torn: true,
  read: (hit): Section => {
    failed()
    notes.diagnose('EXITING_MESSAGE_IN_STDOUT', 'Wannier90 stopped with an error', hit)
    const first = notes.diagnoses.length - 1
    let reason = ''
    return (text, line) => {
      if (text.trim() === '' || /^ *(?:\(rank|[|+])/.test(text)) return false
      reason = `${reason} ${text.trim()}`.trim().slice(0, 300)
      const known = notes.diagnoses[first]
      if (known !== undefined) notes.diagnoses[first] = explained(known, reason, line)
      return true
    }
  },
})

const explained = ({ evidence: { file } }: Diagnosis, reason: string, line: number): Diagnosis => ({
  kind: kindOf(reason, 'EXITING_MESSAGE_IN_STDOUT'),
  message: `Wannier90 stopped: ${reason}`,
  evidence: { file, line, text: quoted(reason) },
})

export type WerrReading = { readonly diagnoses: readonly Diagnosis[] }

/** Reads a `.werr` file: it exists because a rank failed, and holds the reason. */
export function errorFile(file: string) {
  let found: Diagnosis | null = null
  return {
    feed(block: string, firstLine: number) {
      eachLine(block, firstLine, (text, line) => {
        if (found !== null || text.trim() === '' || /Execution started|Exiting\.|^ *\(?rank/i.test(text)) return
        found = {
          kind: kindOf(text, 'WERR_FILE_PRESENT'),
          message: `Wannier90 left an error file: ${text.trim()}`,
          evidence: { file, line, text: quoted(text) },
        }
      })
    },
    end(): WerrReading {
      const empty: Diagnosis = {
        kind: 'WERR_FILE_PRESENT',
        message: 'Wannier90 left an error file without a reason',
        evidence: { file, line: null, text: '' },
      }
      return { diagnoses: [found ?? empty] }
    },
  }
}
