import { readFile } from 'node:fs/promises'

/** The process that brought a site up; with its start, since numbers come again. */
export type Owner = { readonly pid: number; readonly started: string }

/** This process. */
export const thisProcess = async (): Promise<Owner> => ({ pid: process.pid, started: (await statOf(process.pid)).started })

/** Whether the process is still there. */
export const lives = async ({ pid, started }: Owner): Promise<boolean> =>
  started !== '' && (await statOf(pid)).started === started

/** Whether this process, or a child of a child of it, is the one with this number. */
export async function isWithin(pid: number, ancestor: number): Promise<boolean> {
  for (let at = pid; at > 1; at = (await statOf(at)).parent) if (at === ancestor) return true
  return false
}

/** From /proc/PID/stat: the 4th field, the parent, and the 22nd, the start in clock ticks since boot; empty where there is no such process. */
async function statOf(pid: number): Promise<{ readonly parent: number; readonly started: string }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // the second field is the program's name in brackets and may hold anything
  const [, parent = '0', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { parent: Number(parent), started: rest[17] ?? '' }
}
