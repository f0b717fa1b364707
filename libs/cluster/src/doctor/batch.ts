import type { AccountingListing, ClusterSpec, Finding, Partition, SubmitLimit } from '@crystalmath/contract'
import type { AccountingReading, Limits, Maintenance, Reading, Scheduler } from '@crystalmath/schedulers'
import { ill, warning, well } from './finding.ts'

export type BatchFacts = {
  readonly limits: Reading<Limits>
  readonly partitions: Reading<readonly Partition[]>
  readonly maintenance: Reading<readonly Maintenance[]>
  readonly submitLimits: readonly Reading<readonly SubmitLimit[]>[]
  readonly accounting: Pick<AccountingListing, 'trouble'> | AccountingReading | null
  readonly nowSeconds: number | null
}

/** What the batch system's own words mean for us. */
export const batchFindings = (spec: ClusterSpec, scheduler: Scheduler, facts: BatchFacts): readonly Finding[] => [
  schedulerFinding(scheduler, facts.limits),
  ...(scheduler.proven ? [] : [unproven(scheduler)]),
  ...limitFindings(spec, facts.limits),
  ...submitLimitFindings(spec, facts.submitLimits),
  accountingFinding(scheduler, facts.accounting),
  ...partitionFindings(spec, scheduler, facts.partitions),
  ...maintenanceFindings(facts.maintenance, facts.nowSeconds),
]

const schedulerFinding = ({ name }: Scheduler, { value, trouble }: Reading<Limits>): Finding =>
  value === null
    ? ill(
        'SCHEDULER',
        `${name} does not answer: ${trouble}`,
        'look whether its commands are on the PATH of shells that are not interactive, and whether its controller is up',
      )
    : well('SCHEDULER', `${name} ${value.version ?? 'of unknown version'} answers`)

const unproven = ({ name }: Scheduler): Finding =>
  warning(
    'ADAPTER',
    `the words for ${name} were written from its documents and recorded output, and never run by us on a server of it`,
    'run the check with a dry-run job, and a few jobs that fail, are cancelled and run out of time, before real work',
  )

function limitFindings(spec: ClusterSpec, { value }: Reading<Limits>): readonly Finding[] {
  if (value === null) return []
  const { minJobAgeSeconds, killWaitSeconds, maxSubmit, maxArraySize } = value
  const said = `MaxArraySize ${maxArraySize ?? 'unknown'}, jobs at most ${maxSubmit ?? 'unknown'}`
  return [
    maxSubmit !== null && maxSubmit < spec.maxInFlight
      ? warning(
          'LIMITS',
          `${said}; the cluster is registered with maxInFlight ${spec.maxInFlight}`,
          `register it with at most ${maxSubmit}`,
        )
      : well('LIMITS', said),
    minJobAgeSeconds !== null && minJobAgeSeconds < 2 * spec.queueIntervalSeconds
      ? warning(
          'MIN_JOB_AGE',
          `ended jobs leave the queue after ${minJobAgeSeconds} s; it is looked at every ${spec.queueIntervalSeconds} s`,
          'ends are then taken from sentinels and accounting alone; a shorter queueIntervalSeconds helps',
        )
      : well('MIN_JOB_AGE', `ended jobs stay in the queue for ${minJobAgeSeconds ?? 'an unknown number of'} s`),
    killWaitSeconds !== null && killWaitSeconds < 2
      ? warning(
          'KILL_WAIT',
          `jobs have ${killWaitSeconds} s between SIGTERM and SIGKILL`,
          'the end of jobs that are cancelled or run out of time may be known from the scheduler alone',
        )
      : well('KILL_WAIT', `jobs have ${killWaitSeconds ?? 'an unknown number of'} s between SIGTERM and SIGKILL`),
  ]
}

/** Which QOS a job gets is the site's choice: their limits are told. An association's own is the account's. */
function submitLimitFindings(
  { maxInFlight, ssh }: ClusterSpec,
  readings: readonly Reading<readonly SubmitLimit[]>[],
): readonly Finding[] {
  const learnt = "the account's limits are then learnt from what is refused, which costs no job anything"
  const said = readings.flatMap(({ value }) => value ?? []).map(({ of, jobs }) => `${of}: ${jobs}`)
  const least = Math.min(
    ...readings.flatMap(({ value }) => value ?? []).flatMap(({ of, jobs }) => (of.startsWith('association') ? [jobs] : [])),
  )
  return [
    ...readings.flatMap(({ trouble }) => (trouble === null ? [] : [warning('SUBMIT_LIMITS', trouble, learnt)])),
    ...(said.length === 0
      ? []
      : [
          least < maxInFlight
            ? warning(
                'SUBMIT_LIMITS',
                `jobs of ${ssh.user} in the queue at once: ${said.join('; ')}; the cluster is registered with maxInFlight ${maxInFlight}`,
                `what is refused waits and is tried again; registered with maxInFlight ${least}, less what people submit by hand, nothing is refused`,
              )
            : well('SUBMIT_LIMITS', `jobs of ${ssh.user} in the queue at once: ${said.join('; ')}`),
        ]),
  ]
}

function accountingFinding({ supports, name }: Scheduler, accounting: BatchFacts['accounting']): Finding {
  if (!supports.accounting || accounting === null)
    return well('ACCOUNTING', `${name} keeps none; ends are judged by sentinels and exit codes`)
  if (accounting.trouble === null) return well('ACCOUNTING', 'accounting answers')
  return warning(
    'ACCOUNTING',
    accounting.trouble.said,
    'out-of-memory and time-limit ends cannot be told apart from other failures; ask the site for accounting, or go without',
  )
}

function partitionFindings(
  spec: ClusterSpec,
  { supports }: Scheduler,
  { value, trouble }: Reading<readonly Partition[]>,
): readonly Finding[] {
  if (!supports.partitions) return []
  if (value === null) return [warning('PARTITIONS', trouble, 'jobs cannot be checked against partitions before they are queued')]
  const names = value.map(({ name }) => name).join(', ')
  const wanted = spec.defaults.partition
  const own = value.find(({ name, isDefault }) => (wanted === undefined ? isDefault : name === wanted))
  if (own === undefined)
    return [
      ill(
        'PARTITIONS',
        wanted === undefined ? `none of ${names} is the default` : `there is no partition "${wanted}"; there are ${names}`,
        'register the cluster with defaults.partition',
      ),
    ]
  if (!own.available)
    return [warning('PARTITIONS', `partition ${own.name} is not up`, 'jobs will wait; choose another partition')]
  return [
    well(
      'PARTITIONS',
      `${names}; jobs go to ${own.name} (${own.nodeCount} nodes of ${own.coresPerNode} cores and ${own.memoryMebibytesPerNode} MiB)`,
    ),
  ]
}

const maintenanceFindings = ({ value }: Reading<readonly Maintenance[]>, nowSeconds: number | null): readonly Finding[] =>
  (value ?? [])
    .filter(({ untilSeconds }) => nowSeconds === null || untilSeconds > nowSeconds)
    .map(({ name, fromSeconds, untilSeconds, nodes }) =>
      warning(
        'MAINTENANCE',
        `reservation ${name} on ${nodes || 'all nodes'} from ${iso(fromSeconds)} to ${iso(untilSeconds)}`,
        'jobs that would reach into it wait until it is over; shorter wall clocks start before it',
      ),
    )

const iso = (seconds: number) => new Date(seconds * 1_000).toISOString()
