import { type SubmitAnswer, type Token, TransientError } from '@crystalmath/contract'
import { type ClaimAnswer, claimBatch } from './claim.ts'
import type { Ground } from './ground.ts'
import { type Owner, ownerLine } from './root.ts'
import type { Claim } from './site.ts'

/** Claims in one remote command: five processes and some 6 ms of the login node each, beside what the scheduler takes. */
const BATCH = 25

/** Batch after batch. Throws only while nothing was sent; after that, what was not sent is refused, what got no answer is unknown. */
export async function claimAll(
  ground: Ground,
  owner: Owner,
  claims: readonly Claim[],
): Promise<ReadonlyMap<Token, SubmitAnswer>> {
  const answers = new Map<Token, SubmitAnswer>()
  let left = claims.map((claim) => withDefaults(ground, claim))
  while (left.length > 0) {
    const batch = left.slice(0, BATCH)
    const said = await claimSome(ground, owner, batch).catch((error: unknown) => {
      if (answers.size === 0 || !(error instanceof TransientError)) throw error
      return error
    })
    if (said instanceof TransientError) {
      for (const { place } of left)
        answers.set(place.token, { kind: 'refused', reason: 'SSH_DOWN', said: `nothing was sent: ${said.message}` })
      return answers
    }
    for (const [token, answer] of said) if (answer.kind !== 'untouched') answers.set(token, answer)
    const untouched = batch.filter(({ place }) => !answers.has(place.token))
    if (untouched.length === batch.length)
      throw new TransientError(`${ground.spec.name} is too slow to claim anything`, { waitingFor: 'SCHEDULER_DOWN' })
    left = [...untouched, ...left.slice(batch.length)]
  }
  return answers
}

/** What a job does not say, the cluster's registration does. */
const withDefaults = ({ spec }: Ground, claim: Claim): Claim => ({
  ...claim,
  resources: { ...spec.defaults, ...claim.resources },
})

async function claimSome({ link, root, scheduler, spent }: Ground, owner: Owner, claims: readonly Claim[]) {
  const batch = claimBatch(claims, { root, owner: ownerLine(owner), scheduler })
  const answer = await link.run(batch.remote)
  const read = batch.read(answer.stdout)
  const lost: ClaimAnswer = { kind: 'unknown', said: `the answer was lost: ${answer.lost ?? answer.stderr.trim().slice(0, 300)}` }
  spent([...read.values()].filter(({ kind }) => kind !== 'untouched').length)
  return claims.map(({ place }): readonly [Token, ClaimAnswer] => [place.token, read.get(place.token) ?? lost])
}
