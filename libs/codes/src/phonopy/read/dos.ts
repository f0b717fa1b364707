import { eachLine } from '../../reading/hits.ts'
import { toNumbers } from '../../reading/numbers.ts'

export type DosReading = {
  readonly frequencies: readonly number[]
  /** One list per column after the first: the total, or one per projection. */
  readonly densities: readonly (readonly number[])[]
}

const MAX_ROWS = 2_000_000

/** Reads total_dos.dat and projected_dos.dat: frequency, then densities. A torn last row is left out. */
export function dosFile() {
  const frequencies: number[] = []
  const densities: number[][] = []
  return {
    feed(block: string, firstLine: number) {
      eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, (text) => {
        const row = text.startsWith('#') ? null : toNumbers(text)
        if (row === null || row.length < 2 || frequencies.length >= MAX_ROWS) return
        if (frequencies.length > 0 && row.length !== densities.length + 1) return
        frequencies.push(row[0] ?? 0)
        for (const [i, density] of row.slice(1).entries()) {
          const column = densities[i] ?? []
          densities[i] = column
          column.push(density)
        }
      })
    },
    end: (): DosReading => ({ frequencies, densities }),
  }
}
