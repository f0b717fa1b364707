import type { Step } from '@crystalmath/contract'

/** Job string: names of reports, logs and tables begin with it. */
export const JOB = 'yambo'
export const INPUT = 'yambo.in'
export const SETUP_INPUT = 'setup.in'

/** Databases out of what pw.x left, in the folder SAVE; then their initialisation; then the run itself. */
export const yamboSteps = (saveFolder: string, isSetupAlone: boolean): readonly Step[] => [
  { program: 'p2y', args: ['-I', saveFolder], stdin: null, stdout: 'p2y.out', parallel: false },
  { program: 'yambo', args: ['-F', SETUP_INPUT, '-J', 'setup'], stdin: null, stdout: 'setup.out', parallel: false },
  ...(isSetupAlone
    ? []
    : [{ program: 'yambo', args: ['-F', INPUT, '-J', JOB], stdin: null, stdout: 'yambo.out', parallel: true }]),
]

export const KEPT: readonly string[] = ['*.in', 'p2y.out', 'setup.out', 'yambo.out', 'r-*', 'r_*', 'l-*', 'l_*', 'LOG/l*', 'o-*']
