import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether a process runs: a zombie that nobody has reaped does not, though signal 0 reaches it. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const state = /^State:\s+(\S)/m.exec(status)?.[1]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** SIGTERM, then SIGKILL when it has not gone after `timeoutMs`. */
export async function stopProcess(pid: number, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  if (!signal(pid, 'SIGTERM')) return
  while (await isAlive(pid)) {
    if (performance.now() > deadline) signal(pid, 'SIGKILL')
    await delay(20)
  }
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
