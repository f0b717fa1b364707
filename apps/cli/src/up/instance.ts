import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PermanentError } from '@crystalmath/contract'

/** A process for certain: its number, and when it began, because numbers come again. */
export type Process = { readonly pid: number; readonly began: string }

const STOP_MS = 25_000

/** When a process began, by the kernel's count (field 22 of `/proc/PID/stat`); null if it is gone or a zombie. */
async function beginningOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // the name in brackets may hold anything: fields count from its end
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state] = fields
  return text === '' || state === 'Z' || state === 'X' ? null : (fields[19] ?? null)
}

async function readProcess(file: string): Promise<(Process & { readonly url?: string }) | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const [pid = '', began = '', url] = text.trim().split(' ')
  return /^\d+$/.test(pid) && began !== '' ? { pid: Number(pid), began, ...(url === undefined ? {} : { url }) } : null
}

const isAlive = async ({ pid, began }: Process): Promise<boolean> => (await beginningOf(pid)) === began

/** Notes which process a file stands for. */
export async function noteProcess(file: string, pid: number, url = ''): Promise<void> {
  const began = await beginningOf(pid)
  if (began !== null) await writeFile(file, `${pid} ${began} ${url}`.trimEnd())
}

/** A supervisor that was killed leaves its children; they are stopped before others take their work. */
export async function stopLeftOver(file: string): Promise<void> {
  const left = await readProcess(file)
  const deadline = performance.now() + STOP_MS
  for (let signal: NodeJS.Signals | null = 'SIGTERM'; left !== null && (await isAlive(left)); await delay(50)) {
    if (performance.now() > deadline) signal = 'SIGKILL'
    if (signal !== null) process.kill(left.pid, signal)
    signal = null
  }
  await rm(file, { force: true })
}

/** Takes a data folder for this process; two platforms in one folder would share one database. Returns how to give it back. */
export async function takeFolder(dataFolder: string): Promise<() => Promise<void>> {
  const file = join(dataFolder, 'up.pid')
  const other = await readProcess(file)
  if (other !== null && (await isAlive(other))) {
    throw new PermanentError(
      `a platform runs in ${dataFolder} already, as process ${other.pid}; stop it, or name another folder with --data`,
    )
  }
  await noteProcess(file, process.pid)
  return () => rm(file, { force: true })
}
