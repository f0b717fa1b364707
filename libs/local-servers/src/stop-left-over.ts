import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { STOP_TIMEOUT_MS } from './config.ts'
import { isAlive, stopProcess } from './process.ts'

/** Stops the servers that a killed parent left running in these folders of theirs; data stay. */
export async function stopLeftOver(...dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    const pidFiles = (await readdir(dir).catch((): string[] => [])).filter((name) => name.endsWith('.pid'))
    for (const name of pidFiles) {
      const pid = Number(await readFile(join(dir, name), 'utf8').catch(() => ''))
      if (pid > 1 && (await isAlive(pid)) && (await mentions(pid, dir))) await stopProcess(pid, STOP_TIMEOUT_MS)
    }
  }
}

/** A number comes again; a command line with this folder in it does not. */
const mentions = async (pid: number, dir: string): Promise<boolean> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(dir)
