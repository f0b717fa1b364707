import { supervisorPid } from './config.ts'
import { type Log, openLog } from './log.ts'

export type App = {
  readonly log: Log
  /** Aborted when the service is asked to stop: every loop ends on it. */
  readonly signal: AbortSignal
  /** Closes at the end, last opened first, each under its own catch. */
  onClose(name: string, close: () => Promise<void> | void): void
}

/** Longest wait for a clean stop. */
const STOP_MS = 20_000

/** Starts a service, waits for SIGTERM or SIGINT, then closes what was opened, last opened first. A failed start closes too. */
export async function runService(name: string, level: string, start: (app: App) => Promise<void>): Promise<void> {
  const log = openLog(name, level)
  const controller = new AbortController()
  const closers: { readonly name: string; readonly close: () => Promise<void> | void }[] = []
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info({ signal }, 'stopping')
        resolve()
      })
    }
  })
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'a promise was rejected and nobody looked')
    process.exitCode = 1
    process.kill(process.pid, 'SIGTERM')
  })
  const leaveOrphaned = watchSupervisor(() => process.kill(process.pid, 'SIGTERM'))
  let failure: unknown
  try {
    const started = start({ log, signal: controller.signal, onClose: (what, close) => void closers.push({ name: what, close }) })
    // asked to stop while it still waits for a server: it is not waited for
    await Promise.race([started.then(() => log.info('ready')), stopped])
    await stopped
  } catch (error) {
    failure = error
    log.error({ err: error }, 'start failed')
    process.exitCode = 1
  }
  leaveOrphaned()
  const limit = setTimeout(() => {
    log.error('a clean stop took too long')
    process.exit(1)
  }, STOP_MS)
  limit.unref()
  controller.abort()
  for (const { name: what, close } of closers.toReversed()) {
    try {
      await close()
    } catch (error) {
      log.warn({ err: error, what }, 'could not be closed')
    }
  }
  log.info({ clean: failure === undefined }, 'stopped')
  log.flush()
  // what a start that never came to its end left open would keep the process: the limit ends it
}

/** How often a supervised service looks whether its supervisor is still there. */
const ORPHAN_MS = 2_000

/** Calls `onOrphaned` once the supervisor that started this process is gone: nobody would ever stop it. Returns how to leave off. */
function watchSupervisor(onOrphaned: () => void): () => void {
  if (supervisorPid === null) return () => undefined
  const timer = setInterval(() => {
    if (process.ppid === supervisorPid) return
    clearInterval(timer)
    onOrphaned()
  }, ORPHAN_MS)
  timer.unref()
  return () => clearInterval(timer)
}
