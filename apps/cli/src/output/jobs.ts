import type { JobView } from '@crystalmath/contract'
import { resourcesLine } from './resources.ts'
import { formatFacts, formatTable } from './table.ts'
import { ago, cut, formatFlag, formatNumber, formatSpan, formatTime } from './text.ts'

const COLUMNS = ['id', 'name', 'code', 'cluster', 'status', '>try', '>energy (eV)', '>max F (eV/Å)', 'changed', 'remark']

/** What matters most beside the status: why it stands still, or why it ended. */
export function remarkOn(job: JobView): string {
  if (job.status === 'failed' || job.status === 'cancelled') return job.verdict ?? job.diagnosis ?? ''
  if (job.held) return `held: ${job.holds[0]?.reason ?? ''}`
  if (job.waitingFor !== null) return `waits for ${job.waitingFor.kind}: ${job.waitingFor.because}`
  if (job.cancelRequested !== null) return `cancel asked for by ${job.cancelRequested.by}`
  if (job.endObservedAt !== null && job.status !== 'completed') return `ended ${job.ending ?? ''}, outputs on their way`
  return job.origin.altered ? `altered by ${job.origin.rule}` : ''
}

export const formatJobs = (jobs: readonly JobView[], now: number): string =>
  formatTable(
    COLUMNS,
    jobs.map((job) => [
      job.id,
      cut(job.name, 28),
      job.code,
      job.cluster,
      job.status,
      job.attempt,
      formatNumber(job.summary?.energyEv, 6),
      formatNumber(job.summary?.maxForceEvPerAngstrom, 4),
      ago(job.updatedAt, now),
      cut(remarkOn(job), 60),
    ]),
  )

/** Everything about one job, for people. */
export function formatJob(job: JobView, now: number): string {
  const { summary } = job
  const facts = formatFacts([
    ['id', job.id],
    ['name', job.name],
    ['project', `${job.project}, posted by ${job.user}`],
    ['campaign', job.campaignId],
    ['code', `${job.code} on ${job.cluster}`],
    ['status', `${job.status}, attempt ${job.attempt}, since ${ago(job.updatedAt, now)}`],
    [
      'held',
      job.holds
        .map(({ reason, by, until }) => `${reason} (by ${by}${until === null ? '' : `, until ${formatTime(until)}`})`)
        .join('; '),
    ],
    [
      'waits for',
      job.waitingFor === null
        ? null
        : `${job.waitingFor.kind}, since ${ago(job.waitingFor.since, now)}: ${job.waitingFor.because}`,
    ],
    [
      'cancel',
      job.cancelRequested === null ? null : `asked for by ${job.cancelRequested.by}, ${ago(job.cancelRequested.at, now)}`,
    ],
    ['resources', resourcesLine(job.resources)],
    ['estimated', job.estimate === null || job.estimate.fields.length === 0 ? null : job.estimate.fields.join(', ')],
    ...(job.estimate?.because ?? []).map((line): readonly [string, string] => ['', line]),
    ['batch id', job.nativeId],
    ['goes with', goesWith(job)],
    ['created', formatTime(job.createdAt)],
    ['submitted', job.submittedAt === null ? null : formatTime(job.submittedAt)],
    ['started', job.startedAt === null ? null : formatTime(job.startedAt)],
    [
      'end',
      job.ending === null
        ? null
        : `${job.ending}, exit status ${job.exitCode ?? 'unknown'}, proved by ${job.provedBy ?? '-'}, seen ${formatTime(job.endObservedAt)}`,
    ],
    ['because', `${job.evidence.source}: ${cut(job.evidence.said, 200)}`],
    ['verdict', job.verdict],
    ['diagnosis', job.diagnosis],
    [
      'energy',
      summary === null || summary.energyEv === null
        ? null
        : `${formatNumber(summary.energyEv, 8)} eV (${summary.energyKind ?? 'kind not said'})`,
    ],
    [
      'max force',
      summary === null || summary.maxForceEvPerAngstrom === null
        ? null
        : `${formatNumber(summary.maxForceEvPerAngstrom, 5)} eV/Å`,
    ],
    [
      'converged',
      summary === null
        ? null
        : `electrons ${formatFlag(summary.electronicConverged)}, ions ${formatFlag(summary.ionicConverged)}`,
    ],
    [
      'run time',
      summary === null || summary.wallSeconds === null
        ? null
        : `${formatSpan(summary.wallSeconds)} on ${summary.coreCount ?? '?'} cores`,
    ],
    ...(job.accounts ?? []).map((one): readonly [string, string] => ['accounting', formatAccount(one)]),
    ['result', job.resultId],
    [
      'labels',
      Object.entries(job.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    ],
  ])
  return job.past.length === 0 ? facts : `${facts}\n\n${formatAttempts(job)}`
}

function formatAccount({ attempt, coreHours, isFinal, memory }: NonNullable<JobView['accounts']>[number]): string {
  const batch = memory?.batchMebibytes == null ? [] : [`${memory.batchMebibytes} MiB below the batch script`]
  const task = memory?.taskMebibytes == null ? [] : [`${memory.taskMebibytes} MiB in the largest task`]
  const cost = `attempt ${attempt}: ${formatNumber(coreHours, 3)} core-hours${isFinal ? '' : ', not settled yet'}`
  return [cost, ...batch, ...task].join('; ')
}

/** The attempts with what made each of them. */
export function formatAttempts(job: JobView): string {
  const now = {
    attempt: job.attempt,
    origin: job.origin,
    nativeId: job.nativeId,
    ending: job.ending,
    exitCode: job.exitCode,
    endedAt: job.endObservedAt,
    diagnosis: job.diagnosis,
  }
  return formatTable(
    ['>attempt', 'made by', 'changes', 'batch id', 'ending', 'diagnosis'],
    [...job.past, now].map(({ attempt, origin, nativeId, ending, diagnosis }) => [
      attempt,
      origin.rule,
      cut(
        origin.changes
          .map(({ path, from, to }) => `${path}: ${JSON.stringify(from) ?? 'unset'} -> ${JSON.stringify(to)}`)
          .join(', '),
        60,
      ),
      nativeId ?? '-',
      ending ?? '-',
      diagnosis ?? '-',
    ]),
  )
}

/** `member 3 of a pilot (9f…)`, empty where it goes alone. */
function goesWith({ batch }: JobView): string | null {
  if (batch == null) return null
  const { kind, id, index, into } = batch
  return `member ${index} of ${kind === 'array' ? 'an array' : 'a pilot'} (${into ?? id})${into === undefined ? '' : `, fed as ${id}`}`
}
