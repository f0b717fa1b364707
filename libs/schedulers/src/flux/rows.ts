import type { WaitingKind } from '@crystalmath/contract'
import { gist, troubleOf } from '../said.ts'
import type { AccountingReading, QueueReading, Said } from '../scheduler.ts'

type Reading = QueueReading | AccountingReading

/** One row for each line of `flux jobs`; `kind`: what it is called if the command fails. A line that is none of its own makes the reading incomplete. */
export function rowsOf<Row>(
  said: Said,
  kind: WaitingKind,
  rowOf: (line: string) => Row | null,
): Pick<Reading, 'complete' | 'trouble'> & { readonly rows: readonly Row[] } {
  const trouble = troubleOf(said, 'flux jobs', kind)
  if (trouble !== null) return { rows: [], complete: false, trouble }
  const rows: Row[] = []
  for (const line of said.stdout.split('\n').filter((line) => line !== '')) {
    const row = rowOf(line)
    if (row === null) {
      const said = `flux jobs printed a line that is none of its own: "${gist(line)}"`
      return { rows, complete: false, trouble: { kind: 'OTHER', said } }
    }
    rows.push(row)
  }
  return { rows, complete: true, trouble: null }
}
