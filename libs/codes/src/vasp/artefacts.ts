import type { Matrix3 } from '@crystalmath/contract'
import type { Artefacts } from '../code-writes.ts'
import { type Artefact, beyondHead, headOf, numberAt } from '../writing/artefact-heads.ts'

/** RTAG of a WAVECAR: single and double precision, before and since VASP 5.2 with a record for energies. */
const TAGS = new Set([45_200, 45_210, 53_300, 53_310])

/** Whether WAVECAR and CHGCAR are whole, by their sizes against their headers, and of this run. */
export function vaspArtefactFault(file: Artefact, artefacts: Artefacts): string | null {
  const head = headOf(file)
  if (head === null) return null
  if (file.path === 'WAVECAR') return waveFunctionFault(file.size, head, artefacts)
  return file.path === 'CHGCAR' ? densityFault(file.size, head, artefacts) : null
}

/** Record 1: length of records in bytes, spins, RTAG; then 2 records of header and one per band and k point with one of energies each. */
function waveFunctionFault(size: number, head: Uint8Array, artefacts: Artefacts): string | null {
  const { facts } = artefacts
  const [record, spins, tag] = [numberAt(head, 0, 'float64'), numberAt(head, 8, 'float64'), numberAt(head, 16, 'float64')]
  if (!Number.isInteger(record) || record < 96 || !TAGS.has(tag) || (spins !== 1 && spins !== 2))
    return 'its first record is not that of a WAVECAR'
  if (size % record !== 0) return `torn: ${size} bytes are no whole number of its records of ${record} bytes`
  if (facts?.spins != null && facts.spins !== spins)
    return `of another run: it holds ${spins} spin components, and the run had ${facts.spins}`
  const second = secondRecordFault(size / record, spins, head, artefacts)
  if (second !== null) return second
  if (facts?.kPointCount == null || facts.bandCount == null) return null
  const wanted = 2 + spins * facts.kPointCount * (facts.bandCount + 1)
  return size / record === wanted
    ? null
    : `torn or of another run: it has ${size / record} records, and ${facts.kPointCount} k points of ${facts.bandCount} bands need ${wanted}`
}

/** Record 2: k points, bands, ENCUT (eV), lattice (Å, three rows), Fermi energy. */
export function secondRecordOf(head: Uint8Array) {
  const values = Array.from({ length: 12 }, (_, index) => numberAt(beyondHead(head), 8 * index, 'float64'))
  const [kPoints = 0, bands = 0, cutoffEv = 0, ...lattice] = values
  return values.some(Number.isNaN)
    ? null
    : { kPoints, bands, cutoffEv, lattice: [lattice.slice(0, 3), lattice.slice(3, 6), lattice.slice(6, 9)] }
}

function secondRecordFault(records: number, spins: number, head: Uint8Array, { facts, lastStructure }: Artefacts): string | null {
  const second = secondRecordOf(head)
  if (second === null) return null
  const { kPoints, bands, cutoffEv, lattice } = second
  if (!(Number.isInteger(kPoints) && kPoints > 0 && Number.isInteger(bands) && bands > 0 && cutoffEv > 0))
    return 'its second record is not that of a WAVECAR'
  const wanted = 2 + spins * kPoints * (bands + 1)
  if (records !== wanted)
    return `torn: it has ${records} records, and its own ${kPoints} k points of ${bands} bands need ${wanted}`
  if (facts?.cutoffEv != null && Math.abs(facts.cutoffEv - cutoffEv) > 0.01)
    return `of another run: its ENCUT is ${cutoffEv} eV, and the run had ${facts.cutoffEv} eV`
  return lastStructure?.latticeAngstrom != null && isFar(lattice, lastStructure.latticeAngstrom)
    ? 'of another cell than the last geometry'
    : null
}

const numbers = (line: string): number[] => line.trim().split(/\s+/).map(Number)

/** A POSCAR, the grid, then numbers in lines of five, 18 characters each. */
function densityFault(size: number, head: Uint8Array, { lastStructure }: Artefacts): string | null {
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('')
  const lines = text.split('\n')
  const scale = Number(lines[1])
  const lattice = lines.slice(2, 5).map((line) => numbers(line).map((value) => value * scale))
  const counts = numbers(lines[6] ?? '')
  const atoms = counts.reduce((sum, count) => sum + count, 0)
  if (!(scale > 0) || lattice.flat().length !== 9 || !lattice.flat().every(Number.isFinite) || !(atoms > 0))
    return 'its head is not that of a CHGCAR'
  if (lastStructure !== null && atoms !== lastStructure.species.length)
    return `of another run: it holds ${atoms} atoms, and the run had ${lastStructure.species.length}`
  if (lastStructure?.latticeAngstrom != null && isFar(lattice, lastStructure.latticeAngstrom))
    return 'of another cell than the last geometry'
  // the grid stands behind the atoms, which may be more than the head holds
  const grid = numbers(lines[9 + atoms] ?? '')
  if (lines.length <= 10 + atoms) return null
  const [x = 0, y = 0, z = 0] = grid
  const values = x * y * z
  if (grid.length !== 3 || !(values > 0)) return 'its head is not that of a CHGCAR'
  return size < values * 18 ? `torn: ${values} values of its grid need ${values * 18} bytes at least, and it has ${size}` : null
}

const isFar = (rows: readonly number[][], lattice: Matrix3): boolean =>
  lattice.some((row, index) => row.some((value, axis) => Math.abs(value - (rows[index]?.[axis] ?? 0)) > 1e-4))
