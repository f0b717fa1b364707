import type { Mutation } from './mutations.ts'
import { type Chance, chanceFrom, type VirtualTime, virtualTime } from './virtual-time.ts'
import { type Weather, weatherOf } from './weather.ts'

/** Something that runs and can be killed or stopped: a service, a remote script, a run. */
export type Process = { readonly name: string; alive: boolean; pausedUntil: number; onDeath: (() => void) | null }

export type World = {
  readonly time: VirtualTime
  readonly chance: Chance
  readonly weather: Weather
  readonly broken: ReadonlySet<Mutation>
  /** From here on nothing goes wrong any more, epoch ms. */
  readonly calmMs: number
  isCalm(): boolean
  /** Whether the scheduler's controller does not answer just now. */
  isAway(): boolean
  /** Probability of a fault: 0 once it is calm. */
  goesWrong(probability: number): boolean
  /** Resolves so much later; never, if the process is dead by then; later, if it is stopped. */
  sleep(process: Process, ms: number): Promise<void>
  spawn(name: string): Process
  kill(process: Process, because: string): void
  stop(process: Process, ms: number): void
  /** A chance for the process to be killed or stopped here and now. Never resolves for one that was killed. */
  faultPoint(process: Process, where: string): Promise<void>
  trace(line: () => string): void
  readonly lines: readonly string[]
  /** How much is under way that no event of a healthy platform waits for: stopped processes, submissions that come late. */
  readonly loose: { count: number }
}

export type WorldOptions = {
  readonly seed: number
  readonly tracing: boolean
  readonly broken: ReadonlySet<Mutation>
  /** What the weather of this trial is in any case. */
  readonly forced: Partial<Weather>
}

export const START_MS = Date.parse('2026-01-01T00:00:00.000Z')
/** Nobody kills users. */
export const USER = 'user'
const CALM_AFTER_MS = 300_000

export function makeWorld({ seed, tracing, broken, forced }: WorldOptions): World {
  const chance = chanceFrom(seed)
  const time = virtualTime(START_MS)
  const weather = { ...weatherOf(chance), ...forced }
  const calmMs = START_MS + CALM_AFTER_MS
  const lines: string[] = []
  const loose = { count: 0 }
  const isCalm = () => time.now() >= calmMs
  const goesWrong = (probability: number) => !isCalm() && chance.happens(probability)
  const trace = (line: () => string) => {
    if (tracing) lines.push(`${((time.now() - START_MS) / 1_000).toFixed(2).padStart(9)}  ${line()}`)
  }
  const sleep = (process: Process, ms: number) =>
    new Promise<void>((resolve) => {
      const arrive = () => {
        if (!process.alive) return
        if (process.pausedUntil > time.now()) time.after(process.pausedUntil - time.now(), arrive)
        else resolve()
      }
      time.after(ms, arrive)
    })
  const kill = (process: Process, because: string) => {
    if (!process.alive || process.name === USER) return
    process.alive = false
    trace(() => `${process.name} dies: ${because}`)
    process.onDeath?.()
  }
  const stop = (process: Process, ms: number) => {
    if (process.name === USER) return
    process.pausedUntil = time.now() + ms
    loose.count += 1
    time.after(ms + 1_000, () => {
      loose.count -= 1
    })
    trace(() => `${process.name} is stopped for ${Math.round(ms / 1_000)} s`)
  }
  return {
    time,
    chance,
    weather,
    broken,
    calmMs,
    isCalm,
    isAway: () => {
      const sinceMs = time.now() - START_MS - (weather.away?.fromMs ?? Number.POSITIVE_INFINITY)
      return sinceMs >= 0 && sinceMs < (weather.away?.ms ?? 0)
    },
    goesWrong,
    sleep,
    kill,
    stop,
    trace,
    lines,
    loose,
    spawn: (name) => ({ name, alive: true, pausedUntil: 0, onDeath: null }),
    faultPoint(process, where) {
      if (goesWrong(weather.crash)) kill(process, `kill -9 at ${where}`)
      else if (goesWrong(weather.pause)) stop(process, chance.between(20_000, 400_000))
      if (process.alive && process.pausedUntil <= time.now()) return Promise.resolve()
      return sleep(process, 0)
    },
  }
}
