/** Unit separator: a job's name may hold anything else, and comes last. */
export const SEPARATOR = '\x1f'

/** Ids as `f2TRD37vP`, never with the letter that only some locales print. */
export const flux = (...argv: readonly string[]): readonly string[] => [
  'env',
  'LC_ALL=C',
  'FLUX_F58_FORCE_ASCII=1',
  'flux',
  ...argv,
]

/** `flux jobs` lists 1,000 jobs unless it is told that there is no limit. */
export const jobs = (...argv: readonly string[]): readonly string[] => flux('jobs', '-n', '--color=never', '-c', '0', ...argv)
