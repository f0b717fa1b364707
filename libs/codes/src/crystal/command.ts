import type { Step } from '@crystalmath/contract'

export const INPUT = 'INPUT'
/** Geometry for the keyword EXTERNAL; CRYSTAL writes its last geometry over it. */
export const GEOMETRY = 'fort.34'
export const OUTPUT = 'crystal.out'
/** Wave function that a run leaves, and where a next one looks for it (GUESSP). */
export const WAVE_FUNCTION = 'fort.9'
export const GUESS = 'fort.20'

/** Pcrystal reads the file INPUT, crystal its standard input; some MPI builds write the output to standard error, so both go to one file. */
export const runCrystal = (ranks: number): Step => ({
  program: ranks > 1 ? 'Pcrystal' : 'crystal',
  args: [],
  stdin: INPUT,
  stdout: OUTPUT,
  stderr: OUTPUT,
  parallel: ranks > 1,
})

/** Outputs that come back; the wave function only where asked for. */
export const keptFiles = (keepWaveFunction: boolean): readonly string[] => [
  ...[INPUT, GEOMETRY, OUTPUT, 'fort.25', 'fort.87', 'SCFOUT.LOG', 'optc[0-9]*', 'FREQINFO.DAT'],
  ...(keepWaveFunction ? [WAVE_FUNCTION] : []),
]
