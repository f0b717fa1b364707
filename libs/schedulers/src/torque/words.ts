/** `qstat` of Slurm's wrappers ends with 153 and no word where there is no job at all; where it could not ask, it dies with another status. */
const EMPTY = 153

/** `qstat` with these options, in UTC. */
export const qstat = (...options: readonly string[]): readonly string[] => [
  'sh',
  '-c',
  `TZ=UTC qstat "$@"; code=$?; [ $code -ne ${EMPTY} ] || exit 0; exit $code`,
  'sh',
  ...options,
]
