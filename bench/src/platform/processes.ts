import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** CPU seconds (user and system) and resident set in MiB of a process, from /proc. */
export async function usageOf(pid: number): Promise<{ readonly cpuSeconds: number; readonly rssMebibytes: number }> {
  const [stat, status] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/status`, 'utf8')])
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return { cpuSeconds: ticks / 100, rssMebibytes: Number(kibibytes) / 1_024 }
}

/** Resident set in MiB of a node that only imports these packages: the floor of a service. */
export function rssOfImporting(packages: readonly string[], folder: string): number {
  const code = `await Promise.all(${JSON.stringify(packages)}.map((name) => import(name))); process.stdout.write(String(process.memoryUsage.rss() / 1048576))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8' })
  return Number(stdout)
}
