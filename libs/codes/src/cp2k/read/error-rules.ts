import { quoted } from '../../reading/hits.ts'
import { line, type Rule, rule } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'
import type { Context } from './run.ts'

/** What an `[ABORT]` box says: pattern, kind (custodian's word where it has one). */
const ABORTS: readonly (readonly [RegExp, string])[] = [
  [/Cholesky decomposition failed|CPASSERT failed.*cholesky/i, 'ABORT_CHOLESKY'],
  [/Cholesky decompose failed/i, 'ABORT_CHOLESKY_SCF'],
  [/SCF run NOT converged/i, 'ELECTRONIC_NOT_CONVERGED'],
  [/cannot be opened|does not exist|could not be found|not found in the (?:basis|potential)/i, 'FILE_MISSING'],
  [/out of memory|allocat/i, 'OUT_OF_MEMORY'],
  [
    /unknown keyword|unknown section|found an? (?:unknown|end of file)|illegal|invalid|not a valid|missing|expected|please specify|inconsistent|no (?:basis|potential)/i,
    'INPUT_ERROR',
  ],
]

/** Everything that ends CP2K before its time. */
export const errorRules = (context: Context): Rule[] => [
  rule(/^\* \[ABORT\]/, (hit) => {
    const { run } = context
    run.aborted = true
    const said = [inBox(hit.text.replace('[ABORT]', ''))]
    const line = hit.line()
    const at = run.diagnoses.findIndex(({ kind }) => kind === 'ABORT')
    const index = at === -1 ? run.diagnoses.push(abort(context, said, line)) - 1 : at
    run.diagnoses[index] = abort(context, said, line)
    return (text) => {
      if (/^ *\*{20}/.test(text)) return false
      said.push(inBox(text))
      run.diagnoses[index] = abort(context, said, line)
      return true
    }
  }),
  line(/exceeded requested execution time|requested execution time exceeded|Walltime limit|WALLTIME.*reached/, (hit) => {
    context.run.diagnoses.push({
      kind: 'OUT_OF_WALLTIME',
      message: 'CP2K stopped at its own wall time limit',
      evidence: { file: context.file, line: hit.line(), text: quoted(hit.text) },
    })
  }),
  ...systemCauses(context.file, (diagnosis) => {
    context.run.aborted = true
    if (!context.run.diagnoses.some(({ kind }) => kind === diagnosis.kind)) context.run.diagnoses.push(diagnosis)
  }),
]

/** The words of one line of the box, without the frame and the little man. */
const inBox = (text: string): string =>
  text
    .trim()
    .replace(/^\*?( {0,3}\\___\/| {0,4}\|| {0,2}O\/\|| {0,2}\/\| \|| {0,2}\/ \\)?/, '')
    .replace(/\*$/, '')
    .trim()

function abort({ file }: Context, said: readonly string[], line: number) {
  const words = said
    .filter((one) => one !== '' && one !== '*')
    .join(' ')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
  const kind = ABORTS.find(([pattern]) => pattern.test(words))?.[1] ?? 'ABORT'
  return { kind, message: `CP2K aborted: ${words}`, evidence: { file, line, text: quoted(words) } }
}
