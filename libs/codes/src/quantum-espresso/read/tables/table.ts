import type { CalculationResult, Reader } from '@crystalmath/contract'
import { detached, eachLine } from '../../../reading/hits.ts'
import { toNumber } from '../../../reading/numbers.ts'
import { emptyResult } from '../../../reading/result.ts'
import type { Reported } from '../reported.ts'

export type Row = readonly (number | null)[]

/** What a table gives to a result; null where nothing can be told. */
export type Told = Partial<CalculationResult>

type Table = {
  /** A line that begins with `#`, `&` or another letter. */
  onText?(line: string, lineNumber: number): void
  onRow(row: Row, lineNumber: number): void
  end(): Told
}

const IS_ROW = /^\s*[-+.\d*]/

/** Reads a small file line by line: rows of numbers (null for `*****`) and other lines. A row that is no numbers is a diagnosis. */
export function tableReader(file: string, table: Table): Reader<Reported> {
  const diagnoses: CalculationResult['diagnoses'] = []
  return {
    feed(block, firstLine) {
      // a last line without its end may be torn within a number
      eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, (line, lineNumber) => {
        if (line.trim() === '') return
        if (!IS_ROW.test(line)) return table.onText?.(line, lineNumber)
        const row = line.trim().split(/\s+/).map(toNumber)
        if (row.includes(null) && diagnoses.length < 10)
          diagnoses.push({
            kind: 'OUTPUT_UNREADABLE',
            message: `a row with something else than numbers: "${line.trim().slice(0, 100)}"`,
            evidence: { file, line: lineNumber, text: detached(line.trim().slice(0, 300)) },
          })
        table.onRow(row, lineNumber)
      })
    },
    end: () => ({
      program: null,
      result: { ...emptyResult('quantum-espresso'), termination: 'normal', ...table.end(), diagnoses },
    }),
  }
}

/** The column as numbers; null where one is missing. */
export function column(rows: readonly Row[], at: number): number[] | null {
  const numbers: number[] = []
  for (const row of rows) {
    const value = row[at]
    if (value === undefined || value === null) return null
    numbers.push(value)
  }
  return numbers
}
