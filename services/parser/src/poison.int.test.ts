import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type CalculationResult, JobId } from '@crystalmath/contract'
import type { Command, End, Job } from '@crystalmath/job'
import type { Log } from '@crystalmath/service'
import type { JobsPort } from '@crystalmath/store'
import { type ResultBody, resultIn } from '@crystalmath/store/packed'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseJob } from './parse-job.ts'
import type { Task } from './read-result.ts'
import { openWorkers, ReaderFault, type Workers } from './workers.ts'

/** An optimisation log: with many steps, its result is what no small worker holds. */
function log(steps: number): string {
  const rows = Array.from({ length: steps }, (_, i) => `BFGS: ${String(i).padStart(7)} 12:00:00 ${(-10 - i).toFixed(6)} 0.500000`)
  return `      Step     Time          Energy         fmax\n${rows.join('\n')}\n`
}
const LONG = log(500_000)

/** Everything that parsing asks of a store: one ended job, its outputs, and a place for the result. */
function storeOf(content: string, ended: Pick<End, 'ending' | 'exitCode'> = { ending: 'COMPLETED', exitCode: 0 }) {
  const id = JobId.parse('01890a5d-ac96-774b-bcce-b302099a8057')
  const end = { ...ended, evidence: { source: 'sentinel', said: `exit ${ended.exitCode}` } }
  const job = {
    id,
    attempt: 1,
    status: 'ended',
    code: 'ase',
    resultId: null,
    keeping: { parse: '.' },
    structureHash: null,
    startedAt: '2026-11-21T10:00:00.000Z',
    end,
  }
  const saved: CalculationResult[] = []
  const told: Command[] = []
  const jobs = {
    findJob: async () => job as unknown as Job,
    readOutputs: async function* () {
      yield { path: 'opt.log', content: Buffer.from(content) }
    },
    saveResultBody: async (_id: string, _attempt: number, body: ResultBody) => {
      saved.push(resultIn(body))
      return 'result'
    },
    tell: async (_id: string, command: Command) => {
      told.push(command)
      return job as unknown as Job
    },
  } as unknown as JobsPort
  return { id, jobs, saved, told }
}

const asItLies = (path: string): Task => ({ path, code: 'ase', folder: dirname(path), submitted: null })

const quiet = { info: () => undefined, error: () => undefined } as unknown as Log
const parse = async (workers: Workers, content: string, ended?: Pick<End, 'ending' | 'exitCode'>) => {
  const { id, jobs, saved, told } = storeOf(content, ended)
  const outcome = await parseJob({ jobs, workers, log: quiet, clock: { now: () => 0 } as never }, id, 1)
  return { outcome, result: saved[0], told }
}

describe('a poisonous output', () => {
  let folder = ''
  const opened: Workers[] = []
  const open = (limits: { readonly PARSE_SECONDS: number; readonly WORKER_MEBIBYTES: number }): Workers => {
    const workers = openWorkers({ WORKERS: 1, ...limits } as Parameters<typeof openWorkers>[0])
    opened.push(workers)
    return workers
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crystalmath-poison-'))
  })
  afterEach(async () => {
    for (const workers of opened.splice(0)) await workers.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('that no worker can hold costs its message, with the cause; its job waits, and the next one is parsed', async () => {
    const workers = open({ PARSE_SECONDS: 120, WORKER_MEBIBYTES: 64 })
    const { outcome, result, told } = await parse(workers, log(2_000_000))
    expect(outcome).toEqual({ kind: 'reject', because: expect.stringContaining('takes more than 64 MiB') })
    expect(result).toBeUndefined()
    expect(told).toMatchObject([{ type: 'Wait', during: 'ended', waitingFor: { kind: 'PARSER_FAULT' } }])

    const next = await parse(workers, log(3))
    expect(next.outcome).toEqual({ kind: 'ack' })
    expect(next.result?.energyEv).toBe(-12)
  }, 120_000)

  it('that takes too long is given up, and the next one is read', async () => {
    const workers = open({ PARSE_SECONDS: 1, WORKER_MEBIBYTES: 2_048 })
    const slow = join(folder, 'slow.log')
    await writeFile(slow, LONG.repeat(18))
    await expect(workers.parse(asItLies(slow))).rejects.toThrow(`${slow}: not read within 1 s`)

    const patient = open({ PARSE_SECONDS: 60, WORKER_MEBIBYTES: 256 })
    await writeFile(join(folder, 'opt.log'), log(3))
    expect((await patient.parse(asItLies(join(folder, 'opt.log')))).summary.energyEv).toBe(-12)
  }, 120_000)

  it('that shows a bug of a reader becomes a dead letter with the stack; its job waits', async () => {
    const broken: Workers = {
      parse: () =>
        Promise.reject(new ReaderFault('x is undefined', 'TypeError: x is undefined\n    at readEnergy (energy.ts:7:3)')),
      close: () => Promise.resolve(),
    }
    const { outcome, result, told } = await parse(broken, log(3))
    expect(outcome).toEqual({ kind: 'reject', because: expect.stringContaining('at readEnergy (energy.ts:7:3)') })
    expect(result).toBeUndefined()
    expect(told).toMatchObject([{ type: 'Wait', waitingFor: { because: expect.stringContaining('x is undefined') } }])
  })

  it('that cannot be unpacked for want of space comes again', async () => {
    const full: Workers = {
      parse: () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })),
      close: () => Promise.resolve(),
    }
    await expect(parse(full, log(3))).rejects.toThrow('ENOSPC')
  })

  it('that is not what it says it is costs its message', async () => {
    const { outcome } = await parse(open({ PARSE_SECONDS: 60, WORKER_MEBIBYTES: 256 }), '')
    expect(outcome.kind).toBe('reject')
  }, 60_000)

  it('is none where the run was killed before it had written anything', async () => {
    const killed = { ending: 'FAILED', exitCode: 137 } as const
    const { outcome, told } = await parse(open({ PARSE_SECONDS: 60, WORKER_MEBIBYTES: 256 }), '', killed)
    expect(outcome).toEqual({ kind: 'ack' })
    const message = 'the outputs could not be read: no output of a known code among its 1 files'
    expect(told).toMatchObject([{ type: 'RecordResult', diagnosis: { kind: 'OUTPUT_INCOMPLETE', message } }])
  }, 60_000)
})
