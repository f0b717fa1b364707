import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { TableSource } from '@crystalmath/client'
import { UsageError } from '../exit.ts'

const FORMATS: readonly (readonly [RegExp, TableSource['format']])[] = [
  [/\.csv$/i, 'csv'],
  [/\.(ext)?xyz$/i, 'extxyz'],
  [/\.(jsonl|ndjson)$/i, 'jsonl'],
]

/** A table by its name: CSV, extended XYZ of many frames, JSON Lines, each gzipped too; read as it is sent. */
export async function sourceOf(file: string): Promise<TableSource> {
  const isZipped = /\.gz$/i.test(file)
  const name = file.replace(/\.gz$/i, '')
  const format = FORMATS.find(([pattern]) => pattern.test(name))?.[1]
  if (format === undefined)
    throw new UsageError(`${file}: no table that its name tells (.csv, .xyz, .extxyz, .jsonl, each also .gz)`)
  await stat(file) // said before anything is sent
  const open = () => (isZipped ? createReadStream(file).pipe(createGunzip()) : createReadStream(file))
  return { format, open }
}
