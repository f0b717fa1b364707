import type { CodeFacts, Sample } from '../code-reads.ts'

type Kind = 'output' | 'error' | 'bands' | 'path' | 'labels' | 'centres'

const BY_NAME: readonly (readonly [RegExp, Kind])[] = [
  [/\.werr$/, 'error'],
  [/_band\.dat$/, 'bands'],
  [/_band\.kpt$/, 'path'],
  [/_band\.labelinfo\.dat$/, 'labels'],
  [/_centres\.xyz$/, 'centres'],
]

function kindOf({ name, head }: Sample): Kind | null {
  if (/\| +(?:WANNIER90|P ?O ?S ?T ?W ?90|POSTW90) +\|/.test(head) || /^ *Wannier90: Execution started/m.test(head)) {
    return name.endsWith('.werr') ? 'error' : 'output'
  }
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** Which file of this code is which. */
export const wannier90Facts: CodeFacts<Kind> = {
  code: 'wannier90',
  recognise: kindOf,
  mainKinds: ['output', 'error', 'bands', 'centres'],
}
