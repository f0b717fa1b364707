import { clusterFileCause, isSymptom, systemCauseIn } from '@crystalmath/codes'
import { type Diagnosis, tokenOf } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { JobsPort } from '@crystalmath/store'

/** What the batch system captures of every run: `job.sh` is started with these. */
const STREAMS = ['job.err', 'job.out']
/** Causes stand at the end of a stream. */
const TAIL_BYTES = 65_536

/** What the operating system, MPI or the batch system wrote beside the code's own outputs, what killed it before the kill; null where they say nothing. */
export async function batchCause(jobs: JobsPort, job: Job): Promise<Diagnosis | null> {
  let symptom: Diagnosis | null = null
  for await (const { path, content } of jobs.readOutputs(tokenOf(job.id, job.attempt), STREAMS)) {
    const lines = Buffer.from(content.subarray(-TAIL_BYTES)).toString('latin1').split('\n')
    for (const [i, text] of lines.entries()) {
      const cause = (await ofClusterFile(jobs, job, text)) ?? causeIn(text)
      const line = content.length <= TAIL_BYTES ? i + 1 : null
      if (cause === null) continue
      const diagnosis = { ...cause, evidence: { file: path, line, text: text.trim().slice(0, 300) } }
      if (!isSymptom(cause.kind)) return diagnosis
      symptom ??= diagnosis
    }
  }
  return symptom
}

/** `job.sh` of a member looks at files of the cluster on the node. */
async function ofClusterFile(jobs: JobsPort, { cluster, code }: Job, text: string) {
  const [, said] = /^crystalmath: INVALID (.+)$/.exec(text) ?? []
  if (said === undefined) return null
  const view = await jobs.findCluster(cluster)
  return clusterFileCause(said, {
    folder: view?.spec.codes[code]?.pseudopotentialFolder ?? null,
    files: view?.inventory?.pseudopotentials[code] ?? [],
  })
}

/** What `job.sh` itself says comes in its own words. */
function causeIn(text: string): Pick<Diagnosis, 'kind' | 'message'> | null {
  const [, ofInputs] = /^crystalmath: ((?:the inputs are not those|what an earlier attempt left).*?):?$/.exec(text) ?? []
  return ofInputs === undefined ? systemCauseIn(text) : { kind: 'INPUT_ERROR', message: ofInputs }
}
