import { ANGSTROM_PER_BOHR, EV_PER_HARTREE, type Reader, type Vector3 } from '@crystalmath/contract/plain'
import { emptyResult, formulaOf, volumeOf } from '../../reading/result.ts'
import { structureOf } from './pw/geometry.ts'
import type { Reported } from './reported.ts'
import { scaledMatrix, scaledVector, times } from './units.ts'
import { type Element, type Wanted, xmlScan } from './xml/scanner.ts'
import { flagOf, numberOf, numbersOf, vectorIn, wordOf } from './xml/values.ts'

type OldState = {
  readonly numbers: Record<string, number>
  readonly words: Record<string, string>
  readonly flags: Record<string, boolean>
  readonly cell: Vector3[]
  readonly labels: string[]
  readonly positions: Vector3[]
  readonly fixed: [boolean, boolean, boolean][]
  mesh: [number, number, number] | null
}

const NUMBERS: Readonly<Record<string, string>> = {
  'PLANE_WAVES/WFC_CUTOFF': 'cutoff',
  'PLANE_WAVES/RHO_CUTOFF': 'densityCutoff',
  'BAND_STRUCTURE_INFO/NUMBER_OF_K-POINTS': 'kPoints',
  'BAND_STRUCTURE_INFO/NUMBER_OF_BANDS': 'bands',
  'BAND_STRUCTURE_INFO/NUMBER_OF_ELECTRONS': 'electrons',
  'BAND_STRUCTURE_INFO/FERMI_ENERGY': 'fermi',
  'PARALLELISM/NUMBER_OF_PROCESSORS': 'ranks',
  'IONS/NUMBER_OF_ATOMS': 'atoms',
}
const FLAGS: Readonly<Record<string, string>> = {
  'SPIN/LSDA': 'lsda',
  'SPIN/NON-COLINEAR_CALCULATION': 'noncollinear',
  'SPIN/SPIN-ORBIT_CALCULATION': 'spinOrbit',
  'OCCUPATIONS/SMEARING_METHOD': 'smearing',
  'OCCUPATIONS/TETRAHEDRON_METHOD': 'tetrahedra',
}

/** Atoms are numbered in the tag's name (`ATOM.1`): as many are asked for as one calculation may hold. */
const MOST_ATOMS = 5_000

function wantedBy(
  { numbers, words, flags, cell, labels, positions, fixed }: OldState,
  setMesh: (mesh: [number, number, number]) => void,
): Wanted {
  const keep = <T>(table: Record<string, T>, name: string, value: T | null): void => {
    if (value !== null) table[name] = value
  }
  const atom = ({ attribute }: Element): void => {
    const position = vectorIn(attribute('tau') ?? '')
    if (position === null) return
    labels.push((attribute('SPECIES') ?? '').trim())
    positions.push(position)
    const [x, y, z] = numbersOf(attribute('if_pos') ?? '') ?? []
    fixed.push([x === 0, y === 0, z === 0])
  }
  const vector = ({ text }: Element): void => {
    const row = vectorIn(text)
    if (row !== null) cell.push(row)
  }
  return {
    ...Object.fromEntries(
      Object.entries(NUMBERS).map(([path, name]) => [path, (element: Element) => keep(numbers, name, numberOf(element))]),
    ),
    ...Object.fromEntries(
      Object.entries(FLAGS).map(([path, name]) => [path, (element: Element) => keep(flags, name, flagOf(element))]),
    ),
    ...Object.fromEntries(['a1', 'a2', 'a3'].map((name) => [`CELL/DIRECT_LATTICE_VECTORS/${name}`, vector])),
    ...Object.fromEntries(Array.from({ length: MOST_ATOMS }, (_, i) => [`IONS/ATOM.${i + 1}`, atom])),
    'EXCHANGE_CORRELATION/DFT': (element) => keep(words, 'functional', wordOf(element)),
    'HEADER/CREATOR': ({ attribute }) => {
      keep(words, 'version', attribute('VERSION'))
      keep(words, 'creator', attribute('NAME'))
    },
    'BRILLOUIN_ZONE/MONKHORST_PACK_GRID': ({ attribute }) => {
      const [a = 0, b = 0, c = 0] = ['nk1', 'nk2', 'nk3'].map((name) => Number(attribute(name) ?? 0))
      if (a > 0 && b > 0 && c > 0) setMesh([a, b, c])
    },
  }
}

/** Reads `data-file.xml` of releases 4 to 6.1 (QEXML by iotk): the system and how it was computed; it has no energies. */
export function dataFile(file: string): Reader<Reported> {
  const state: OldState = { numbers: {}, words: {}, flags: {}, cell: [], labels: [], positions: [], fixed: [], mesh: null }
  const scan = xmlScan(
    wantedBy(state, (mesh) => {
      state.mesh = mesh
    }),
  )
  return {
    feed: (block, firstLine) => scan.feed(block, firstLine),
    end() {
      const broken = scan.broken()
      const result = resultOf(state)
      if (broken !== null)
        result.diagnoses.push({
          kind: 'OUTPUT_UNREADABLE',
          message: `no well-formed XML: "${broken.text}"`,
          evidence: { file, ...broken },
        })
      else if (!scan.isComplete())
        result.diagnoses.push({
          kind: 'OUTPUT_INCOMPLETE',
          message: 'the XML ends before its root element is closed',
          evidence: { file, line: null, text: '' },
        })
      return {
        program: state.words['creator'] ?? null,
        result: { ...result, termination: scan.isComplete() ? 'normal' : 'truncated' },
      }
    },
  }
}

function resultOf({ numbers, words, flags, cell, labels, positions, fixed, mesh }: OldState): Reported['result'] {
  const [a, b, c] = cell
  const structure =
    a === undefined ||
    b === undefined ||
    c === undefined ||
    positions.length === 0 ||
    positions.length !== (numbers['atoms'] ?? positions.length)
      ? null
      : structureOf({
          latticeAngstrom: scaledMatrix([a, b, c], ANGSTROM_PER_BOHR),
          labels,
          positionsAngstrom: positions.map((position) => scaledVector(position, ANGSTROM_PER_BOHR)),
          fixed: fixed.flat().includes(true) ? fixed : null,
        })
  const metallic = flags['smearing'] === true || flags['tetrahedra'] === true
  return {
    ...emptyResult('quantum-espresso'),
    codeVersion: words['version'] ?? null,
    structure,
    formula: formulaOf(structure?.species ?? []),
    atomCount: structure?.species.length ?? null,
    volumeAngstrom3: structure?.latticeAngstrom == null ? null : volumeOf(structure.latticeAngstrom),
    fermiEnergyEv: metallic ? times(numbers['fermi'] ?? null, EV_PER_HARTREE) : null,
    mpiRankCount: Number.isSafeInteger(numbers['ranks']) ? (numbers['ranks'] ?? null) : null,
    method: {
      functional: words['functional'] ?? null,
      spinPolarized: flags['lsda'] ?? null,
      noncollinear: flags['noncollinear'] ?? null,
      spinOrbit: flags['spinOrbit'] ?? null,
      electronCount: numbers['electrons'] ?? null,
      cutoffEv: times(numbers['cutoff'] ?? null, EV_PER_HARTREE),
      densityCutoffEv: times(numbers['densityCutoff'] ?? null, EV_PER_HARTREE),
      kMesh: mesh,
      kPointCount: numbers['kPoints'] ?? null,
      bandCount: numbers['bands'] ?? null,
      basis: 'plane waves',
    },
  }
}
