import type { Preparation, Step } from '@crystalmath/contract'

/** The prefix of all files of pw.x; constant, so that outputs and stop file are always found. */
export const PREFIX = 'crystalmath'
/** `outdir`, relative to the attempt's directory. */
export const WORK_FOLDER = 'out'
/** Where pseudopotentials are copied to. */
export const PSEUDO_FOLDER = 'pseudo'
export const SAVE_FOLDER = `${WORK_FOLDER}/${PREFIX}.save`

/** pw.x looks for it after every iteration, in the folder where it was started, and removes it. */
export const STOP_FILE: NonNullable<Preparation['stopFile']> = { path: `${PREFIX}.EXIT`, text: 'stop\n' }

/** One run of a program of the suite: `NAME.in` to `NAME.out`. */
export const runOf = (program: string, name: string, pools?: number): Step => ({
  program,
  args: [...(pools === undefined || pools === 1 ? [] : ['-nk', String(pools)]), '-in', `${name}.in`],
  stdin: null,
  stdout: `${name}.out`,
  parallel: true,
})

/** Outputs that come back. Charge densities only where asked for; wave functions never. */
export const keptFiles = (keepCharge: boolean): readonly string[] => [
  '*.in',
  '*.out',
  'CRASH',
  `${SAVE_FOLDER}/data-file-schema.xml`,
  ...(keepCharge ? [`${SAVE_FOLDER}/charge-density.dat`, `${SAVE_FOLDER}/charge-density.hdf5`, `${SAVE_FOLDER}/paw.txt`] : []),
]
