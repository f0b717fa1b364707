import { type Artefact, hdf5Fault, headOf } from '../writing/artefact-heads.ts'

/** Databases of YAMBO: of the states (`ns.*`) and of what it computed (`ndb.*`), as NetCDF of either kind. */
export function yamboArtefactFault(file: Artefact): string | null {
  const head = headOf(file)
  if (head === null || !/(^|\/)(ns\.|ndb\.)[^/]+$/.test(file.path)) return null
  const isClassic = head[0] === 0x43 && head[1] === 0x44 && head[2] === 0x46 && [1, 2, 5].includes(head[3] ?? 0)
  const fault = isClassic ? null : hdf5Fault(file.size, head)
  return fault === 'not HDF5' ? 'its head is not that of a database of YAMBO (NetCDF)' : fault
}
