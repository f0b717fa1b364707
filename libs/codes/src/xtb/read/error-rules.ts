import { quoted } from '../../reading/hits.ts'
import { line, type Rule, rule } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'
import type { State } from './run.ts'

/** What xtb says when it gives up: pattern, kind, message. */
const ERRORS: readonly (readonly [RegExp, string, string])[] = [
  [
    /Self consistent charge iterator did not converge|SCC did not converge|SCF not converged|convergence criteria cannot be satisfied within/,
    'ELECTRONIC_NOT_CONVERGED',
    'the self-consistent charges did not converge',
  ],
  [/FAILED TO CONVERGE GEOMETRY OPTIMIZATION/, 'IONIC_NOT_CONVERGED', 'the optimisation reached its cycle limit'],
  [
    /No parameters? for|Unknown element|Element .{1,20} not (?:supported|available|parametri[sz]ed)/,
    'INPUT_ERROR',
    'xtb has no parameters for an element',
  ],
  [/[Ff]ile .{1,200} (?:does not exist|not found)|Could not (?:find|open|read) /, 'INPUT_ERROR', 'a file could not be read'],
  [
    /Geometry file is empty|No geometry given|Found no atoms|Bad number of atoms|[Uu]nknown (?:option|keyword|flag)/,
    'INPUT_ERROR',
    'xtb does not understand its input',
  ],
]

/** Everything that ends xtb before its time. */
export const errorRules = (state: State, file: string): Rule[] => {
  const add = (kind: string, message: string, at: number, text: string) => {
    const { run } = state
    if (kind === 'ELECTRONIC_NOT_CONVERGED') run.converged = false
    if (kind === 'IONIC_NOT_CONVERGED') run.optimisation = 'failed'
    if (kind === 'INPUT_ERROR') run.failed = true
    if (run.diagnoses.length < 10 && !run.diagnoses.some((one) => one.kind === kind))
      run.diagnoses.push({ kind, message, evidence: { file, line: at, text: quoted(text) } })
  }
  return [
    ...ERRORS.map(([pattern, kind, message]) => line(pattern, (hit) => add(kind, message, hit.line(), hit.text))),
    rule(/^\[ERROR\] Program stopped/, () => {
      state.run.failed = true
      let last = { said: '', at: 1 }
      return (text, at) => {
        const [, said] = /^-\d+- (.*)$/.exec(text) ?? []
        if (said !== undefined) {
          last = { said, at } // the innermost routine speaks last
          return true
        }
        const known = ERRORS.find(([pattern]) => pattern.test(last.said))
        if (last.said !== '') add(known?.[1] ?? 'UNKNOWN_FAILURE', known?.[2] ?? `xtb stopped: ${last.said}`, last.at, last.said)
        return false
      }
    }),
    line(
      /^abnormal termination of xtb/,
      (hit) => {
        state.run.failed = true
        if (state.run.diagnoses.length === 0) add('UNKNOWN_FAILURE', 'xtb stopped with an error', hit.line(), hit.text)
      },
      true,
    ),
    ...systemCauses(file, ({ kind, message, evidence }) => {
      state.run.failed = true
      add(kind, message, evidence.line ?? 1, evidence.text)
    }),
  ]
}
