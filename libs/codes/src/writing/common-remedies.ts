import type { Remedy } from '../code-writes.ts'

export const RUN_AGAIN: Remedy = {
  name: 'run-again',
  effect: 'none',
  limit: 3,
  restartFrom: 'scratch',
  because: 'nothing of the calculation was at fault',
}

/** For codes that leave a checkpoint; `because`: what it goes on from. */
export const goOn = (because: string): Remedy => ({
  name: 'continue',
  effect: 'none',
  limit: 10,
  restartFrom: 'checkpoint',
  because,
})

export const MORE_MEMORY: Remedy = {
  name: 'more-memory',
  effect: 'none',
  limit: 3,
  scale: { 'resources.memoryMebibytes': 1.5 },
  restartFrom: 'scratch',
  because: 'the limit was too low',
}

export const moreTime = (restartFrom: 'checkpoint' | 'scratch', because: string): Remedy => ({
  name: 'more-time',
  effect: 'none',
  limit: 2,
  scale: { 'resources.walltimeSeconds': 2 },
  restartFrom,
  because,
})
