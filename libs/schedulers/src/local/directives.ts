import { PermanentError, type Resources } from '@crystalmath/contract'

/** What the queue counts: cores, seconds, and seconds before their end at which the job is told. One node, no partitions. */
export function directives(resources: Resources): readonly string[] {
  const [directive] = resources.extraDirectives
  if (directive !== undefined)
    throw new PermanentError(`the directive "${directive}" means nothing to the queue of a single machine`)
  if (resources.nodes > 1)
    throw new PermanentError(`${resources.nodes} nodes are more than the one that the queue of a single machine has`)
  const { ranks, threadsPerRank, walltimeSeconds } = resources
  const early = Math.floor(Math.min(Math.max(walltimeSeconds / 20, 10), 600, walltimeSeconds / 2))
  return [ranks * threadsPerRank, Math.ceil(walltimeSeconds), early].map(String)
}
