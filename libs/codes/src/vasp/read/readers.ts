import { doscar } from './doscar.ts'
import { eigenval } from './eigenval.ts'
import { incar } from './incar.ts'
import { kpoints } from './kpoints.ts'
import { oszicar } from './oszicar.ts'
import { outcar } from './outcar.ts'
import { poscar } from './poscar.ts'
import { potcar } from './potcar.ts'
import { procar } from './procar.ts'
import { stdout } from './stdout.ts'
import { vaspout } from './vaspout.ts'
import { vasprun } from './vasprun.ts'

/** One reader per kind of file. */
export const readers = {
  vasprun,
  outcar,
  vaspout,
  oszicar,
  stdout,
  eigenval,
  doscar,
  procar,
  poscar,
  xdatcar: poscar,
  incar,
  kpoints,
  potcar,
} as const

export type VaspReaders = typeof readers
