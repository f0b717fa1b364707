import { NativeId, type SubmitAnswer, type Token, WAITING_KINDS } from '@crystalmath/contract'
import type { Scheduler, SubmitWords } from '@crystalmath/schedulers'
import type { RemoteScript } from '@crystalmath/ssh'
import { FEED_WORDS } from './pilot-script.ts'
import { directoryOf, tokenFrom } from './place.ts'
import { remote } from './remote.ts'
import type { Claim } from './site.ts'

/** Seconds after which a batch begins no further submission: it has to end within the lease. */
const BATCH_SECONDS = 20

/** `untouched`: the batch ran out of its time before this claim; ask again. */
export type ClaimAnswer = SubmitAnswer | { readonly kind: 'untouched' }

export type ClaimBatch = { readonly remote: RemoteScript; read(stdout: string): ReadonlyMap<Token, ClaimAnswer> }

/** Claims of one batch in one remote command. `refused` proves that nothing was submitted. `unknown` proves nothing: the token
 * is looked up before try n + 1. */
export function claimBatch(claims: readonly Claim[], { root, owner, scheduler }: ClaimSurroundings): ClaimBatch {
  const words = claims.map(({ place, resources, indexes, into }) =>
    into === undefined ? scheduler.submit(place.token, resources, indexes) : FEED_WORDS,
  )
  const { refused = '', silent = '', unsent = '', idFrom = '' } = words[0] ?? {}
  const groups = claims.flatMap((claim, index) => {
    const { place, tryNumber, nonce } = claim
    const argv = words[index]?.argv ?? []
    return [place.token, directoryOf(place), tryNumber, `${place.token}.${nonce}`, argv.length, ...argv]
  })
  const reasonFor = words[0]?.reasonFor ?? (() => 'OTHER' as const)
  return {
    remote: remote('claim.sh', [root, owner, refused, silent, unsent, idFrom, BATCH_SECONDS, ...groups]),
    read: (stdout) => readClaims(stdout, reasonFor),
  }
}

export type ClaimSurroundings = { readonly root: string; readonly owner: string; readonly scheduler: Scheduler }

type ReasonFor = SubmitWords['reasonFor']

function readClaims(stdout: string, reasonFor: ReasonFor): ReadonlyMap<Token, ClaimAnswer> {
  const answers = new Map<Token, ClaimAnswer>()
  // with its line end: of a torn answer the last line may lack the last digits of an id
  for (const [, who = '', kind, rest = ''] of stdout.matchAll(
    /^claim (\S+) (submitted|refused|unknown|untouched)(?: (.*))?\n/gm,
  )) {
    const token = tokenFrom(who)
    if (token !== null) answers.set(token, answerOf(kind, rest.trim(), reasonFor))
  }
  return answers
}

function answerOf(kind: string | undefined, said: string, reasonFor: ReasonFor): ClaimAnswer {
  if (kind === 'untouched') return { kind }
  if (kind === 'refused') return refusal(said, reasonFor)
  const nativeId = NativeId.safeParse(said)
  return kind === 'submitted' && nativeId.success ? { kind, nativeId: nativeId.data } : { kind: 'unknown', said }
}

const OWN_REASONS = [...WAITING_KINDS, 'INVALID', 'CANCELLED'] as const

/** Refusals of the claim's own begin with `crystalmath: KIND`; the others are the scheduler's. */
function refusal(said: string, reasonFor: ReasonFor): SubmitAnswer {
  const [, word, text = ''] = /^crystalmath: ([A-Z_]+) (.*)$/.exec(said) ?? []
  const own = OWN_REASONS.find((reason) => reason === word)
  return own === undefined ? { kind: 'refused', reason: reasonFor(said), said } : { kind: 'refused', reason: own, said: text }
}
