import type { CodeName, Effect } from '@crystalmath/contract'

/** What a rule is to one attempt: it made the next one, might still be used, or why not. */
export type RuleView = {
  readonly name: string
  readonly effect: Effect
  readonly verdict: 'made the next attempt' | 'may be used' | 'used up' | 'not allowed by the job'
  readonly used: number
  readonly limit: number
  readonly because: string
}

export type Situation = {
  readonly code: CodeName
  readonly diagnosis: string
  /** Rules that made this attempt and those before it. */
  readonly usedBefore: readonly string[]
  /** The rule that made the attempt after it; null if there is none. */
  readonly next: string | null
  readonly effects: readonly Effect[]
}

const VERDICTS = { open: 'may be used', 'not allowed': 'not allowed by the job', 'used up': 'used up' } as const

/** The rules of this release for a diagnosis, mildest first, held against what was done about it. */
export async function rulesFor({ code, diagnosis, usedBefore, next, effects }: Situation): Promise<readonly RuleView[]> {
  const { standingOf, writesOf } = await import('@crystalmath/codes')
  return (writesOf(code)?.remedies[diagnosis] ?? []).map((remedy) => {
    const { name, effect, limit, because } = remedy
    const used = usedBefore.filter((rule) => rule === name).length
    const standing = standingOf(diagnosis, remedy, { effects, tried: usedBefore })
    const verdict = next === name ? 'made the next attempt' : VERDICTS[standing]
    return { name, effect, verdict, used, limit, because }
  })
}
