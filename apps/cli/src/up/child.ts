import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { noteProcess } from './instance.ts'
import { mainOf, NODE_COMPILE_CACHE, nodeOptionsOf, type ServiceName } from './services.ts'

/** One service process that is kept alive. */
export type Kept = {
  readonly service: ServiceName
  readonly replica: number
  pid(): number | null
  restarts(): number
  /** Sends a signal to the process as it is now; it is started again if that ends it. */
  signal(signal: NodeJS.Signals): void
  /** Lets it finish what is at work; kills it where that takes too long. */
  stop(): Promise<void>
}

export type Keep = {
  readonly service: ServiceName
  readonly replica: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly logFile: string
  /** Remembers the process, so that it is found after a supervisor that was killed. */
  readonly pidFile: string
  readonly onRestart: (line: string) => void
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000
/** A process that lived so long was healthy: the next pause is the first again. */
const HEALTHY_MS = 30_000
const STOP_MS = 25_000

/** Starts a service and starts it again whenever it ends unasked, after pauses that double. */
export function keepAlive({ service, replica, environment, logFile, pidFile, onRestart }: Keep): Kept {
  let child: ChildProcess | null = null
  let restarts = 0
  let pauseMs = FIRST_PAUSE_MS
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    const log = openSync(logFile, 'a')
    const startedMs = performance.now()
    child = spawn(process.execPath, [...nodeOptionsOf(service), mainOf(service)], {
      env: { NODE_COMPILE_CACHE, ...environment, SUPERVISOR_PID: String(process.pid) },
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    if (child.pid !== undefined) void noteProcess(pidFile, child.pid).catch(() => undefined)
    child.once('exit', (code, signal) => {
      child = null
      if (stopping) return
      if (performance.now() - startedMs > HEALTHY_MS) pauseMs = FIRST_PAUSE_MS
      restarts += 1
      onRestart(
        `${service}${replica === 1 ? '' : ` ${replica}`} ended with ${signal ?? `exit status ${code}`}; started again in ${pauseMs} ms; its log: ${logFile}`,
      )
      timer = setTimeout(start, pauseMs)
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    })
  }
  start()
  return {
    service,
    replica,
    pid: () => child?.pid ?? null,
    restarts: () => restarts,
    signal: (signal) => void child?.kill(signal),
    stop: async () => {
      stopping = true
      clearTimeout(timer)
      const last = child
      if (last === null || last.exitCode !== null) return
      const ended = new Promise<void>((resolve) => last.once('exit', () => resolve()))
      last.kill('SIGTERM')
      last.kill('SIGCONT') // a process that somebody stopped can still be told to end
      const kill = setTimeout(() => last.kill('SIGKILL'), STOP_MS)
      await ended
      clearTimeout(kill)
      await rm(pidFile, { force: true })
    },
  }
}
