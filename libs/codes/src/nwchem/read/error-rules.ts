import { quoted } from '../../reading/hits.ts'
import { type Hit, line, type Rule } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'
import type { Context } from './run.ts'

/** What NWChem says when it gives up: pattern, kind (custodian's words in upper case), message. */
const ERRORS: readonly (readonly [RegExp, string, string])[] = [
  [
    /geom_binvr: #indep variables incorrect|There are insufficient internal variables/,
    'AUTOZ_ERROR',
    'NWChem could not make internal coordinates of this geometry (autoz)',
  ],
  [
    /Calculation failed to converge|calculations not reaching convergence|SCF failed to converge|scf: *(?:failed|did not) .*conver/,
    'ELECTRONIC_NOT_CONVERGED',
    'the SCF did not converge',
  ],
  [/(?:dft|scf|mp2|tce) optimize failed/, 'GEOMETRY_OPTIMIZATION_FAILED', 'the geometry optimisation failed'],
  [
    /Failed to converge in maximum number of steps|driver_\w*: failed/,
    'IONIC_NOT_CONVERGED',
    'the optimisation did not converge',
  ],
  [
    /MA_(?:init|push_get|alloc_get)\S*:? .*(?:fail|insuff)|insufficient (?:heap|stack|memory)|ma_\w+: insufficient|GA_create failed|(?:not|Not) enough memory/,
    'OUT_OF_MEMORY',
    'NWChem had too little memory',
  ],
  [
    /bas_tag_lib|no basis functions|basis_?set .*not (?:found|available)|could not find .*basis/,
    'BASIS_MISSING',
    'the basis set is not there for an element',
  ],
  [
    /^(?:There is an error in the input file|An error occured in the input|[Uu]nknown (?:directive|option)|input: (?:unrecognized|error))/,
    'INPUT_ERROR',
    'NWChem does not understand its input',
  ],
]

export const errorRules = (context: Context): Rule[] => {
  const add = (kind: string, message: string, hit: Hit) => {
    if (context.run.diagnoses.length < 10 && !context.run.diagnoses.some((one) => one.kind === kind))
      context.run.diagnoses.push({ kind, message, evidence: { file: context.file, line: hit.line(), text: quoted(hit.text) } })
  }
  return [
    ...ERRORS.map(([pattern, kind, message]) =>
      line(pattern, (hit) => {
        add(kind, message, hit)
        if (kind === 'ELECTRONIC_NOT_CONVERGED') {
          context.run.step.converged = false
          context.run.inScf = null
        } else if (kind === 'IONIC_NOT_CONVERGED' || kind === 'GEOMETRY_OPTIMIZATION_FAILED') context.run.optimisation = 'failed'
        else context.run.failed = true
      }),
    ),
    line(
      /^(?:There is an error related to|This error has not yet been assigned|This type of error|An error occured in|For more information see the NWChem manual)/,
      (hit) => {
        context.run.failed = true
        if (context.run.diagnoses.length === 0) add('UNKNOWN_FAILURE', 'NWChem stopped with an error', hit)
      },
    ),
    ...systemCauses(context.file, (diagnosis) => {
      context.run.failed = true
      if (!context.run.diagnoses.some(({ kind }) => kind === diagnosis.kind)) context.run.diagnoses.push(diagnosis)
    }),
  ]
}
