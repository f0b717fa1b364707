import { PermanentError, type Resources } from '@crystalmath/contract'

/** Seconds to Slurm's `D-HH:MM:SS`. Rounds up to whole seconds: a limit shorter than asked for kills the job. */
export function formatWalltime(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  const days = Math.floor(whole / 86_400)
  const clock = [Math.floor(whole / 3_600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(two).join(':')
  return days > 0 ? `${days}-${clock}` : clock
}

/** Seconds before the wall clock runs out at which a code is asked to stop: a twentieth of it, 30 s to 10 min. Null below five minutes:
 * Slurm looks at limits every half minute and sends the signal up to a minute early, which would stop a short job at its start. */
export const earlySignalSeconds = (walltimeSeconds: number): number | null =>
  walltimeSeconds < 300 ? null : Math.floor(Math.min(Math.max(walltimeSeconds / 20, 30), 600))

/** Options that change where and how a job runs, not what it is, who is told, or what it waits for. */
const HARMLESS = new Set(
  (
    'constraint prefer cluster-constraint exclude nodelist exclusive oversubscribe mem-per-cpu mem-per-gpu ntasks-per-node ntasks-per-socket ntasks-per-core ' +
    'gres gpus gpus-per-task gpu-bind gpu-freq cpus-per-gpu licenses hint mem-bind tmp reservation switches contiguous distribution wckey core-spec ' +
    'threads-per-core sockets-per-node cores-per-socket nice cpu-freq mincpus network spread-job use-min-nodes thread-spec exclude-nodes'
  ).split(' '),
)

/** One option as a user wrote it, `--constraint=haswell`; throws for anything that is not on the list. */
export function harmless(directive: string): string {
  const [, name] = /^--([a-z-]+)(=[^\s'"`$\\]*)?$/.exec(directive) ?? []
  if (name !== undefined && HARMLESS.has(name)) return directive
  throw new PermanentError(
    `the directive "${directive}" is not one of those that jobs may set: ${[...HARMLESS].sort().join(', ')}`,
  )
}

/** What a job asks for, as options of `sbatch`. As arguments, not as lines of the script: variables like SBATCH_PARTITION of the account's
 * profile are stronger than the script and weaker than arguments. `--mem` is per node. */
export const directives = (resources: Resources): readonly string[] => [
  ...option('partition', resources.partition),
  ...option('account', resources.account),
  ...option('qos', resources.qos),
  `--nodes=${resources.nodes}`,
  `--ntasks=${resources.ranks}`,
  `--cpus-per-task=${resources.threadsPerRank}`,
  ...(resources.gpusPerNode > 0 ? [`--gpus-per-node=${resources.gpusPerNode}`] : []),
  ...option('mem', resources.memoryMebibytes === undefined ? undefined : `${resources.memoryMebibytes}M`),
  `--time=${formatWalltime(resources.walltimeSeconds)}`,
  ...earlySignal(earlySignalSeconds(resources.walltimeSeconds)),
  ...resources.extraDirectives.map(harmless),
]

const earlySignal = (seconds: number | null): readonly string[] => (seconds === null ? [] : [`--signal=B:USR1@${seconds}`])

const option = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`--${name}=${value}`])
