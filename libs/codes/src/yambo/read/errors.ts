import { detached } from '../../reading/hits.ts'
import type { Hit, Notes, Rule } from '../../reading/sections.ts'

/** Texts of `[ERROR] …` → kind. The first match counts; what no line names is YAMBO_ERROR. */
export const ERROR_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/[Aa]llocation|[Mm]emory|cannot allocate/, 'OUT_OF_MEMORY'],
  [
    /[Ii]mpossible to (?:distribute|parallel)|PARALLEL|CPU structure|[Ww]orkload|number of CPU|scalapack|BLACS/i,
    'YAMBO_PARALLEL_SETUP',
  ],
  [/NETCDF|NetCDF|HDF5?\b|database|ndb\.|ns\.db|Variable .* not found|I\/O|not (?:found|compatible)|fragment/i, 'YAMBO_DATABASE'],
  [/No space left|quota/i, 'DISK_FULL'],
  [/not converge|convergence (?:not|failed)|NOT CONVERGED/i, 'YAMBO_NOT_CONVERGED'],
  [
    /input|not allowed|not available|not implemented|wrong|invalid|missing|must be|unknown|incompatible|undefined|empty/i,
    'INPUT_ERROR',
  ],
]

export const kindOf = (text: string): string => ERROR_TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'YAMBO_ERROR'

/** Errors and warnings, in a report or a log. */
export function errorRules(notes: Notes, run: { failed: boolean; readonly warnings: Set<string> }): readonly Rule[] {
  const failed = (kind: string, message: string, hit: Hit): undefined => {
    run.failed = true
    notes.diagnose(kind, message, hit)
  }
  return [
    {
      pattern: /\[ERROR\](?<text>[^\n]*)/,
      torn: true,
      read: (hit) => {
        run.failed = true
        return yamboError(notes, hit)
      },
    },
    {
      pattern: /\[WARNING\](?<text>[^\n]*)/,
      read: ({ groups }) => {
        if (run.warnings.size < 50) run.warnings.add(detached(groups['text']?.trim() ?? ''))
      },
    },
    {
      pattern: /(?:forrtl: severe \(174\)|SIGSEGV|[Ss]egmentation fault)/,
      torn: true,
      read: (hit) => failed('SEGMENTATION_FAULT', 'the program touched memory that is not its own', hit),
    },
    {
      pattern: /(?:oom-kill|Out [Oo]f [Mm]emory|exceeded memory limit)/,
      torn: true,
      read: (hit) => failed('OUT_OF_MEMORY', 'the memory did not suffice', hit),
    },
    {
      pattern: /(?:DUE TO TIME LIMIT|walltime \d+ exceeded)/,
      torn: true,
      read: (hit) => failed('OUT_OF_WALLTIME', 'the batch system ended the job at its time limit', hit),
    },
  ]
}

const STOP = 'YAMBO_STOP_SIGNAL'

/** An error is told in two lines: `STOP signal received while in[05] Dynamic Dielectric Matrix`, then the reason. */
function yamboError(notes: Notes, hit: Hit): undefined {
  const text = hit.groups['text']?.trim() ?? ''
  const place = /STOP signal received while in *:? *(.*)/.exec(text)?.[1]
  if (place !== undefined) {
    notes.diagnose(STOP, `YAMBO stopped in ${place}`, hit)
    return
  }
  const last = notes.diagnoses.at(-1)
  if (last?.kind !== STOP) {
    notes.diagnose(kindOf(text), `YAMBO reports an error: ${text}`, hit)
    return
  }
  notes.diagnoses.pop()
  notes.diagnose(kindOf(text), `${last.message}: ${text}`, hit)
}
