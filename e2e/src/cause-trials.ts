import type { JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { CAUSES, causeJob, PSEUDO, type ShownCause } from './cause-table.ts'
import type { Tally, TrialsOptions } from './real-trials.ts'
import { openStage, type Stage } from './stage.ts'

/** A site with pseudopotentials in a folder that the user may change, furnished as the cause asks. */
export async function openCauseStage(
  name: string,
  environment: TrialsOptions['environment'],
  { site, furnish }: Pick<ShownCause, 'site' | 'furnish'> = {},
): Promise<Stage> {
  let undo: (() => Promise<void>) | undefined
  const stage = await openStage({
    name,
    environment,
    ...(site === undefined ? {} : { site }),
    beforeRegistration: async (bed) => {
      undo = await furnish?.(bed)
      await bed.login(
        `mkdir -p ${PSEUDO} && for f in pz-vbc gone; do cp ${bed.pseudopotentialFolder}/Si.pz-vbc.UPF ${PSEUDO}/Si.$f.UPF; done`,
      )
    },
  })
  const { spec } = await stage.client.cluster(stage.cluster)
  const qe = { ...spec.codes['quantum-espresso'], pseudopotentialFolder: `${stage.site.home}/${PSEUDO}` }
  await stage.client.saveCluster({ ...spec, codes: { ...spec.codes, 'quantum-espresso': qe } })
  await stage.client.checkCluster(stage.cluster)
  return {
    ...stage,
    close: async () => {
      // what is mounted below its home cannot be removed with it
      await undo?.()
      await stage.close()
    },
  }
}

/** Posts the job of a cause and waits until recovery has said what follows. What does not hold is told in words. */
export async function showCause(stage: Stage, cause: ShownCause): Promise<readonly string[]> {
  const { client } = stage
  const { id } = await client.submit(causeJob(stage, cause))
  const timeoutMs = (cause.limitSeconds ?? 120) * 1_000
  const until = (done: (job: JobView) => boolean) =>
    waitUntil(async () => ((job) => (done(job) ? job : null))(await client.job(id)), {
      timeoutMs,
      onTimeout: async () => `${cause.name}: ${JSON.stringify(await client.job(id))}`,
    })
  if (cause.inject !== undefined) {
    const running = await until(({ status }) => status === 'running')
    if (running !== null) await cause.inject(stage, running as JobView)
  }
  const job = (await until(({ attempt, status }) => attempt > 1 || status === 'failed' || status === 'completed')) as JobView
  const rule = job.attempt > 1 ? (job.past[1]?.origin.rule ?? job.origin.rule) : null
  const diagnosis = job.past[0]?.diagnosis ?? job.diagnosis
  const told = (await client.result(id, 1).catch(() => null))?.result.diagnoses.find(({ kind }) => kind === cause.diagnosis)
  if (job.status !== 'failed' && job.status !== 'completed') await client.cancel(id)
  const wrong = (what: string, is: string | null | undefined, should: string | RegExp | null) =>
    `${cause.name}: ${what} is ${is ?? 'nothing'}, not ${String(should)}`
  return [
    ...(diagnosis === cause.diagnosis ? [] : [wrong('the diagnosis', `${diagnosis} (${job.verdict ?? ''})`, cause.diagnosis)]),
    ...(rule === cause.rule ? [] : [wrong('the next step', `${rule} (${job.verdict ?? job.origin.because})`, cause.rule)]),
    ...(cause.verdict === undefined || cause.verdict.test(job.verdict ?? '')
      ? []
      : [wrong('the verdict', job.verdict, cause.verdict)]),
    ...(cause.saidBy === undefined || cause.saidBy.test(told?.evidence.file ?? '')
      ? []
      : [wrong('the file that says so', told?.evidence.file, cause.saidBy)]),
  ]
}

/** Every cause of the table, or those whose names contain a word, each on a site of its own. */
export async function runCauses({ environment, say }: Pick<TrialsOptions, 'environment' | 'say'>, only = ''): Promise<Tally> {
  let [trials, lost] = [0, 0]
  for (const [i, cause] of CAUSES.entries()) {
    if (!cause.name.includes(only)) continue
    const stage = await openCauseStage(`c${i}`, environment, cause)
    try {
      await cause.prepare?.(stage)
      const troubles = await showCause(stage, cause)
      for (const line of troubles) say(`  ${line}`)
      say(
        `${troubles.length === 0 ? 'ok      ' : 'TROUBLE '} ${cause.name}: ${cause.diagnosis}, then ${cause.rule ?? 'a verdict'}`,
      )
      trials += 1
      lost += troubles.length
    } finally {
      await stage.close()
    }
  }
  return { trials, doubled: 0, lost, falseEnds: 0 }
}
