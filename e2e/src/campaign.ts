import { setTimeout as pause } from 'node:timers/promises'
import { UnreachableError } from '@crystalmath/client'
import { isOver, type JobView, type Packing, slices } from '@crystalmath/contract'
import { killAtRandom, killEachOnce, randomFrom } from './kills.ts'
import { judgeLedger, ledgerScript, readLedger, type Verdict } from './ledger.ts'
import { type Stage, scriptJob } from './stage.ts'

export type CampaignOptions = {
  readonly jobs: number
  readonly seed: number
  /** Mean time between two kills. */
  readonly killEverySeconds: number
  /** Each target once, in order, instead of random ones until most jobs are over. */
  readonly eachOnce?: boolean
  readonly jobSeconds?: number
  readonly packing?: Packing | undefined
  readonly limitSeconds: number
  readonly say: (line: string) => void
}

export type Campaign = Verdict & { readonly jobs: readonly JobView[]; readonly kills: number; readonly seconds: number }

/** So that a pilot has room for those that come later, they come in so many goes, and their wall clocks are short. */
const GOES_OF_PILOTS = 3
const SHORT = { resources: { walltimeSeconds: 60, memoryMebibytes: 64 } } as const

/** Posts jobs, kills at random until half of them are over or a while has passed, then waits for all and reads the ledger. */
export async function runCampaign(
  stage: Stage,
  { jobs, seed, killEverySeconds, limitSeconds, say, eachOnce = false, jobSeconds = 3, packing }: CampaignOptions,
): Promise<Campaign> {
  const random = randomFrom(seed)
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1_000
  const stop = new AbortController()
  const tell = (line: string) => say(`${seconds().toFixed(1).padStart(6)} s  ${line}`)
  const killing = eachOnce
    ? killEachOnce(stage, killEverySeconds, tell)
    : killAtRandom(stage, random, killEverySeconds, tell, stop.signal)
  try {
    const requests = Array.from({ length: jobs }, () =>
      scriptJob(stage, ledgerScript(Math.round(random() * jobSeconds * 10) / 10), {
        packing,
        ...(packing === 'pilot' ? SHORT : {}),
      }),
    )
    const goes = packing === 'pilot' ? slices(requests, Math.ceil(jobs / GOES_OF_PILOTS)) : [requests]
    const post = async (go: number) => {
      const key = { idempotencyKey: `campaign-${seed}${go === 0 ? '' : `-${go}`}` }
      const { jobs: made } = await patiently(() => stage.client.submitMany(goes[go] ?? [], key), limitSeconds)
      ids.push(...made.map(({ id }) => id))
      if (go > 0) tell(`${made.length} more are posted`)
    }
    const ids: JobView['id'][] = []
    await post(0)
    let gone = 1
    let views: readonly JobView[] = []
    let lastDone = -1
    while (seconds() < limitSeconds) {
      views = await patiently(() => Promise.all(ids.map((id) => stage.client.job(id))), limitSeconds)
      const done = views.filter(({ status }) => isOver(status)).length
      if (done !== lastDone) say(`${seconds().toFixed(1).padStart(6)} s  ${done} of ${ids.length} over`)
      lastDone = done
      // while most of those before them are over, and others run: there is a pilot to be fed
      if (gone < goes.length && done > ids.length / 2) await post(gone++)
      if (gone === goes.length && done > ids.length * 0.7) stop.abort()
      if (done === ids.length && gone === goes.length) break
      await pause(500)
    }
    stop.abort()
    const kills = await killing
    return { ...judgeLedger(views, await readLedger(stage.site)), jobs: views, kills, seconds: seconds() }
  } finally {
    stop.abort()
    await killing
  }
}

/** The gateway is killed too: what nobody answers is asked again; a post carries its idempotency key. */
export async function patiently<T>(ask: () => Promise<T>, limitSeconds: number): Promise<T> {
  const deadline = performance.now() + limitSeconds * 1_000
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const isPassing =
        error instanceof UnreachableError || (error instanceof Error && 'status' in error && Number(error.status) >= 500)
      if (!isPassing || performance.now() > deadline) throw error
      await pause(300)
    }
  }
}
