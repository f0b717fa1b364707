import { z } from 'zod'
import { CodeName } from './code-name.ts'
import { Diagnosis } from './diagnosis.ts'
import { CampaignId, type ClusterName, JobId, ProjectId } from './ids.ts'
import { Ending, Evidence, Status } from './status.ts'

const aggregate = {
  jobId: JobId,
  attempt: z.number().int().min(1),
  /** Version of the job after the event; older news than what is stored is stale. */
  version: z.number().int().min(1),
}

/** Emitted by the gateway when a user posted a job, by recovery for a next attempt, by the orchestrator for a step. May come twice. */
export const JobSubmittedData = z.looseObject({
  ...aggregate,
  projectId: ProjectId,
  campaignId: CampaignId.optional(),
  code: CodeName,
})
export type JobSubmittedData = z.infer<typeof JobSubmittedData>

/** Emitted by whoever moved the status, right after its write. May come twice, late or not at all. */
export const StateChangedData = z.looseObject({
  ...aggregate,
  from: Status,
  to: Status,
  ending: Ending.optional(),
  evidence: Evidence,
})
export type StateChangedData = z.infer<typeof StateChangedData>

/** Key numbers of a result; null as in the result. */
export const ResultSummary = z.object({
  energyEv: z.number().nullable(),
  energyKind: z.string().nullable(),
  maxForceEvPerAngstrom: z.number().nullable(),
  electronicConverged: z.boolean().nullable(),
  ionicConverged: z.boolean().nullable(),
  ionicStepCount: z.number().nullable(),
  scfStepCount: z.number().nullable(),
  wallSeconds: z.number().nullable(),
  coreCount: z.number().nullable(),
  /** Of the largest rank, by the code's own word. Absent in what earlier releases read. */
  maxMemoryMebibytes: z.number().nullable().optional(),
  formula: z.string().nullable(),
})
export type ResultSummary = z.infer<typeof ResultSummary>

/** Emitted by the parser: the result is stored. */
export const OutputParsedData = z.looseObject({ ...aggregate, resultId: z.string(), summary: ResultSummary })
export type OutputParsedData = z.infer<typeof OutputParsedData>

/** Emitted by the parser after every end that is not a good completion. */
export const RecoveryRequestedData = z.looseObject({ ...aggregate, diagnosis: Diagnosis })
export type RecoveryRequestedData = z.infer<typeof RecoveryRequestedData>

const envelope = {
  specversion: z.literal('1.0'),
  /** UUID version 7; also the message id by which JetStream drops a repeat. */
  id: z.uuid(),
  source: z.string(),
  /** The job id. */
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  dataschema: z.string(),
  traceparent: z.string().optional(),
}
/** The events on the bus: CloudEvents 1.0 in JSON. */
export const CrystalEvent = z.discriminatedUnion('type', [
  z.looseObject({ ...envelope, type: z.literal('JobSubmitted'), data: JobSubmittedData }),
  z.looseObject({ ...envelope, type: z.literal('StateChanged'), data: StateChangedData }),
  z.looseObject({ ...envelope, type: z.literal('OutputParsed'), data: OutputParsedData }),
  z.looseObject({ ...envelope, type: z.literal('RecoveryRequested'), data: RecoveryRequestedData }),
])
export type CrystalEvent = z.infer<typeof CrystalEvent>

/** The subject of an event: wide to narrow, no job id. */
export function subjectOf(event: CrystalEvent, cluster: ClusterName): string {
  switch (event.type) {
    case 'JobSubmitted':
      return `crystalmath.job.submitted.${cluster}`
    case 'StateChanged':
      return `crystalmath.job.state.${event.data.to}.${cluster}`
    case 'OutputParsed':
      return `crystalmath.job.parsed.${cluster}`
    case 'RecoveryRequested':
      return `crystalmath.job.recovery.${cluster}`
  }
}
