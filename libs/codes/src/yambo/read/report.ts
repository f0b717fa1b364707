import type { ReadOptions } from '../../code-reads.ts'
import { lastLineSeen, notesOf, type Rule, scanner } from '../../reading/sections.ts'
import { bandRules } from './band-rules.ts'
import { errorRules } from './errors.ts'
import { levelRules } from './level-rules.ts'
import { type Context, noLevels, type ReportReading, type ReportRun } from './run.ts'
import { setupRules } from './setup-rules.ts'
import { secondsOf } from './times.ts'

/** Reads the report `r-*` or `r_setup` of YAMBO 3 to 5. */
export function report(file: string, { full }: ReadOptions) {
  const notes = notesOf(file)
  const run: ReportRun = {
    version: null,
    done: false,
    failed: false,
    ranks: null,
    threads: null,
    wallSeconds: null,
    volume: null,
    elements: new Map(),
    method: {},
    levels: new Map(),
    quasiparticles: [],
    energies: { kPoints: [], energies: [], weights: [] },
    warnings: new Set(),
  }
  const context: Context = { notes, run, levels: noLevels(), kPoint: 0, ended: false }
  const scan = scanner([
    ...setupRules(context),
    ...levelRules(context),
    ...(full ? bandRules(run.energies) : []),
    ...ending(context),
    ...errorRules(notes, run),
  ])
  const last = lastLineSeen()
  return {
    feed(block: string, firstLine: number) {
      scan.feed(block, firstLine)
      last.see(block, firstLine)
    },
    end(): ReportReading {
      if (!run.done && !run.failed) notes.diagnose('OUTPUT_INCOMPLETE', 'the report ends before YAMBO did', last.at())
      return { ...run, diagnoses: notes.diagnoses }
    },
  }
}

const ending = (context: Context): readonly Rule[] => [
  { pattern: /\] Game Over & Game summary/, read: () => over(context) },
  { pattern: /\d\d\/\d\d\/\d{4} at \d\d:\d\d +(?:[^\n[]* )?\[end\]/, torn: true, read: () => ended(context) },
  {
    pattern: /(?:Time-Profile\]|Timing +\[Min\/Max\/Average\]) *: *(?<times>[^\n]+)/,
    read: ({ groups }) => times(context, groups['times'] ?? ''),
  },
]

function over(context: Context): undefined {
  context.ended = true
}

function ended({ run, ended: summary }: Context): undefined {
  if (summary) run.done = true
}

/** Only the timing of the summary is that of the whole run; the largest of `min/max/average`. */
function times({ run, ended: summary }: Context, text: string): undefined {
  if (!summary) return
  const seconds = text.split('/').map(secondsOf)
  const known = seconds.filter((value) => value !== null)
  if (known.length > 0 && known.length === seconds.length) run.wallSeconds = Math.max(...known, run.wallSeconds ?? 0)
}
