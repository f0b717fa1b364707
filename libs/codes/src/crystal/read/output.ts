import type { Diagnosis } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import { lastLineSeen, lineScanner, notesOf } from '../../reading/sections.ts'
import { errorRules } from './error-rules.ts'
import { forcesRules } from './forces-rules.ts'
import { geometryRules } from './geometry-rules.ts'
import { responseRules } from './response-rules.ts'
import { type Context, newRun, type Run } from './run.ts'
import { scfRules } from './scf-rules.ts'
import { setupRules } from './setup-rules.ts'

export type OutputReading = {
  readonly run: Run
  /** The run of `crystal` in the same file that this one of `properties` rests on. */
  readonly scf: Context['scf']
  /** How many banners the file has; the last run is the one that is told. */
  readonly runs: number
  readonly diagnoses: readonly Diagnosis[]
  readonly killed: Diagnosis | null
}

/** Reads what CRYSTAL03 to CRYSTAL23 (`crystal`, `Pcrystal`, `MPPcrystal`, `properties`) print. */
export function output(file: string, { full }: ReadOptions) {
  const context: Context = {
    file,
    full,
    notes: notesOf(file),
    run: newRun(),
    scf: null,
    runs: 0,
    ranks: null,
    threads: null,
    killed: null,
  }
  const scan = lineScanner([
    ...setupRules(context),
    ...scfRules(context),
    ...geometryRules(context),
    ...forcesRules(context),
    ...responseRules(context),
    ...errorRules(context),
  ])
  const last = lastLineSeen()

  return {
    feed(block: string, firstLine: number) {
      scan.feed(block, firstLine)
      last.see(block, firstLine)
    },
    end(): OutputReading {
      const { run, runs, notes, killed } = context
      if (!run.ended && !run.failed && notes.diagnoses.length === 0 && killed === null) {
        notes.diagnose(
          'OUTPUT_INCOMPLETE',
          runs === 0 ? 'the file ends before CRYSTAL began' : 'the output ends before CRYSTAL did',
          last.at(),
        )
      }
      return { run, scf: restsOn(context), runs, diagnoses: notes.diagnoses, killed }
    },
  }
}

/** Scripts let `properties` write behind the output of the SCF; it may fail before it says that it is `properties`. */
function restsOn({ run, scf, notes }: Context): Context['scf'] {
  const failedEarly =
    run.kind === null && notes.diagnoses.some(({ evidence }) => /ERROR \*{4} \S*properties/i.test(evidence.text))
  if (scf === null || (run.kind !== 'properties' && !failedEarly)) return null
  const [own, ground] = [run.step.geometry, (scf.run.last ?? scf.run.step).geometry]
  const isOther = own.symbols.length > 0 && own.symbols.join() !== ground.symbols.join()
  return isOther ? null : scf
}
