import { readFile } from 'node:fs/promises'

/** The process that brought a site up; with its start, since numbers come again. */
export type Owner = { readonly pid: number; readonly started: string }

/** This process. */
export const thisProcess = async (): Promise<Owner> => ({ pid: process.pid, started: await startOf(process.pid) })

/** Whether the process is still there. */
export const lives = async ({ pid, started }: Owner): Promise<boolean> => started !== '' && (await startOf(pid)) === started

/** The 22nd field of /proc/PID/stat: clock ticks since boot; empty where there is no such process. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // the second field is the program's name in brackets and may hold anything
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
