import { clusterFileCause, whatHelps } from '@crystalmath/codes'
import type { Diagnosis, InputProblem, SubmitAnswer } from '@crystalmath/contract'
import { claimOf, type Job } from '@crystalmath/job'
import type { Work } from './work.ts'

/** Why a job fails before anything of it ran, as a diagnosis like that of a run, and in one sentence with what helps. */
export type Cause = { readonly diagnosis: Diagnosis; readonly verdict: string }

/** Of a refusal for good; null for answers that are none. */
export async function causeOfRefusal({ jobs, duty }: Work, job: Job, answer: SubmitAnswer): Promise<Cause | null> {
  if (answer.kind !== 'refused' || answer.reason !== 'INVALID') return null
  const view = await jobs.findCluster(duty.cluster)
  const found = clusterFileCause(answer.said, {
    folder: duty.site.spec.codes[job.code]?.pseudopotentialFolder ?? null,
    files: view?.inventory?.pseudopotentials[job.code] ?? [],
  })
  const { kind, message } = found ?? { kind: 'SUBMISSION_REFUSED', message: answer.said }
  const evidence = { file: `.crystalmath/claim.${claimOf(job)}/refused`, line: null, text: answer.said.slice(0, 300) }
  return causeOf({ kind, message, evidence }, whatHelps(kind))
}

/** Of inputs that can no longer be made: what was on the cluster when the job was posted is not there now. */
export function causeOfProblems(problems: readonly InputProblem[]): Cause {
  const isAboutPseudopotentials = problems.every(({ path }) => path.startsWith('parameters.pseudopotential'))
  const kind = isAboutPseudopotentials ? 'PSEUDOPOTENTIAL_MISSING' : 'INPUT_ERROR'
  const message = `its inputs cannot be made: ${problems.map(say).join('; ')}`
  const evidence = { file: problems[0]?.path ?? '', line: null, text: (problems[0]?.message ?? '').slice(0, 300) }
  return causeOf({ kind, message, evidence }, null)
}

const causeOf = (diagnosis: Diagnosis, help: string | null): Cause => ({
  diagnosis,
  verdict: `${diagnosis.message}${help === null ? '' : `. What helps: ${help}`}`.slice(0, 1_000),
})

const say = ({ path, message, mend }: InputProblem): string => `${path}: ${message}${mend === undefined ? '' : `; ${mend}`}`
