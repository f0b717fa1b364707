import { type Artefact, headOf, lastRecordFault, numberAt } from '../writing/artefact-heads.ts'

/** A checkpoint begins with a record of 33 characters: when it was written. */
export function wannierArtefactFault(file: Artefact): string | null {
  const head = headOf(file)
  if (head === null || !file.path.endsWith('.chk')) return null
  return numberAt(head, 0, 'int32') === 33 && numberAt(head, 37, 'int32') === 33
    ? lastRecordFault(head)
    : 'its first record is not that of a checkpoint of Wannier90'
}
