/** What one pretended site is like. Everything has a default. */
export type SiteOptions = {
  /** Names its folder, its user and its cluster; a second site beside the first only needs another one. 1-8 of `a-z0-9`. */
  readonly name?: string
  /** MariaDB and slurmdbd; without them `sacct` says that accounting is disabled. Default true. */
  readonly accounting?: boolean
  /** Pretended compute nodes of 8 cores and 4000 MiB; the first half is partition `short`, the rest `long`. Default 4. */
  readonly nodes?: number
  /** For how long `squeue -t all` shows a finished job. Default 300. */
  readonly minJobAgeSeconds?: number
  /** sshd's MaxSessions: channels over one connection. Default 10, as sshd's own. */
  readonly maxSessions?: number
  /** Limits of the user's association, enforced at submit; they need accounting. */
  readonly maxSubmitJobs?: number
  readonly maxRunningJobs?: number
  /** QOS `low` and `high`; a job of `high` puts one of `low` back into the queue or cancels it. Needs accounting. */
  readonly preemption?: 'REQUEUE' | 'CANCEL'
  /** Impossible requests are refused at submit instead of pending for ever. Default false. */
  readonly enforcePartitionLimits?: boolean
  /** `polled`: FAILED 0:9, as sites without cgroups. `cgroup`: true OUT_OF_MEMORY; needs cgroup v1 with the memory controller. */
  readonly memoryLimit?: 'polled' | 'cgroup'
  /** What `.bashrc` and `.bash_profile` print on every login, before any answer. */
  readonly loginNoise?: string
  /** More lines of slurm.conf. */
  readonly slurmConf?: readonly string[]
  /** In /dev/shm where there is room: no disk, no trace. Default true. */
  readonly inMemory?: boolean
  /** Stays up when this process ends; without it the next run of tests takes it down. Default false. */
  readonly keep?: boolean
  /** Hears a line for each stage, with seconds since the start. */
  readonly onProgress?: (line: string) => void
}

/** The options with every default filled in. */
export type Settings = {
  readonly name: string
  readonly accounting: boolean
  readonly nodes: number
  readonly minJobAgeSeconds: number
  readonly maxSessions: number
  readonly maxSubmitJobs: number | null
  readonly maxRunningJobs: number | null
  readonly preemption: 'REQUEUE' | 'CANCEL' | null
  readonly enforcePartitionLimits: boolean
  readonly memoryLimit: 'polled' | 'cgroup'
  readonly loginNoise: string
  readonly slurmConf: readonly string[]
}

/** Fills in the defaults; throws on what cannot work. */
export function toSettings(options: SiteOptions): Settings {
  const settings: Settings = {
    name: options.name ?? 'one',
    accounting: options.accounting ?? true,
    nodes: options.nodes ?? 4,
    minJobAgeSeconds: options.minJobAgeSeconds ?? 300,
    maxSessions: options.maxSessions ?? 10,
    maxSubmitJobs: options.maxSubmitJobs ?? null,
    maxRunningJobs: options.maxRunningJobs ?? null,
    preemption: options.preemption ?? null,
    enforcePartitionLimits: options.enforcePartitionLimits ?? false,
    memoryLimit: options.memoryLimit ?? 'polled',
    loginNoise: options.loginNoise ?? '',
    slurmConf: options.slurmConf ?? [],
  }
  if (!/^[a-z0-9]{1,8}$/.test(settings.name))
    throw new Error(`a site's name has 1 to 8 letters a-z or digits, not "${settings.name}"`)
  if (settings.nodes < 2) throw new Error(`a site has 2 nodes or more, one for each partition, not ${settings.nodes}`)
  const needsAccounting = settings.maxSubmitJobs !== null || settings.maxRunningJobs !== null || settings.preemption !== null
  if (needsAccounting && !settings.accounting) throw new Error(`limits and preemption of site "${settings.name}" need accounting`)
  return settings
}
