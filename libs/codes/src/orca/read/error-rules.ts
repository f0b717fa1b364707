import { quoted } from '../../reading/hits.ts'
import { type Hit, line, type Rule, rule } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'
import { type Context, diagnosisAt } from './context.ts'
import { ERRORS } from './error-texts.ts'

/** Everything that ends a run before its time. */
export const errorRules = (context: Context): Rule[] => [
  rule(/^INPUT ERROR *$/, (hit) => {
    const said: string[] = []
    const diagnosis = diagnosisAt(context, 'INPUT_ERROR', 'ORCA does not understand its input', hit)
    const at = context.run.diagnoses.push(diagnosis) - 1
    return (text) => {
      if (/!{9}|^\[file|^ *$/.test(text) || said.length >= 4) return false
      said.push(text.trim())
      const words = said.join(' ').replace(/\s+/g, ' ').slice(0, 300)
      context.run.diagnoses[at] = {
        ...diagnosis,
        message: `input error: ${words}`,
        evidence: { ...diagnosis.evidence, text: words },
      }
      return true
    }
  }),
  ...ERRORS.map(([pattern]) => line(pattern, (hit) => known(context, hit))),
  line(/(?:Error|ERROR) +\(ORCA_\w[^)\n]*\) *:(.*)/, (hit) => {
    // leftmost wins: a known cause may stand further right in the same line
    if (!known(context, hit)) context.run.lastError = quoted(hit.captures[0] ?? '')
  }),
  line(/(?:SCF-)?[Ww]avefunction IS NOT (?:FULLY )?CONVERGED/, (hit) => {
    const { current } = context.run
    current.flaggedUnconverged = true
    if (!current.diagnoses.some(({ kind }) => kind === 'ELECTRONIC_NOT_CONVERGED'))
      current.diagnoses.push(
        diagnosisAt(context, 'ELECTRONIC_NOT_CONVERGED', 'ORCA stopped because the wavefunction is not fully converged', hit),
      )
    context.run.gaveUp = true
  }),
  line(/^ORCA finished by error termination in +(\S.*)/, (hit) => {
    const [module = ''] = hit.captures
    context.run.gaveUp = true
    const said = context.run.lastError === null ? '' : `: ${context.run.lastError}`
    once(context, diagnosisAt(context, moduleKind(module), `ORCA stopped with an error in ${module.trim()}${said}`, hit))
  }),
  line(/^ORCA finished with (?:an )?error/, (hit) => {
    context.run.gaveUp = true
    once(context, diagnosisAt(context, 'UNKNOWN_FAILURE', 'ORCA finished with an error', hit))
  }),
  line(/(?<=\. ?\. ?\. ?\.? )abort(?:ing the run|ing calculation)|aborting the run/, () => {
    context.run.gaveUp = true
  }),
  line(/\bABORTING THE RUN\b/, (hit) => {
    context.run.gaveUp = true
    if (context.run.inScf !== null) once(context, diagnosisAt(context, 'ELECTRONIC_NOT_CONVERGED', 'ORCA gave the SCF up', hit))
  }),
  ...systemCauses(context.file, (diagnosis) => {
    context.run.gaveUp = true
    once(context, diagnosis)
  }),
]

/** `MDCI`, `SCF_GRADIENT`: the module's own name is the kind of a failure that says no more. */
const moduleKind = (module: string): string =>
  module
    .trim()
    .toUpperCase()
    .replace(/^ORCA_/, '')
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^[^A-Z]+|_+$/g, '')
    .slice(0, 40) || 'UNKNOWN_FAILURE'

/** Diagnoses a line of the table; false if it is none. */
function known(context: Context, hit: Hit): boolean {
  for (const [pattern, kind, message] of ERRORS) {
    const match = pattern.exec(hit.text)
    if (match === null) continue
    once(context, diagnosisAt(context, kind, message.replace('$1', match[1]?.trimEnd() ?? '').slice(0, 300), hit))
    return true
  }
  return false
}

/** Parallel processes say the same thing one after another. */
function once({ run }: Context, diagnosis: ReturnType<typeof diagnosisAt>): void {
  if (run.diagnoses.length < 20 && !run.diagnoses.some(({ kind }) => kind === diagnosis.kind)) run.diagnoses.push(diagnosis)
}
