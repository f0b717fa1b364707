import { type SubmitAnswer, type Token, TransientError } from '@crystalmath/contract'
import { type ClaimAnswer, claimBatch } from './claim.ts'
import type { Ground } from './ground.ts'
import { type Owner, ownerLine } from './root.ts'
import type { Claim } from './site.ts'

/** Batch after batch, as many in each as the account bears: a claim is five processes and some 6 ms of the login node, beside what the scheduler takes. Throws only while nothing was sent; after that, what was not sent is refused, what got no answer is unknown. */
export async function claimAll(
  ground: Ground,
  owner: Owner,
  claims: readonly Claim[],
): Promise<ReadonlyMap<Token, SubmitAnswer>> {
  const answers = new Map<Token, SubmitAnswer>()
  let left = claims.map((claim) => withDefaults(ground, claim))
  while (left.length > 0) {
    const batch = left.slice(0, ground.load.submissions())
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

async function claimSome({ link, root, scheduler, load, spent }: Ground, owner: Owner, claims: readonly Claim[]) {
  const batch = claimBatch(claims, { root, owner: ownerLine(owner), scheduler })
  const answer = await link.run(batch.remote)
  const read = batch.read(answer.stdout)
  const lost: ClaimAnswer = { kind: 'unknown', said: `the answer was lost: ${answer.lost ?? answer.stderr.trim().slice(0, 300)}` }
  spent([...read.values()].filter(({ kind }) => kind !== 'untouched').length)
  load.heard('submissions', [...read.values()].some(isSilence) ? 'late' : 'fine')
  return claims.map(({ place }): readonly [Token, ClaimAnswer] => [place.token, read.get(place.token) ?? lost])
}

/** The scheduler did not answer in time: of the claim itself it is said in words of its own why nothing is known. */
const isSilence = (answer: ClaimAnswer): boolean =>
  (answer.kind === 'unknown' && !/^(superseded|no folder|no claim|this root|submitted as) /.test(answer.said)) ||
  (answer.kind === 'refused' && answer.reason === 'SCHEDULER_DOWN')
