import { setTimeout as pause } from 'node:timers/promises'
import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing/wait-until'
import { patiently } from './campaign.ts'
import { ledgerScript } from './ledger.ts'
import { type Stage, scriptJob } from './stage.ts'

/** Posts jobs that run until they are let go, and then end one after the other within so many seconds. */
export async function postWaiting(stage: Stage, jobs: number, endingSeconds: number): Promise<readonly string[]> {
  const requests = Array.from({ length: jobs }, (_, i) =>
    scriptJob(
      stage,
      ledgerScript(0, `until [ -e "$HOME/go" ]; do sleep 2; done; sleep ${((i * endingSeconds) / jobs).toFixed(1)}`),
    ),
  )
  const { jobs: made } = await stage.client.submitMany(requests, { idempotencyKey: 'held' })
  return made.map(({ id }) => id)
}

/** Waits until so many run at once, then says so. */
export async function untilRunning({ client }: Stage, jobs: number, limitSeconds: number): Promise<void> {
  await waitUntil(async () => (await client.counts({ status: 'running' })).total === jobs, {
    timeoutMs: limitSeconds * 1_000,
    everyMs: 500,
    onTimeout: `not all of ${jobs} jobs run`,
  })
}

/** Lets them end. */
export const letGo = async ({ site }: Stage): Promise<void> => void (await site.login('touch "$HOME/go"'))

/** The jobs as they are when all are over, or after the limit. */
export async function untilOver(
  { client }: Stage,
  ids: readonly string[],
  limitSeconds: number,
  tell: (line: string) => void,
): Promise<readonly JobView[]> {
  const deadline = performance.now() + limitSeconds * 1_000
  for (let last = -1; ; await pause(500)) {
    const views = await patiently(() => Promise.all(ids.map((id) => client.job(id))), limitSeconds)
    const over = views.filter(({ status }) => isOver(status)).length
    if (over !== last) tell(`${over} of ${ids.length} over`)
    last = over
    if (over === ids.length || performance.now() > deadline) return views
  }
}
