import { incar } from './incar.ts'
import { kpoints } from './kpoints.ts'
import { oszicar } from './oszicar.ts'
import { outcar } from './outcar.ts'
import { poscar } from './poscar.ts'
import { stdout } from './stdout.ts'
import { vasprun } from './vasprun.ts'

/** One reader per kind of file. */
export const readers = { vasprun, outcar, oszicar, stdout, poscar, incar, kpoints } as const

export type VaspReaders = typeof readers
