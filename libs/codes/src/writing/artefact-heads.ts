import type { Artefacts, CodeWrites, RestartPlan } from '../code-writes.ts'

export type Artefact = Artefacts['files'][number]

/** The first bytes of an artefact; null where they were not fetched. */
export const headOf = ({ head }: Artefact): Uint8Array | null =>
  head === undefined ? null : Uint8Array.from(atob(head), (character) => character.charCodeAt(0))

/** Little-endian numbers of a header; NaN where it ends before. */
export const numberAt = (bytes: Uint8Array, offset: number, kind: 'float64' | 'int32' | 'int64'): number => {
  if (bytes.length < offset + (kind === 'int32' ? 4 : 8)) return Number.NaN
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  if (kind === 'int64') return Number(view.getBigInt64(offset, true))
  return kind === 'float64' ? view.getFloat64(offset, true) : view.getInt32(offset, true)
}

/** Bytes of a binary file's own head; what its head points to comes behind them: the second record of a WAVECAR, the head of the orbitals of a .gbw, the
 * two lengths of the last Fortran record. */
const HEAD_BYTES = 64
export const beyondHead = (head: Uint8Array): Uint8Array => head.subarray(HEAD_BYTES)

/** Whether the last record of a Fortran file stands between two equal lengths; null where that was not looked at. */
export function lastRecordFault(head: Uint8Array): string | null {
  const [before, after] = [0, 4].map((offset) => numberAt(beyondHead(head), offset, 'int32'))
  return Number.isNaN(after) || before === after ? null : 'torn: its last record does not end with its own length'
}

/** Whether HDF5 is whole: its superblock says where the file ends (HDF5 file format 3.0, II.A). */
export function hdf5Fault(size: number, head: Uint8Array): string | null {
  if (![0x89, 0x48, 0x44, 0x46].every((byte, index) => head[index] === byte)) return 'not HDF5'
  const ends = numberAt(head, (head[8] ?? 0) < 2 ? 40 : 28, 'int64')
  return ends > size ? `torn: it ends at byte ${ends} by its own word, and it has ${size}` : null
}

/** Why no run may build on an artefact, whatever its code says of its inside; null where nothing is wrong. */
export function artefactFault(writes: CodeWrites, file: Artefact, artefacts: Artefacts): string | null {
  if (file.size === 0) return 'empty'
  const { startedSeconds } = artefacts
  if (startedSeconds != null && file.modifiedSeconds !== undefined && file.modifiedSeconds < startedSeconds - 1)
    return 'older than the run: it was brought along, and this run never wrote it'
  return writes.artefactFault?.(file, artefacts) ?? null
}

/** A code whose restarts build on sound artefacts alone: the others are left out, and named with their reason. */
export const withSoundArtefacts = (writes: CodeWrites): CodeWrites => ({
  ...writes,
  restart: (task, artefacts, from) => {
    const faults = new Map(artefacts.files.map((file) => [file.path, artefactFault(writes, file, artefacts)]))
    const sound = artefacts.files.filter(({ path }) => faults.get(path) === null)
    const plan = writes.restart(task, { ...artefacts, files: sound }, from)
    const told = [...faults].flatMap(([path, fault]) =>
      fault !== null && fault !== 'empty' && isTelling(path) ? [`${path}: ${fault}`] : [],
    )
    return told.length === 0 ? plan : withReasons(plan, told)
  },
})

/** Inputs are older than the run as well; only what restarts read is worth a word. */
const isTelling = (path: string): boolean =>
  /(^|\/)(WAVECAR|CHGCAR|charge-density\.\w+|fort\.\d+|(ns|ndb)\.\w+|\w+\.(gbw|chk))$/.test(path)

const withReasons = (plan: RestartPlan | { readonly refused: string }, told: readonly string[]) =>
  'refused' in plan
    ? { refused: `${plan.refused} (${told.join('; ')})` }
    : { ...plan, because: `${plan.because} (left out: ${told.join('; ')})` }
