import type { Artefacts, CodeWrites, Remedy } from '@crystalmath/codes'
import { applyRemedy, openRemedies, runFactsOf, whatHelps, withoutRestart } from '@crystalmath/codes'
import type { CalculationResult, ClusterView, Diagnosis, Resources, Structure } from '@crystalmath/contract'
import { type Job, type Origin, rulesOf } from '@crystalmath/job'

export type Situation = {
  readonly job: Job
  readonly diagnosis: Diagnosis
  readonly result: CalculationResult | null
  readonly structure: Structure | null
  /** Everything that lies in the attempt's directory on the cluster. */
  readonly left: Artefacts['files']
  readonly cluster: ClusterView | null
  readonly writes: CodeWrites | undefined
}

export type Plan =
  | {
      readonly kind: 'next'
      readonly origin: Origin
      /** The geometry to go on from, if another than the present attempt's. */
      readonly structure: Structure | null
      readonly parameters: Readonly<Record<string, unknown>>
      readonly resources: Resources
    }
  | { readonly kind: 'give-up'; readonly verdict: string }

/** Causes that lie outside the calculation: doing the same again is a remedy. */
const OUTSIDE = new Set(['NODE_FAILURE', 'PREEMPTED', 'NEVER_STARTED', 'MPI_START_FAILED', 'DISK_FULL', 'LICENCE'])

/** Attempts that no node began, or that were preempted, say nothing of the calculation and count for nothing; after so many something is wrong all the same. */
const MOST_FREE = 20

/** The scheduler gave it to a node, and the node refused: after a lost state, each id that it knows from before. */
const isUnbegun = ({ ending, diagnosis }: Pick<Job['past'][number], 'ending' | 'diagnosis'>): boolean =>
  ending === 'NODE_FAILED' && diagnosis === 'NEVER_STARTED'

const isFree = (one: Pick<Job['past'][number], 'ending' | 'diagnosis'>): boolean =>
  isUnbegun(one) || one.diagnosis === 'PREEMPTED'

/** Where it was said, and how. */
function quoted({ message, evidence: { file, line, text } }: Diagnosis): string {
  const said = text.replaceAll(/\s+/g, ' ').trim()
  return said === '' || message.includes(said) ? '' : ` (${file}${line === null ? '' : `:${line}`}: ${said.slice(0, 200)})`
}

/** Pure: what follows from a diagnosis under the job's policy. */
export function planNext(situation: Situation): Plan {
  const { job, diagnosis } = situation
  const { strategy, maxAttempts } = job.request.recovery
  const help = whatHelps(diagnosis.kind)
  const giveUp = (why: string): Plan => ({
    kind: 'give-up',
    verdict: `${diagnosis.message}${quoted(diagnosis)}; ${why}${help === null ? '' : `. What helps: ${help}`}`.slice(0, 1_000),
  })
  if (diagnosis.kind === 'CANCELLED') return giveUp('it was cancelled on the cluster, not by the platform')
  if (strategy === 'FAIL_FAST') return giveUp('its recovery strategy is FAIL_FAST')
  const now = { ending: job.end?.ending ?? null, diagnosis: diagnosis.kind }
  const free = job.past.filter(isFree).length
  const isForFree = isFree(now) && free < MOST_FREE
  if (isUnbegun(now)) {
    return isForFree
      ? again(job, 'relaunch', 'no node began it: nothing was computed')
      : giveUp(`no node began it, the last of ${free + 1} times that it was kept from computing`)
  }
  const counted = job.attempt - Math.min(free, MOST_FREE)
  if (counted >= maxAttempts && !isForFree) return giveUp(`${counted} of ${maxAttempts} attempts are used`)
  switch (strategy) {
    case 'RETRY':
      return again(job, 'retry', 'the same inputs once more')
    case 'CHECKPOINT':
      return (
        checkpoint(situation) ??
        (OUTSIDE.has(diagnosis.kind)
          ? again(job, 'retry', 'nothing valid to go on from; from scratch')
          : giveUp('it left nothing that a next attempt could go on from'))
      )
    case 'ADAPTIVE':
      return adaptive(situation) ?? giveUp('no rule is left that may be tried')
  }
}

const again = (job: Job, rule: string, because: string): Plan => ({
  kind: 'next',
  origin: { rule, because, changes: [], copies: [], altered: isAltered(job) },
  structure: null,
  // without the files of an earlier attempt, what it began from must not be asked for again
  parameters: withoutRestart(job.parameters),
  resources: job.resources,
})

/** Once a remedy changed what is computed, every later attempt carries the mark. */
const isAltered = (job: Job): boolean => job.origin.altered

