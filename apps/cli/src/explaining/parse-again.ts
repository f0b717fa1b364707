import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Client } from '@crystalmath/client'
import type { CalculationResult, CodeName } from '@crystalmath/contract'

/** Reads the kept outputs of an attempt with the readers of this release: what they say today beside what is stored. */
export async function parseAgain(
  client: Client,
  job: { readonly id: string; readonly code: CodeName },
  attempt: number,
): Promise<CalculationResult> {
  const { parsePath } = await import('@crystalmath/files')
  const folder = await mkdtemp(join(tmpdir(), 'crystalmath-explain-'))
  try {
    const { items } = await client.files(job.id, attempt)
    for (const { path } of items.filter(({ source }) => source === 'store')) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), await client.file(job.id, path, { attempt }))
    }
    return await parsePath(folder, { code: job.code })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What matters of a result, for comparison. */
export const gist = ({ termination, energyEv, electronicConverged, ionicConverged, diagnoses }: CalculationResult): string =>
  [
    termination,
    energyEv === null ? 'no energy' : `${energyEv} eV`,
    `converged: electrons ${electronicConverged ?? '-'}, ions ${ionicConverged ?? '-'}`,
    diagnoses.length === 0 ? 'nothing diagnosed' : diagnoses.map(({ kind }) => kind).join(', '),
  ].join('; ')
