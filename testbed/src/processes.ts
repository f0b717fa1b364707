import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether a process runs: a zombie does not, though signal 0 reaches it, and pid 1 of a container may be slow to reap. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = /^State:\s+(\S)/m.exec(await statusOf(pid))?.[1]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** The number in a pid file; null where there is none. */
export async function pidIn(file: string): Promise<number | null> {
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).trim())
  return Number.isInteger(pid) && pid > 1 ? pid : null
}

/** SIGTERM, and SIGKILL after `patienceMs`; resolves when it is gone. */
export async function stopPid(pid: number, patienceMs = 10_000): Promise<void> {
  const deadline = performance.now() + patienceMs
  signalPid(pid, 'SIGTERM')
  while (await isAlive(pid)) {
    if (performance.now() > deadline) signalPid(pid, 'SIGKILL')
    await delay(20)
  }
}

/** Sends a signal; a process that is gone already is none to complain about. */
export function signalPid(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Living processes for which `isWanted` says yes. */
export async function processes(
  isWanted: (process: { uid: number; commandLine: string; environment: () => Promise<string> }) => boolean | Promise<boolean>,
): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 1 && pid !== process.pid)
  const wanted = await Promise.all(
    pids.map(async (pid) => {
      if (!(await isAlive(pid))) return false
      const uid = Number(/^Uid:\s+(\d+)/m.exec(await statusOf(pid))?.[1] ?? -1)
      const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
      return isWanted({ uid, commandLine, environment: () => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '') })
    }),
  )
  return pids.filter((_, index) => wanted[index])
}

const statusOf = (pid: number) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