function checkpoint(situation: Situation): Plan | null {
  const { job } = situation
  const restart = restartOf(situation, 'checkpoint')
  if (restart === null) return null
  return {
    kind: 'next',
    origin: {
      rule: 'checkpoint',
      because: restart.because,
      changes: restart.changes,
      copies: restart.copies,
      altered: isAltered(job),
    },
    structure: restart.structure,
    parameters: restart.parameters,
    resources: job.resources,
  }
}

/** The mildest remedy that is not used up, whose effect the job allows, and that changes something here. */
function adaptive(situation: Situation): Plan | null {
  const { job, diagnosis, writes } = situation
  const { effects } = job.request.recovery
  const open = openRemedies(writes, diagnosis.kind, { effects, tried: rulesOf(job) })
  for (const remedy of open) {
    const plan = applied(situation, remedy)
    if (plan !== null) return plan
  }
  if (!OUTSIDE.has(diagnosis.kind)) return null
  if ((writes?.remedies[diagnosis.kind] ?? []).length === 0) return again(job, 'retry', 'the cause lies outside the calculation')
  // it could not go on from anything: a run that was killed from outside loses its work, and never the job
  return open[0] === undefined ? null : again(job, open[0].name, `${open[0].because}; nothing valid to go on from: from scratch`)
}

/** The next attempt by one remedy; null where it would change nothing, or cannot go on from what it needs. */
function applied(situation: Situation, remedy: Remedy): Plan | null {
  const { job, cluster, writes } = situation
  const bounds = { defaults: writes?.defaults ?? {}, ceilings: ceilingsOf(job, cluster) }
  const mended = applyRemedy(job.parameters, job.resources, remedy, bounds)
  const wantsChange = remedy.set !== undefined || remedy.scale !== undefined
  if (wantsChange && mended.changes.length === 0) return null
  const from = remedy.restartFrom ?? 'scratch'
  const restart = from === 'scratch' ? null : restartOf(situation, from, mended)
  if (!wantsChange && from !== 'scratch' && restart === null) return null
  return {
    kind: 'next',
    origin: {
      rule: remedy.name,
      because: restart === null ? remedy.because : `${remedy.because}; ${restart.because}`,
      changes: [...mended.changes, ...(restart?.changes ?? [])],
      copies: restart?.copies ?? [],
      altered: isAltered(job) || remedy.effect === 'numerics' || remedy.effect === 'model',
    },
    structure: restart?.structure ?? null,
    parameters: restart?.parameters ?? mended.parameters,
    resources: mended.resources,
  }
}

/** More than the partition gives is not asked for. */
function ceilingsOf(job: Job, cluster: ClusterView | null): Readonly<Record<string, number>> {
  const partitions = cluster?.inventory?.partitions ?? []
  const wanted = job.resources.partition ?? cluster?.spec.defaults.partition
  const partition = partitions.find(({ name, isDefault }) => (wanted === undefined ? isDefault : name === wanted))
  return {
    ...(partition?.maxWalltimeSeconds == null ? {} : { 'resources.walltimeSeconds': partition.maxWalltimeSeconds }),
    ...(partition === undefined ? {} : { 'resources.memoryMebibytes': partition.memoryMebibytesPerNode }),
  }
}

type Restart = {
  readonly structure: Structure | null
  readonly because: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly changes: Origin['changes']
  readonly copies: Origin['copies']
}

function restartOf(
  { job, result, structure, left, cluster, writes }: Situation,
  from: NonNullable<Remedy['restartFrom']>,
  next: Pick<Job, 'parameters' | 'resources'> = job,
): Restart | null {
  const clusterCode = cluster?.spec.codes[job.code]
  if (writes === undefined || cluster?.inventory == null || clusterCode === undefined) return null
  const artefacts: Artefacts = {
    attempt: job.attempt,
    files: left,
    startedSeconds: job.end?.startedAt == null ? null : Date.parse(job.end.startedAt) / 1_000,
    facts: runFactsOf(result),
    // pw.x and others end with an error status after an orderly stop: their own last line tells
    cleanStop: job.end?.provedBy === 'sentinel' || job.end?.exitCode === 0 || result?.termination === 'normal',
    ranks: job.resources.ranks,
    parameters: job.parameters,
    codeVersion: result?.codeVersion ?? null,
    lastStructure: result?.continuationStructure ?? result?.structure ?? null,
  }
  const task = {
    request: job.request,
    structure,
    parameters: next.parameters,
    resources: next.resources,
    clusterCode,
    inventory: cluster.inventory,
    restart: null,
  }
  const plan = writes.restart(task, artefacts, from)
  if ('refused' in plan) return null
  const { parameters, changes } = applyRemedy(next.parameters, next.resources, {
    name: 'restart',
    effect: 'none',
    limit: 1,
    set: plan.set,
    because: plan.because,
  })
  return {
    structure: plan.structure,
    because: plan.because,
    parameters,
    changes,
    copies: plan.files.map((file) => ({ fromAttempt: plan.fromAttempt, ...file })),
  }
}
