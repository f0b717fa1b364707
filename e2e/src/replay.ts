import { isOver, type JobRequestInput, type JobView } from '@crystalmath/contract'
import type { Testbed } from '@crystalmath/testbed'
import { waitUntil } from '@crystalmath/testing'
import { expect } from 'vitest'
import type { Stage } from './stage.ts'

/** Writes a file below the home of the cluster's user. */
export async function put(site: Testbed, path: string, text: string): Promise<void> {
  await site.login(`mkdir -p "$(dirname ${path})" && echo ${Buffer.from(text).toString('base64')} | base64 -d >${path}`)
}

/** What a licensed program is replaced by: it looks at its inputs, then its first attempt ends as `failure.out` and `failure.err` say, every other one well. */
export const replayScript = (looksAtInputs: string): string => `#!/bin/sh
${looksAtInputs}
if [ -s failure.out ] && [ "$(basename "$PWD")" = 1 ]; then
  cat failure.out
  [ ! -s failure.err ] || cat failure.err >&2
  exit 1
fi
. "$HOME/well.sh"
`

/** One recorded failure, and what has to follow from it. */
export type Replayed = {
  readonly name: string
  /** Of the code's standard output, and of the error stream. */
  readonly said: string
  readonly error?: string
  readonly job?: Partial<JobRequestInput>
  readonly diagnosis: string
  /** The rule of the next attempt; null where recovery gives up, with a verdict like this. */
  readonly rule: string | null
  readonly verdict?: RegExp
  /** What the input of the next attempt must hold. */
  readonly input?: RegExp
}

/** The jobs' views when all are over. */
export async function allOver({ client }: Stage, ids: readonly string[], timeoutMs = 150_000): Promise<readonly JobView[]> {
  const all = () => Promise.all(ids.map((id) => client.job(id)))
  await waitUntil(async () => (await all()).every(({ status }) => isOver(status)), {
    timeoutMs,
    onTimeout: async () => JSON.stringify((await all()).map(({ name, status, waitingFor }) => ({ name, status, waitingFor }))),
  })
  return all()
}

/** Posts a job for each failure, waits for all, and holds what was done against what should have been. */
export async function replay(
  stage: Stage,
  failures: readonly Replayed[],
  jobOf: (name: string) => JobRequestInput,
  inputFile: string,
): Promise<readonly JobView[]> {
  const ids: string[] = []
  for (const { name, said, error, job } of failures) {
    const base = jobOf(name)
    const extraFiles = [
      { path: 'failure.out', text: said },
      ...(error === undefined ? [] : [{ path: 'failure.err', text: error }]),
    ]
    ids.push((await stage.client.submit({ ...base, ...job, extraFiles })).id)
  }
  const jobs = await allOver(stage, ids)
  const became = (job: JobView | undefined) => {
    const first = job?.past[0]
    return {
      name: job?.name,
      diagnosis: first?.diagnosis ?? job?.diagnosis,
      rule: job !== undefined && job.attempt > 1 ? (job.past[1]?.origin.rule ?? job.origin.rule) : null,
      status: job?.status,
    }
  }
  expect(jobs.map(became)).toEqual(
    failures.map(({ name, diagnosis, rule }) => ({ name, diagnosis, rule, status: rule === null ? 'failed' : 'completed' })),
  )
  for (const [i, { verdict, input }] of failures.entries()) {
    const job = jobs[i]
    if (verdict !== undefined) expect(job?.verdict).toMatch(verdict)
    if (input === undefined) continue
    const text = await stage.client.file(job?.id ?? '', inputFile, { attempt: 2 })
    expect(Buffer.from(text).toString()).toMatch(input)
  }
  return jobs
}
