import type { CalculationResult, Structure } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'

/** What a waiting job needs to know of the one before it. */
export type Predecessor = Pick<Job, 'id' | 'status' | 'verdict'> & {
  readonly result: CalculationResult | null
  /** The geometry that it began from. */
  readonly submitted: Structure | null
}

export type Following =
  | { readonly kind: 'wait' }
  /** `structure`: what it begins from; null: its own. */
  | { readonly kind: 'go'; readonly structure: Structure | null }
  | { readonly kind: 'fail'; readonly verdict: string }

/** Pure: whether a job may go now that the one before it stands as it does. */
export function whatFollows(structureFrom: 'after' | undefined, before: Predecessor | null, after: string): Following {
  if (before === null) return fail(`it was to run after job ${after}, which is gone`)
  switch (before.status) {
    case 'completed':
      return structureFrom === undefined ? { kind: 'go', structure: null } : handOver(before)
    case 'failed':
    case 'cancelled':
      return fail(
        `it was to run after job ${before.id}, which is ${before.status}${before.verdict === null ? '' : `: ${before.verdict}`}; retry that one first`,
      )
    default:
      return { kind: 'wait' }
  }
}

const fail = (why: string): Following => ({ kind: 'fail', verdict: why.slice(0, 1_000) })

/** The last geometry, with what no output repeats: initial moments, fixed directions and site labels of the same atoms. */
function handOver({ id, result, submitted }: Predecessor): Following {
  const last = result?.continuationStructure ?? result?.structure ?? null
  if (last === null) return fail(`the result of job ${id} holds no structure to start from`)
  const { initialMomentsBohr, fixed, labels } = submitted ?? {}
  const kept = {
    ...(initialMomentsBohr === undefined ? {} : { initialMomentsBohr }),
    ...(fixed === undefined ? {} : { fixed }),
    ...(labels === undefined ? {} : { labels }),
  }
  if (Object.keys(kept).length === 0) return { kind: 'go', structure: last }
  const isSame = submitted?.species.length === last.species.length && submitted.species.every((one, i) => one === last.species[i])
  return isSame
    ? { kind: 'go', structure: { ...last, ...kept } }
    : fail(
        `job ${id} returned its atoms in another order or number than submitted, so that its ${Object.keys(kept).join(', ')} cannot be handed on`,
      )
}
