import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import type { JobRequestInput } from '@crystalmath/contract'
import type { ConnectionFlags } from '../connection.ts'
import { UsageError } from '../exit.ts'
import { readJson } from '../json-file.ts'

/** What of a job flags can say; of one, of many files, or of every row of a table. */
export type RequestFlags = {
  readonly project?: string
  readonly cluster?: string
  readonly code?: string
  readonly preset?: string
  readonly calculation?: string
  readonly set?: Readonly<Record<string, unknown>>
  readonly label?: Readonly<Record<string, string>>
  readonly nodes?: number
  readonly ranks?: number
  readonly threads?: number
  readonly gpus?: number
  readonly memory?: number
  readonly walltime?: number
  readonly partition?: string
  readonly account?: string
  readonly qos?: string
  readonly priority?: number
  readonly strategy?: string
  readonly maxAttempts?: number
}

export type SubmitFlags = ConnectionFlags &
  RequestFlags & {
    readonly name?: string
    readonly after?: string
    readonly skipBad?: boolean
    readonly dryRun?: boolean
    readonly idempotencyKey?: string
    readonly wait?: boolean
    readonly json?: boolean
  }

export type Row = Readonly<Record<string, unknown>>

/** What the files and flags ask for, one request per job; the platform checks them. */
export async function requestsOf(files: readonly string[], flags: SubmitFlags): Promise<readonly JobRequestInput[]> {
  const rows: Row[] = []
  for (const file of files) {
    const text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8')
    rows.push(...(isJson(file, text) ? rowsOf(file, readJson(file, text)) : [structureRow(file, text)]))
  }
  const { name, after } = flags
  return rows.map((row) => ({ ...withFlags(row, flags), ...defined({ name, after }) }) as JobRequestInput)
}

const isJson = (file: string, text: string): boolean => /\.json$/i.test(file) || /^\s*[[{]/.test(text)

function rowsOf(file: string, value: unknown): readonly Row[] {
  const rows = Array.isArray(value) ? value : isRow(value) && Array.isArray(value['jobs']) ? value['jobs'] : [value]
  const wrong = rows.findIndex((row) => !isRow(row))
  if (wrong >= 0) throw new UsageError(`${file}: row ${wrong} is not a job but ${JSON.stringify(rows[wrong])?.slice(0, 60)}`)
  if (rows.length === 0) throw new UsageError(`${file}: holds no jobs`)
  return rows
}

export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function structureRow(file: string, text: string): Row {
  return {
    name: basename(file).replace(/\.(cif|vasp|poscar|xyz|extxyz)$/i, ''),
    structure: { format: formatOf(file, text), text },
  }
}

/** By the file's name; XYZ with a `Lattice=` in its comment is extended XYZ. */
export function formatOf(file: string, text: string): 'poscar' | 'cif' | 'extxyz' | 'xyz' {
  const name = basename(file)
  if (/\.cif$/i.test(name)) return 'cif'
  if (/^(POSCAR|CONTCAR)|\.(vasp|poscar)$/i.test(name)) return 'poscar'
  if (/\.extxyz$/i.test(name)) return 'extxyz'
  if (/\.xyz$/i.test(name)) return /(^|\s)(Lattice|Properties)=/i.test(text.split('\n')[1] ?? '') ? 'extxyz' : 'xyz'
  throw new UsageError(`${file}: neither JSON nor a structure that its name tells (.cif, .vasp, POSCAR, .xyz, .extxyz)`)
}

/** What of it was said. */
export const defined = (row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))

/** A request with what flags say, which goes before. */
export function withFlags(row: Row, flags: RequestFlags): Row {
  const inside = (name: string, given: Row): Row => {
    const all = { ...(isRow(row[name]) ? row[name] : {}), ...given }
    return Object.keys(all).length === 0 || (row[name] !== undefined && !isRow(row[name])) ? {} : { [name]: all }
  }
  return {
    ...row,
    ...defined({
      project: flags.project ?? row['project'],
      cluster: flags.cluster ?? row['cluster'],
      code: flags.code,
      priority: flags.priority,
    }),
    ...inside(
      'parameters',
      deepened(row['parameters'], defined({ preset: flags.preset, calculation: flags.calculation, ...flags.set })),
    ),
    ...inside('labels', flags.label ?? {}),
    ...inside(
      'resources',
      defined({
        nodes: flags.nodes,
        ranks: flags.ranks,
        threadsPerRank: flags.threads,
        gpusPerNode: flags.gpus,
        memoryMebibytes: flags.memory,
        walltimeSeconds: flags.walltime,
        partition: flags.partition,
        account: flags.account,
        qos: flags.qos,
      }),
    ),
    ...inside('recovery', defined({ strategy: flags.strategy, maxAttempts: flags.maxAttempts })),
  }
}

/** Nested settings are merged, so that `--set system.ecutwfc=40` keeps the rest of `system`. */
function deepened(base: unknown, given: Row): Row {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const before = isRow(base) ? base[name] : undefined
      return [name, isRow(before) && isRow(value) ? { ...before, ...deepened(before, value) } : value]
    }),
  )
}
