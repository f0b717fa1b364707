import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'

/** CPU seconds (user and system) and resident set in MiB of a process, from /proc. */
export async function usageOf(pid: number): Promise<{ readonly cpuSeconds: number; readonly rssMebibytes: number }> {
  const [stat, status] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/status`, 'utf8')])
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return { cpuSeconds: ticks / 100, rssMebibytes: Number(kibibytes) / 1_024 }
}

/** CPU seconds of a process and of all that it began, those that are over included, from /proc. */
export async function cpuOfTree(root: number): Promise<number> {
  const all = new Map<number, { readonly parent: number; readonly seconds: number }>()
  for (const pid of (await readdir('/proc')).map(Number).filter((one) => one > 0)) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null) // over meanwhile
    if (stat === null) continue
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    all.set(pid, { parent: Number(fields[1]), seconds: ticks / 100 })
  }
  const below = (pid: number): number =>
    (all.get(pid)?.seconds ?? 0) + [...all].reduce((sum, [child, { parent }]) => (parent === pid ? sum + below(child) : sum), 0)
  return below(root)
}

/** Resident set in MiB of a node that only imports these packages: the floor of a service. */
export function rssOfImporting(packages: readonly string[], folder: string): number {
  const code = `await Promise.all(${JSON.stringify(packages)}.map((name) => import(name))); process.stdout.write(String(process.memoryUsage.rss() / 1048576))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8' })
  return Number(stdout)
}
