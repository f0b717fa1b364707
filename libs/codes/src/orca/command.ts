import type { Step } from '@crystalmath/contract'

/** Base name of all files of ORCA; constant, so that outputs are always found. */
export const BASE = 'orca'
/** Orbitals of an earlier attempt: not `orca.gbw`, which ORCA would overwrite while it reads. */
export const GUESS = 'guess.gbw'

/** ORCA starts its own MPI ranks: it is never put under a launcher, and for more than one rank it must be called by its full path. */
export const runOrca: Step = { program: 'orca', args: [`${BASE}.inp`], stdin: null, stdout: `${BASE}.out`, parallel: false }

export const keptFiles = (keepOrbitals: boolean): readonly string[] => [
  ...[`${BASE}.inp`, `${BASE}.out`, `${BASE}.xyz`, `${BASE}_trj.xyz`, `${BASE}.hess`, `${BASE}.engrad`],
  ...[`${BASE}_property.txt`, `${BASE}.property.txt`, `${BASE}.property.json`],
  ...(keepOrbitals ? [`${BASE}.gbw`] : []),
]

/** MiB per rank for `%maxcore`: ORCA exceeds it at times, so a quarter is left free. */
export const maxCoreMebibytes = (memoryMebibytes: number, ranks: number): number =>
  Math.max(64, Math.floor((0.75 * memoryMebibytes) / ranks))
