import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TableSource } from '@crystalmath/client'
import type { CalculationResult } from '@crystalmath/contract'
import { UsageError } from '../exit.ts'
import { readDirectory } from './job-directories.ts'

type Row = Readonly<Record<string, unknown>>

/** Columns of the table `structures` that mean something to us; all others are kept as they are. `spin` is the multiplicity there. */
const MEANT = new Set(['id', 'geometry', 'charge', 'spin', 'status'])

/** What became of the rows of a workflow database. */
export type WorkflowCounts = { toRun: number; adopted: number; withoutOutputs: number }

/** The SQLite database of architector's workflow manager as a table. Calculations whose outputs are there are adopted; those that it calls completed
 * and whose outputs are not there are left out: neither are their numbers ours, nor are they run again. */
export function workflowSource(file: string, counts: WorkflowCounts): TableSource {
  const open = async function* () {
    const encoder = new TextEncoder()
    Object.assign(counts, { toRun: 0, adopted: 0, withoutOutputs: 0 })
    const database = openDatabase(file)
    try {
      for (const row of database.prepare('SELECT * FROM structures ORDER BY id').iterate()) {
        const line = await lineOf(file, row, counts)
        if (line !== null) yield encoder.encode(`${JSON.stringify(line)}\n`)
      }
    } finally {
      database.close()
    }
  }
  openDatabase(file).close() // said before anything is sent
  return { format: 'jsonl', open }
}

function openDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { readOnly: true })
    database.prepare('SELECT id, geometry, charge, spin, status FROM structures LIMIT 1').get()
    return database
  } catch (error) {
    throw new UsageError(`${file}: not a workflow database: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function lineOf(file: string, row: Row, counts: WorkflowCounts): Promise<Row | null> {
  const { id, geometry, charge, spin, status } = row
  const others = Object.fromEntries(Object.entries(row).filter(([name, value]) => !MEANT.has(name) && value !== null))
  const line = {
    ...others,
    workflow_id: id,
    workflow_status: status,
    aligned_csd_core: geometry,
    ...(charge === null ? {} : { charge }),
    ...(spin === null ? {} : { multiplicity: spin }),
  }
  const result = await outputsOf(file, row)
  if (result !== null) {
    counts.adopted += 1
    return { ...line, path: row['job_dir'], adopted: result }
  }
  if (status === 'completed') {
    counts.withoutOutputs += 1
    return null
  }
  counts.toRun += 1
  return line
}

/** Of calculations that are over, from where the database says they ran; relative paths are meant from beside it. */
async function outputsOf(file: string, { status, job_dir: folder }: Row): Promise<CalculationResult | null> {
  if (typeof folder !== 'string' || folder === '' || !['completed', 'failed', 'timeout'].includes(String(status))) return null
  return await readDirectory(resolve(dirname(file), folder)).catch(() => null)
}
