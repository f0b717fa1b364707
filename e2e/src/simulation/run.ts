import type { EndSentinel, Token } from '@crystalmath/contract'
import type { Files } from './folders.ts'
import type { RunJob } from './slurm.ts'
import type { World } from './world.ts'

/** What really ran: the judge of everything else. */
export type Execution = {
  readonly token: Token
  readonly owner: string
  readonly startedMs: number
  stoppedMs: number | null
  /** The run's own end sentinel; null where it never got to write one. */
  exitCode: number | null
}

export type RunOptions = {
  readonly files: Files
  readonly executions: Execution[]
  /** A code of its own that this attempt's program ends with. */
  readonly exitCodeOf: (token: Token) => number
  readonly onStart: (execution: Execution) => void
}

/** job.sh, step by step. A killed process stops between two of them. */
export const makeRun =
  (world: World, { files, executions, exitCodeOf, onStart }: RunOptions): RunJob =>
  async (job, process) => {
    const { time, chance, broken } = world
    const folder = files.folder(job.token)
    const me = `${job.id}.${job.restart}`
    const pause = (ms: number) => world.sleep(process, ms)
    const finish = (exitCode: number, cause: string) => {
      const end: EndSentinel = { owner: me, atSeconds: files.clusterSeconds(), host: 'c1', exitCode, cause, files: [] }
      folder.end = files.seenLater(end)
      files.announce({ kind: 'end', token: job.token, end })
    }
    process.onDeath = () => stopped(executions, me, job.token, time.now())
    await pause(chance.between(0, 2_000))

    if (folder.lock === null) Object.assign(folder, { lock: me, lockVisibleMs: files.seenLater(null).visibleMs })
    const winner = folder.lock ?? me
    if (winner !== me && !passes(winner, me, broken)) {
      const kind = idOf(winner) === idOf(me) ? 'requeued' : 'duplicate'
      folder.others.push(files.seenLater({ kind, owner: me }))
      files.announce({ kind, token: job.token, owner: me })
      return kind === 'requeued' ? 76 : 75
    }
    // signals
    let terminated: (() => void) | null = null
    const interrupted = new Promise<'terminated'>((resolve) => (terminated = () => resolve('terminated')))
    job.terminate = terminated
    await pause(50)
    if (folder.cancel !== null && folder.cancel.visibleMs <= time.now()) {
      finish(143, 'cancelled')
      return 143
    }
    const start = { owner: me, atSeconds: files.clusterSeconds(), host: 'c1' }
    folder.start = files.seenLater(start)
    files.announce({ kind: 'start', token: job.token, start })
    await pause(chance.between(10, 300))
    if (folder.inputs !== 'whole') {
      finish(66, 'inputs')
      return 66
    }

    const execution: Execution = { token: job.token, owner: me, startedMs: time.now(), stoppedMs: null, exitCode: null }
    executions.push(execution)
    onStart(execution)
    const how = await Promise.race([pause(chance.pick([2_000, 20_000, 150_000]) * chance.next()), interrupted])
    if (how === 'terminated') {
      // the sentinel first; then the program has until SIGKILL
      finish(143, folder.cancel !== null && folder.cancel.visibleMs <= time.now() ? 'cancelled' : 'terminated')
      await pause(chance.between(1_000, 29_000))
      execution.stoppedMs = time.now()
      return 143
    }
    const code = exitCodeOf(job.token)
    execution.stoppedMs = time.now()
    await pause(chance.between(0, 500))
    execution.exitCode = code
    finish(code, 'exit')
    world.trace(() => `run: ${job.token} by ${me} ends with ${code}`)
    return code
  }

const idOf = (owner: string): string => owner.slice(0, owner.lastIndexOf('.'))

const passes = (lock: string, me: string, broken: World['broken']): boolean =>
  broken.has('noLock') || (broken.has('requeueAllowed') && idOf(lock) === idOf(me))

function stopped(executions: readonly Execution[], owner: string, token: Token, atMs: number): void {
  const execution = executions.findLast((one) => one.owner === owner && one.token === token)
  if (execution !== undefined && execution.stoppedMs === null) execution.stoppedMs = atMs
}
