import type { Step } from '@crystalmath/contract'

/** The seed name of all files. */
export const SEED = 'wannier90'

/** The setup is serial by nature; wannierising takes as many ranks as there are. */
export const runWannier90 = (isSetup: boolean): Step => ({
  program: 'wannier90.x',
  args: isSetup ? ['-pp', SEED] : [SEED],
  stdin: null,
  stdout: `${SEED}.out`,
  parallel: !isSetup,
})

/** Outputs that come back. */
export const KEPT: readonly string[] = [
  ...['win', 'wout', 'werr', 'nnkp'].map((ending) => `${SEED}.${ending}`),
  ...[
    '_band.dat',
    '_band.kpt',
    '_band.labelinfo.dat',
    '_centres.xyz',
    '_hr.dat',
    '_tb.dat',
    '_wsvec.dat',
    '_u.mat',
    '_u_dis.mat',
  ].map((ending) => `${SEED}${ending}`),
  `${SEED}*.werr`,
]
