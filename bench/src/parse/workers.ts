import type { CodeName } from '@crystalmath/contract'
import { openWorkers } from '../../../services/parser/src/workers.ts'
import { corpusFiles } from './files.ts'

const LIMITS = { PARSE_SECONDS: 120, WORKER_MEBIBYTES: 1_024 }
const CODES: readonly (readonly [folder: string, code: CodeName])[] = [
  ['vasp', 'vasp'],
  ['orca', 'orca'],
  ['qe', 'quantum-espresso'],
  ['crystal', 'crystal'],
]

/** Files per second of the parser service's pool, with one worker and with two. Null without the corpus. */
export async function measureWorkers(): Promise<{ readonly one: number; readonly two: number } | null> {
  const jobs = corpusFiles().flatMap((path) =>
    CODES.flatMap(([folder, code]) => (path.includes(`/corpus/${folder}/`) ? [{ path, code }] : [])),
  )
  if (jobs.length === 0) return null
  const rate = async (count: number): Promise<number> => {
    const workers = openWorkers({ ...LIMITS, WORKERS: count } as Parameters<typeof openWorkers>[0])
    const pass = () => Promise.allSettled(jobs.map(({ path, code }) => workers.parse(path, code)))
    await pass() // each worker loads and compiles
    const began = performance.now()
    await pass()
    const seconds = (performance.now() - began) / 1_000
    await workers.close()
    return jobs.length / seconds
  }
  return { one: await rate(1), two: await rate(2) }
}
