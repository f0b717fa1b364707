import type { Diagnosis } from '@crystalmath/contract'
import { lastLineSeen, notesOf, scanner } from '../../reading/sections.ts'
import { errorRules } from './errors.ts'
import { secondsOf } from './times.ts'

export type LogReading = {
  readonly done: boolean
  readonly failed: boolean
  /** Of the last line that told one. */
  readonly elapsedSeconds: number | null
  readonly warnings: ReadonlySet<string>
  readonly diagnoses: readonly Diagnosis[]
}

/** Reads a log `l-*`: lines `<01m-02s> P0001: …`. Errors of a run that went on to its end are warnings there too. */
export function log(file: string) {
  const notes = notesOf(file)
  const run = { failed: false, done: false, warnings: new Set<string>() }
  const scan = scanner([
    { pattern: /\[\d+(?:\.\d+)?\] Game Over & Game summary/, torn: true, read: () => over(run) },
    ...errorRules(notes, run),
  ])
  const last = lastLineSeen()
  return {
    feed(block: string, firstLine: number) {
      scan.feed(block, firstLine)
      last.see(block, firstLine)
    },
    end(): LogReading {
      if (!run.done && !run.failed) notes.diagnose('OUTPUT_INCOMPLETE', 'the log ends before YAMBO did', last.at())
      return { ...run, elapsedSeconds: secondsOf(/<([^>]*)>/.exec(last.at().text)?.[1] ?? ''), diagnoses: notes.diagnoses }
    },
  }
}

function over(run: { done: boolean }): undefined {
  run.done = true
}
