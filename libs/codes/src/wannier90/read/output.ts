import { toNumber } from '../../reading/numbers.ts'
import { lastLineSeen, notesOf, type Rule, scanner } from '../../reading/sections.ts'
import { exitingRule } from './errors.ts'
import { type Context, newRun, type WoutReading } from './run.ts'
import { setupRules } from './setup-rules.ts'
import { spreadRules } from './spread-rules.ts'

/** Reads the main output of Wannier90 1 to 3 and of postw90. */
export function output(file: string) {
  const context: Context = { notes: notesOf(file), run: newRun(), runs: 0, release: null, wannierising: false }
  const scan = scanner(rules(context))
  const last = lastLineSeen()
  return {
    feed(block: string, firstLine: number) {
      scan.feed(block, firstLine)
      last.see(block, firstLine)
    },
    end(): WoutReading {
      const { run, notes } = context
      if (!run.done && !run.failed) notes.diagnose('OUTPUT_INCOMPLETE', 'the output ends before Wannier90 did', last.at())
      return { ...run, diagnoses: notes.diagnoses }
    },
  }
}

const rules = (context: Context): readonly Rule[] => [...setupRules(context), ...spreadRules(context), ...ending(context)]

const ending = (context: Context): readonly Rule[] => [
  {
    pattern: /Total Execution Time +(?<seconds>[^ \n]+) +\(sec\)/,
    read: ({ groups }) => wall(context, toNumber(groups['seconds'])),
  },
  { pattern: /All done: (?:wannier90|postw90) exiting/, torn: true, read: () => done(context) },
  { pattern: /Exiting\.\.\. +[^\n]*\.nnkp written\./, torn: true, read: () => preprocessed(context) },
  exitingRule(context.notes, () => failed(context)),
]

function wall({ run }: Context, seconds: number | null): undefined {
  run.wallSeconds = seconds
}

function done({ run }: Context): undefined {
  run.done = true
}

function preprocessed({ run }: Context): undefined {
  run.done = true
  run.postprocessing = true
}

function failed({ run }: Context): void {
  run.failed = true
}
