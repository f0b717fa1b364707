import type { Preparation, Step } from '@crystalmath/contract'

/** Asks VASP to stop after the electronic step at hand; WAVECAR and CONTCAR are written. */
export const STOP_FILE: NonNullable<Preparation['stopFile']> = { path: 'STOPCAR', text: 'LABORT = .TRUE.\n' }

/** Where the data sets lie before they are joined; every one is refused by whatever fetches outputs. */
export const dataSetPath = (index: number): string => `POT_${index + 1}`

/** Joins the data sets into POTCAR on the cluster itself: their text never leaves it. */
export const joinDataSets = (count: number): Step => ({
  program: 'cat',
  args: Array.from({ length: count }, (_, index) => dataSetPath(index)),
  stdin: null,
  stdout: 'POTCAR',
  parallel: false,
})

export type Flavour = 'standard' | 'gamma' | 'noncollinear'
const PROGRAMS: Readonly<Record<Flavour, string>> = { standard: 'vasp_std', gamma: 'vasp_gam', noncollinear: 'vasp_ncl' }

export const runOf = (flavour: Flavour): Step => ({
  program: PROGRAMS[flavour],
  args: [],
  stdin: null,
  stdout: 'vasp.out',
  parallel: true,
})

/** Outputs that come back: no POTCAR, no wave functions, densities only where asked for. */
export const keptFiles = (keepCharge: boolean, moves: boolean): readonly string[] => [
  ...['INCAR', 'KPOINTS', 'POSCAR', 'CONTCAR', 'OUTCAR', 'OSZICAR', 'vasprun.xml', 'vasp.out'],
  ...(moves ? ['XDATCAR'] : []),
  ...(keepCharge ? ['CHGCAR'] : []),
]
