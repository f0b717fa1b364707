import { dirname } from 'node:path'
import type { CodeName } from '@crystalmath/contract'
import { readResult } from '../../../services/parser/src/read-result.ts'
import { openWorkers } from '../../../services/parser/src/workers.ts'
import { corpusFiles } from './files.ts'

// pool.ts COUNT PASSES: files per second of the parser service's pool of so many workers over the corpus, of none: as this process reads them by
// itself; and the CPU seconds of all threads meanwhile; as JSON. Goes on reading until it is ended, so that whoever runs beside it is never alone.
const LIMITS = { PARSE_SECONDS: 120, WORKER_MEBIBYTES: 1_024 }
const CODES: readonly (readonly [folder: string, code: CodeName])[] = [
  ['vasp', 'vasp'],
  ['orca', 'orca'],
  ['qe', 'quantum-espresso'],
  ['crystal', 'crystal'],
]
/** Files at hand for each worker. */
const AHEAD = 8

const jobs = corpusFiles().flatMap((path) =>
  CODES.flatMap(([folder, code]) => (path.includes(`/corpus/${folder}/`) ? [{ path, code }] : [])),
)
const [count = 1, passes = 1] = process.argv.slice(2).map(Number)
const workers = count === 0 ? null : openWorkers({ ...LIMITS, WORKERS: count } as Parameters<typeof openWorkers>[0])
const read = (path: string, code: CodeName) =>
  (workers?.parse ?? readResult)({ path, code, folder: dirname(path), submitted: null })

let [handedOut, over] = [0, 0]
let [began, cpu] = [performance.now(), process.cpuUsage()]

/** Files of one pass, as many passes at once as there are workers: each compiles for itself, and is as warm as one alone when it is timed. */
const ofPass = jobs.length * Math.max(1, count)

/** Timed from the end of the first pass, in which each worker loads and compiles, to that of the last, with more behind it. */
function note(): void {
  over += 1
  if (over === ofPass) [began, cpu] = [performance.now(), process.cpuUsage()]
  if (over !== ofPass * (1 + passes)) return
  const wallSeconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const filesPerSecond = (passes * ofPass) / wallSeconds
  process.stdout.write(`${JSON.stringify({ filesPerSecond, cpuSeconds: (user + system) / 1e6, wallSeconds })}\n`)
}

async function readOn(): Promise<void> {
  for (;;) {
    const job = jobs[handedOut % jobs.length]
    if (job === undefined) return
    handedOut += 1
    await read(job.path, job.code).then(note, note) // what no code knows is refused, which is work, too
  }
}

await Promise.all(Array.from({ length: count === 0 ? 1 : count * AHEAD }, readOn))
