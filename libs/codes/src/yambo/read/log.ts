import type { Diagnosis } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { notesOf, scanner } from '../../reading/sections.ts'
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
  let last = { line: 1, text: '' }
  return {
    feed(block: string, firstLine: number) {
      scan.feed(block, firstLine)
      const text = block.trimEnd()
      const from = text.lastIndexOf('\n') + 1
      if (text !== '')
        last = { line: firstLine + (text.slice(0, from).match(/\n/g)?.length ?? 0), text: detached(text.slice(from, from + 300)) }
    },
    end(): LogReading {
      if (!run.done && !run.failed) notes.diagnose('OUTPUT_INCOMPLETE', 'the log ends before YAMBO did', last)
      return { ...run, elapsedSeconds: secondsOf(/<([^>]*)>/.exec(last.text)?.[1] ?? ''), diagnoses: notes.diagnoses }
    },
  }
}

function over(run: { done: boolean }): undefined {
  run.done = true
}
