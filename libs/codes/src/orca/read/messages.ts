import type { Diagnosis, Reader } from '@crystalmath/contract'
import { scanner } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'

/** Reads what was written to standard error: causes from MPI and the system only. */
export function messages(file: string): Reader<Diagnosis[]> {
  const found: Diagnosis[] = []
  const feed = scanner(
    systemCauses(file, (diagnosis) => {
      if (found.length < 5 && !found.some(({ kind }) => kind === diagnosis.kind)) found.push(diagnosis)
    }),
  )
  return { feed, end: () => found }
}
