/** Programs whose outputs we read; `script` is a user's own shell script, judged by its exit code alone. */
export const CODE_NAMES = [
  'vasp',
  'orca',
  'quantum-espresso',
  'crystal',
  'yambo',
  'wannier90',
  'phonopy',
  'boltztrap2',
  'cp2k',
  'nwchem',
  'abinit',
  'xtb',
  'ase',
  'script',
] as const
