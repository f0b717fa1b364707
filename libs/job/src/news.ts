import type { CrystalEvent } from '@crystalmath/contract'
import type { JobEvent } from './events.ts'
import type { Job } from './job.ts'

type News = {
  [T in CrystalEvent['type']]: { readonly type: T; readonly data: Extract<CrystalEvent, { type: T }>['data'] }
}[CrystalEvent['type']]

/** What the bus hears of one write: the facts that others act on, and `StateChanged` where the status moved. */
export function newsOf(before: Job | null, events: readonly JobEvent[], after: Job): readonly News[] {
  const common = { jobId: after.id, attempt: after.attempt, version: after.version }
  const facts = events.flatMap((event): News[] => {
    switch (event.type) {
      case 'JobPosted':
      case 'AttemptDerived':
      case 'LetGo':
        return [
          {
            type: 'JobSubmitted',
            data: {
              ...common,
              projectId: after.projectId,
              code: after.code,
              ...(after.campaignId === null ? {} : { campaignId: after.campaignId }),
            },
          },
        ]
      case 'OutputParsed':
        return [{ type: 'OutputParsed', data: { ...common, resultId: event.resultId, summary: event.summary } }]
      case 'RecoveryRequested':
        return [{ type: 'RecoveryRequested', data: { ...common, diagnosis: event.diagnosis } }]
      default:
        return []
    }
  })
  if (before === null || before.status === after.status) return facts
  const moved: News = {
    type: 'StateChanged',
    data: {
      ...common,
      from: before.status,
      to: after.status,
      evidence: after.evidence,
      ...(after.end === null ? {} : { ending: after.end.ending }),
    },
  }
  return [moved, ...facts]
}
