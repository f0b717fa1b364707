import type { Diagnosis } from '@crystalmath/contract'
import { quoted } from '../../reading/hits.ts'
import type { Hit } from '../../reading/scanner.ts'
import { newRun, type OrcaRun } from './run.ts'

/** What the rules of one output share: the run being read (another one from the next banner on) and where it stands. */
export type Context = {
  readonly file: string
  readonly full: boolean
  run: OrcaRun
}

export const newContext = (file: string, full: boolean): Context => ({ file, full, run: newRun() })

export const diagnosisAt = (
  { file }: Context,
  kind: Diagnosis['kind'],
  message: string,
  hit: Pick<Hit, 'text' | 'line'>,
): Diagnosis => ({
  kind,
  message,
  evidence: { file, line: hit.line(), text: quoted(hit.text) },
})

/** Says that something printed is not a number, and gives null for it. */
export function unreadable(context: Context, what: string, text: string | undefined, hit: Pick<Hit, 'text' | 'line'>): null {
  if (context.run.diagnoses.length < 20)
    context.run.diagnoses.push(
      diagnosisAt(context, 'OUTPUT_UNREADABLE', `${what} is not a number: "${(text ?? '').trim()}"`, hit),
    )
  return null
}
