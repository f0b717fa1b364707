import { quoted } from '../../reading/hits.ts'
import { type Hit, line, type Rule } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'
import type { State } from './run.ts'

/** What xtb says when it gives up: pattern, kind, message. */
const ERRORS: readonly (readonly [RegExp, string, string])[] = [
  [
    /Self consistent charge iterator did not converge|SCC did not converge|[Ss]cf: Setup of Hamiltonian failed|SCF not converged/,
    'ELECTRONIC_NOT_CONVERGED',
    'the self-consistent charges did not converge',
  ],
  [/convergence criteria cannot be satisfied within/, 'ELECTRONIC_NOT_CONVERGED', 'the self-consistent charges did not converge'],
  [/FAILED TO CONVERGE GEOMETRY OPTIMIZATION/, 'IONIC_NOT_CONVERGED', 'the optimisation reached its cycle limit'],
  [
    /(?:No parameters? for|Unknown element|Element .{1,20} not (?:supported|available|parametri[sz]ed))/,
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
  const add = (kind: string, message: string, hit: Hit) => {
    if (state.run.diagnoses.length < 10 && !state.run.diagnoses.some((one) => one.kind === kind))
      state.run.diagnoses.push({ kind, message, evidence: { file, line: hit.line(), text: quoted(hit.text) } })
  }
  return [
    ...ERRORS.map(([pattern, kind, message]) =>
      line(pattern, (hit) => {
        add(kind, message, hit)
        if (kind === 'ELECTRONIC_NOT_CONVERGED') state.run.converged = false
        if (kind === 'IONIC_NOT_CONVERGED') state.run.optimisation = 'failed'
        else if (kind === 'INPUT_ERROR') state.run.failed = true
      }),
    ),
    line(
      /abnormal termination of xtb|^\[ERROR\] Program stopped/,
      (hit) => {
        state.run.failed = true
        if (state.run.diagnoses.length === 0) add('UNKNOWN_FAILURE', 'xtb stopped with an error', hit)
      },
      true,
    ),
    ...systemCauses(file, (diagnosis) => {
      state.run.failed = true
      if (!state.run.diagnoses.some(({ kind }) => kind === diagnosis.kind)) state.run.diagnoses.push(diagnosis)
    }),
  ]
}
