import { setTimeout as pause } from 'node:timers/promises'
import type { Stage } from './stage.ts'

/** Numbers between 0 and 1 from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const TARGETS = [
  'submitter',
  'poller',
  'parser',
  'recovery',
  'gateway',
  'services',
  'nats-server',
  'mongod',
  'sshd-child',
] as const
export type Target = (typeof TARGETS)[number]

/** Ends something at once, as a power cut does: one service, all of them, a server, or the sshd process behind a connection of ours. */
export async function kill({ platform, site }: Stage, target: Target): Promise<void> {
  switch (target) {
    case 'services':
      for (const service of platform.services) service.signal('SIGKILL')
      return
    case 'nats-server':
      process.kill(platform.servers.nats.pid(), 'SIGKILL')
      return
    case 'mongod':
      process.kill(platform.servers.mongo.pid(), 'SIGKILL')
      return
    case 'sshd-child':
      await site.login(`pkill -KILL -u "$USER" -x sshd || :`)
      return
    default:
      for (const one of platform.services) if (one.service === target) one.signal('SIGKILL')
  }
}

/** Kills each target once, one after the other, with a pause between. */
export async function killEachOnce(stage: Stage, everySeconds: number, say: (line: string) => void): Promise<number> {
  for (const target of TARGETS) {
    await pause(everySeconds * 1_000)
    say(`kill -9 ${target}`)
    await kill(stage, target)
  }
  return TARGETS.length
}

/** Kills at random moments until the signal; says what and when. */
export async function killAtRandom(
  stage: Stage,
  random: () => number,
  everySeconds: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  let kills = 0
  while (!signal.aborted) {
    await pause((0.3 + random() * 1.4) * everySeconds * 1_000, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    const target = TARGETS[Math.floor(random() * TARGETS.length)] ?? 'submitter'
    say(`kill -9 ${target}`)
    await kill(stage, target).catch((error: unknown) =>
      say(`could not: ${error instanceof Error ? error.message : String(error)}`),
    )
    kills += 1
  }
  return kills
}
