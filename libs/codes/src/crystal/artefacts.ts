import { type Artefact, headOf, lastRecordFault, numberAt } from '../writing/artefact-heads.ts'

/** Whether a wave function of CRYSTAL (Fortran records, each between two lengths) has a first record that fits the file. */
export function crystalArtefactFault(file: Artefact): string | null {
  const head = headOf(file)
  if (head === null || !/^fort\.\d+$/.test(file.path)) return null
  const length = numberAt(head, 0, 'int32')
  if (!(length > 0 && length + 8 <= file.size)) return 'torn: its first record is longer than the file, or has no length'
  return lastRecordFault(head)
}
