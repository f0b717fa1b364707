import { ClusterName, type Evidence, JobId, JobRequest, NativeId, ProjectId, ResultSummary, UserId } from '@crystalmath/contract'
import { type Command, decide, type End, evolve, type Job } from '@crystalmath/job'

export const AT = '2026-01-01T00:00:00.000Z'
const { structure: _, ...request } = JobRequest.parse({ project: 'model', cluster: 'model', code: 'script' })

export const evidence: Evidence = { source: 'model', at: AT, clock: 'platform', said: 'model' }
export const NATIVE = NativeId.parse('1')

/** The platform's own decider, in a world without clocks. */
export function told(job: Job, command: Command): Job {
  return decide(command, job).reduce<Job>(evolve, job)
}

export function postedJob(): Job {
  const command: Command = {
    type: 'PostJob',
    at: AT,
    posted: {
      id: JobId.parse('01890a5d-ac96-774b-bcce-b302099a8057'),
      projectId: ProjectId.parse('model'),
      userId: UserId.parse('ada'),
      campaignId: null,
      cluster: ClusterName.parse('model'),
      code: 'script',
      name: 'model',
      request,
      structureHash: null,
    },
  }
  const job = decide(command, null).reduce<Job | null>(evolve, null)
  if (job === null) throw new Error('nothing was posted')
  return job
}

export const endBy = (ending: End['ending'], provedBy: End['provedBy'], exitCode: number | null): End => ({
  ending,
  exitCode,
  startedAt: AT,
  provedBy,
  evidence,
  observedAt: AT,
})

/** Fetched, parsed and decided in one step: these three touch no cluster. */
export function settled(job: Job, mostAttempts: number): Job {
  const { attempt } = job
  const ended = told(job, { type: 'RecordOutputs', at: AT, attempt, files: [], missing: [] })
  const isGood = job.end?.ending === 'COMPLETED'
  const diagnosis = isGood
    ? null
    : { kind: 'NODE_FAILURE' as const, message: 'model', evidence: { file: 'model', line: null, text: '' } }
  const parsed = told(ended, { type: 'RecordResult', at: AT, attempt, resultId: 'r', summary: SUMMARY, diagnosis })
  if (parsed.status !== 'ended') return parsed
  if (attempt >= mostAttempts) return told(parsed, { type: 'GiveUp', at: AT, attempt, verdict: 'model', evidence })
  const { origin, structureHash, parameters, resources } = parsed
  return told(parsed, { type: 'DeriveAttempt', at: AT, attempt, origin, structureHash, parameters, resources })
}

const SUMMARY = ResultSummary.parse({
  energyEv: null,
  energyKind: null,
  maxForceEvPerAngstrom: null,
  electronicConverged: null,
  ionicConverged: null,
  ionicStepCount: null,
  scfStepCount: null,
  wallSeconds: null,
  coreCount: null,
  formula: null,
})
