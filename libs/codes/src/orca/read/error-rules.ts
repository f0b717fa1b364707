import { quoted } from '../../reading/hits.ts'
import { type Hit, line, type Rule, rule } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'
import { type Context, diagnosisAt } from './context.ts'

/** What ORCA says when it gives up: pattern, kind, message (`$1` stands for the first capture). */
const ERRORS: readonly (readonly [RegExp, string, string])[] = [
  [
    /Not a single batch is possible with the present MaxCore/,
    'OUT_OF_MEMORY',
    'MaxCore is too small for a single batch of integrals',
  ],
  [
    /(RPA\/TD-DFT|CIS|TDA|TD-DFT|EOM|ADC).{0,30}(?:DID NOT CONVERGE|did not converge|NOT CONVERGED)/,
    'EXCITED_STATES_NOT_CONVERGED',
    'the excited states did not converge ($1)',
  ],
  [
    /Connection reset by peer|ORTE has lost communication|lost connection to a process/,
    'NODE_FAILURE',
    'a parallel process lost its connection',
  ],
  [/Error : (multiplicity .*-> impossible)/, 'INPUT_ERROR', 'charge and multiplicity do not fit the number of electrons: $1'],
  [
    /(?:[Nn]ot enough memory|NOT ENOUGH MEMORY|Insufficient memory)(.{0,80})/,
    'OUT_OF_MEMORY',
    'ORCA had too little memory (MaxCore)$1',
  ],
  [/[Pp]lease increase MaxCore(.{0,60})/, 'OUT_OF_MEMORY', 'MaxCore is too small$1'],
  [/(?:ORCA_\w+: )?Memory (?:allocation|request) (?:failed|error)/, 'OUT_OF_MEMORY', 'an allocation of memory failed'],
  [
    /Number of processes (\(\d+\) )?in parallel calculation exceeds number of pairs/,
    'TOO_MANY_CORES',
    'more parallel processes $1than electron pairs',
  ],
  [/(There are no .{1,20} basis functions on atom number.*)/, 'BASIS_MISSING', '$1'],
  [/((?:The )?[Bb]asis set .{0,60}(?:not available|not assigned|not found).*)/, 'BASIS_MISSING', '$1'],
  [/(No basis (?:set|functions?) .{0,60}(?:available|found|for|on).*)/, 'BASIS_MISSING', '$1'],
  [/(Zero distance (?:encountered )?between atoms.*)/, 'INPUT_ERROR', 'two atoms are at the same place: $1'],
  [
    /(?:XYZ|xyz) file .{0,200}(?:not found|cannot be opened|does not exist)/,
    'INPUT_ERROR',
    'the file of coordinates could not be read',
  ],
  [/(Unknown identifier .*)/, 'INPUT_ERROR', '$1'],
  [/(Invalid assignment.*)/, 'INPUT_ERROR', '$1'],
  [/(Element name\/number, dummy atom or point charge expected.*)/, 'INPUT_ERROR', '$1'],
  [/(?<=ERROR *: ?)(found a coordinate definition.*)/, 'INPUT_ERROR', '$1'],
  [/(You must .{1,80}(?:basis|coordinates|specify).*)/, 'INPUT_ERROR', '$1'],
  [
    /CP-?SCF (?:equations )?(?:did not converge|not converged|NOT CONVERGED)|Solution of the CP-SCF equations NOT converged/,
    'CPSCF_NOT_CONVERGED',
    'the response equations did not converge',
  ],
  [/(Error: Could not (?:open|read|find) .*)/, 'FILE_MISSING', '$1'],
]

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
  line(/(?:Error|ERROR) +\((ORCA_\w+)[^)\n]*\) *:(.*)/, (hit) => {
    // leftmost wins: a known cause may stand further right in the same line
    if (!known(context, hit)) context.run.lastError = quoted(hit.captures[1] ?? '')
  }),
  line(/(?:SCF-)?[Ww]avefunction IS NOT FULLY CONVERGED/, (hit) => {
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
