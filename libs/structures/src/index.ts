export { formatCif } from './cif/write.ts'
export { structureHash } from './content-hash.ts'
export { atomicMassOf, atomicNumberOf, ELEMENTS, isElement, nearestElement, symbolOf } from './elements.ts'
export { composition, formulaOf } from './formula.ts'
export {
  type CellParameters,
  cellParametersOf,
  hasLattice,
  kMeshOf,
  type LatticeStructure,
  latticeFromParameters,
  periodicityOf,
  planeSpacingsAngstrom,
  reciprocalLattice,
  toCartesian,
  toFractional,
  volumeAngstrom3,
} from './lattice.ts'
export { editDistance, nearestWord } from './nearest-word.ts'
export type { ParsedStructure } from './outcome.ts'
export { parseStructure } from './parse-structure.ts'
export { formatPoscar, type PoscarOptions } from './poscar/write.ts'
export { COINCIDING_ANGSTROM, type StructureLimits, type Validation, validateStructure } from './validate.ts'
export { cross, determinant, dot, mapVector, norm, rowTimes } from './vectors.ts'
export { commentFields } from './xyz/comment.ts'
export { formatExtxyz, formatXyz } from './xyz/write.ts'
