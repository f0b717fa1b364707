import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'

/** Processes that may use so much of a core together, as a container's limit has it. */
export type Limited = { command(words: readonly string[]): readonly string[]; close(): void }

const PERIOD_US = 100_000

/** A control group of this machine (version 1 or 2 of the kernel's interface); null where none may be made. */
export function limitedTo(cores: number, name: string): Limited | null {
  const isFirst = existsSync('/sys/fs/cgroup/cpu')
  const folder = `/sys/fs/cgroup/${isFirst ? 'cpu/' : ''}crystalmath-bench-${process.pid}-${name}`
  const quota = Math.round(cores * PERIOD_US)
  try {
    mkdirSync(folder)
    if (isFirst) writeFileSync(`${folder}/cpu.cfs_quota_us`, `${quota}`)
    else writeFileSync(`${folder}/cpu.max`, `${quota} ${PERIOD_US}`)
  } catch {
    if (existsSync(folder)) rmdirSync(folder)
    return null
  }
  return {
    command: (words) => ['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', folder, ...words],
    close: () => rmdirSync(folder),
  }
}
