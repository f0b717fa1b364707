import type { CodeName } from '@crystalmath/contract'
import { openWorkers } from '../../../services/parser/src/workers.ts'
import { corpusFiles } from './files.ts'

// pool.ts COUNT: files per second of the parser service's pool of so many workers over the corpus, and the CPU seconds of all threads; as JSON.
const LIMITS = { PARSE_SECONDS: 120, WORKER_MEBIBYTES: 1_024 }
const CODES: readonly (readonly [folder: string, code: CodeName])[] = [
  ['vasp', 'vasp'],
  ['orca', 'orca'],
  ['qe', 'quantum-espresso'],
  ['crystal', 'crystal'],
]
const jobs = corpusFiles().flatMap((path) =>
  CODES.flatMap(([folder, code]) => (path.includes(`/corpus/${folder}/`) ? [{ path, code }] : [])),
)
const workers = openWorkers({ ...LIMITS, WORKERS: Number(process.argv[2]) } as Parameters<typeof openWorkers>[0])

async function pass(): Promise<{ readonly filesPerSecond: number; readonly cpuSeconds: number; readonly wallSeconds: number }> {
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  await Promise.allSettled(jobs.map(({ path, code }) => workers.parse(path, code)))
  const wallSeconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { filesPerSecond: jobs.length / wallSeconds, cpuSeconds: (user + system) / 1e6, wallSeconds }
}

await pass() // each worker loads and compiles
const passes = [await pass(), await pass()]
await workers.close()
process.stdout.write(`${JSON.stringify(passes.sort((a, b) => b.filesPerSecond - a.filesPerSecond)[0])}\n`)
