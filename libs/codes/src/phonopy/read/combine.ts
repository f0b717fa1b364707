import {
  ANGSTROM_PER_BOHR,
  type CalculationResult,
  type Diagnosis,
  type Matrix3,
  PER_CM_PER_THZ,
  type Properties,
  type Structure,
  type Thermochemistry,
  type Vector3,
} from '@crystalmath/contract/plain'
import { emptyResult, formulaOf, volumeOf } from '../../reading/result.ts'
import type { Cell, PhononReading } from './context.ts'
import { incomplete } from './document.ts'
import type { DosReading } from './dos.ts'

/** eV in one kJ/mol: 1000 / (N_A e), CODATA 2018. */
const EV_PER_KJ_PER_MOL = 0.010364269656262175
/** Interfaces of phonopy whose unit of length is the bohr. */
const IN_BOHR = new Set(['qe', 'abinit', 'wien2k', 'elk', 'siesta', 'turbomole', 'dftbp', 'fleur', 'abacus', 'pwmat-bohr'])
/** VaspToCm: what phonopy users set for frequencies in cm⁻¹. */
const FACTOR_PER_CM = 521.4708

export type Found = {
  readonly documents: readonly PhononReading[]
  readonly files: readonly string[]
  readonly dos: DosReading | undefined
}

/** The cell of the calculation file, the phonons of the band or mesh file, the thermal properties: one calculation. */
export function resultOf({ documents, files, dos }: Found, full: boolean): CalculationResult {
  const base = documents.find(({ cells }) => cells.has('unit_cell')) ?? documents.find(({ cells }) => cells.size > 0)
  const said = <T>(read: (document: PhononReading) => T | null): T | null =>
    documents.map(read).find((value) => value !== null) ?? null
  const calculator = said((document) => document.calculator)
  const unit = base === undefined ? null : lengthOf(base.lengthUnit ?? said((document) => document.lengthUnit), calculator)
  const cell =
    base?.cells.get('unit_cell') ?? (base?.whole === true ? base.cells.get('primitive_cell') : undefined) ?? base?.cells.get('')
  const structure = cell === undefined || unit === null ? null : structureOf(cell, unit)
  return {
    ...emptyResult('phonopy'),
    codeVersion: said((document) => document.version),
    termination: documents.some(incomplete) ? 'truncated' : 'normal',
    structure,
    formula: structure === null ? null : formulaOf(structure.species),
    atomCount: structure?.species.length ?? said((document) => document.atomCount),
    volumeAngstrom3: structure?.latticeAngstrom ? volumeOf(structure.latticeAngstrom) : null,
    diagnoses: [...documents.flatMap(({ diagnoses }) => diagnoses), ...disagreement(documents, files)],
    warnings: warningsOf(documents, calculator),
    properties: allProperties(documents, dos, full),
  }
}

/** The calculation file comes first: what it says stands, bands and mesh add to it. */
function allProperties(documents: readonly PhononReading[], dos: DosReading | undefined, full: boolean): Properties {
  const thz = factorOf(documents)
  const all: Properties = full && dos !== undefined ? dosOf(dos) : {}
  for (const document of documents) {
    for (const [name, value] of Object.entries(propertiesOf(document, thz, full))) all[name] ??= value
  }
  return { ...all, ...rangeOf(documents, thz) }
}

/** Over all q points of all files, if each is complete. */
function rangeOf(documents: readonly PhononReading[], thz: number): Properties {
  const known = documents.filter(({ lowest }) => lowest !== null)
  if (known.length === 0 || known.some((document) => incomplete(document) || document.broken)) return {}
  const lowest = Math.min(...known.map((document) => document.lowest ?? 0))
  const highest = Math.max(...known.map((document) => document.highest ?? 0))
  return { lowestFrequencyThz: lowest * thz, highestFrequencyThz: highest * thz }
}

/** Files of one folder that describe other cells are not one calculation. */
function disagreement(documents: readonly PhononReading[], files: readonly string[]): Diagnosis[] {
  const described = documents.flatMap((document, i) => {
    const cell = document.cells.get('unit_cell')
    return cell === undefined ? [] : [{ cell, file: files[i] ?? '', unit: lengthOf(document.lengthUnit, document.calculator) }]
  })
  const [first] = described
  const other = first === undefined ? undefined : described.find((one) => differs(one, first))
  if (first === undefined || other === undefined) return []
  const message = `the unit cells of ${first.file} and ${other.file} are not the same`
  return [
    {
      kind: 'SOURCES_DISAGREE',
      message,
      evidence: { file: other.file, line: null, text: other.cell.symbols.slice(0, 20).join(' ') },
    },
  ]
}

function differs(a: { cell: Cell; unit: number }, b: { cell: Cell; unit: number }): boolean {
  if (a.cell.symbols.join() !== b.cell.symbols.join()) return true
  return a.cell.lattice.some((row, i) => row.some((x, j) => Math.abs(x * a.unit - (b.cell.lattice[i]?.[j] ?? 0) * b.unit) > 1e-4))
}

/** Å per unit of length of the file. */
function lengthOf(unit: string | null, calculator: string | null): number {
  if (unit !== null) return unit === 'au' ? ANGSTROM_PER_BOHR : 1
  return calculator !== null && IN_BOHR.has(calculator) ? ANGSTROM_PER_BOHR : 1
}

function warningsOf(documents: readonly PhononReading[], calculator: string | null): string[] {
  const silent =
    documents.some(({ cells }) => cells.size > 0) &&
    documents.every(({ lengthUnit }) => lengthUnit === null) &&
    calculator === null
  return silent ? ['the files do not say their unit of length: read as Å, as phonopy writes for VASP'] : []
}

function structureOf(cell: Cell, unit: number): Structure | null {
  if (cell.lattice.length !== 3 || cell.symbols.length === 0 || cell.coordinates.length !== cell.symbols.length) return null
  const lattice = cell.lattice.map((row) => row.map((x) => x * unit)) as Matrix3
  const positions = cell.coordinates.map(
    ([a, b, c]): Vector3 =>
      [0, 1, 2].map((i) => a * (lattice[0][i] ?? 0) + b * (lattice[1][i] ?? 0) + c * (lattice[2][i] ?? 0)) as Vector3,
  )
  return { latticeAngstrom: lattice, species: cell.symbols, positionsAngstrom: positions }
}

/** THz per unit of frequency of the files. */
function factorOf(documents: readonly PhononReading[]): number {
  const factor = documents.map(({ conversionFactor }) => conversionFactor).find((value) => value !== null)
  return factor !== undefined && factor !== null && Math.abs(factor - FACTOR_PER_CM) < 1 ? 1 / PER_CM_PER_THZ : 1
}

function propertiesOf(document: PhononReading, thz: number, full: boolean): Properties {
  const { modes, born, matrices, displacementCount, forceSets, mesh } = document
  const gamma = modes.find(({ q }) => q.every((x) => Math.abs(x - Math.round(x)) < 1e-8))
  const dielectric = matrices.get('dielectric_constant') as Matrix3 | undefined
  const supercell = matrices.get('supercell_matrix')
  return {
    ...(gamma === undefined
      ? {}
      : { vibrationalFrequenciesPerCm: gamma.frequencies.map((value) => value * thz * PER_CM_PER_THZ) }),
    ...(mesh === null ? {} : { qMesh: mesh }),
    ...(full && modes.length > 0 ? { [mesh === null ? 'phononBands' : 'phononMesh']: phononsOf(document, thz) } : {}),
    ...(born.length === 0 ? {} : { bornCharges: born }),
    ...(dielectric === undefined ? {} : { dielectricTensor: dielectric }),
    ...(supercell === undefined ? {} : { supercellMatrix: supercell }),
    ...(displacementCount === 0 ? {} : { displacementCount, forceSetCount: forceSets }),
    ...thermalOf(document),
  }
}

/** Bands or mesh points: fractional q, THz, labels by index of q point. */
function phononsOf({ modes, labels }: PhononReading, thz: number): Record<string, unknown> {
  const named = Object.fromEntries(modes.flatMap(({ label }, i) => (label === null ? [] : [[String(i), label]])))
  return {
    qPoints: modes.map(({ q }) => q),
    frequenciesThz: modes.map(({ frequencies }) => frequencies.map((value) => value * thz)),
    ...(modes.some(({ weight }) => weight !== null) ? { weights: modes.map(({ weight }) => weight) } : {}),
    ...(modes.some(({ distance }) => distance !== null) ? { distances: modes.map(({ distance }) => distance) } : {}),
    ...(Object.keys(named).length === 0 ? {} : { labels: named }),
    ...(labels.length === 0 ? {} : { pathLabels: labels }),
  }
}

/** Harmonic vibrations of the cell, eV; phonopy prints kJ/mol and J/K/mol. */
function thermalOf({ thermal, zeroPoint, units }: PhononReading): Properties {
  if (units.has('free_energy') && units.get('free_energy') !== 'kJ/mol') return {}
  const zero = zeroPoint === null ? null : zeroPoint * EV_PER_KJ_PER_MOL
  if (thermal.length === 0) return zero === null ? {} : { zeroPointEnergyEv: zero }
  const rows = thermal.map(({ temperature, free, entropy }): Thermochemistry & { helmholtzEnergyEv: number | null } => {
    const helmholtz = free === null ? null : free * EV_PER_KJ_PER_MOL
    const ts = entropy === null ? null : (entropy * temperature * EV_PER_KJ_PER_MOL) / 1000
    return {
      temperatureK: temperature,
      zeroPointEnergyEv: zero,
      thermalCorrectionEv: helmholtz === null || ts === null || zero === null ? null : helmholtz + ts - zero,
      entropyTimesTemperatureEv: ts,
      helmholtzEnergyEv: helmholtz,
    }
  })
  return {
    ...(zero === null ? {} : { zeroPointEnergyEv: zero }),
    thermochemistry: rows,
    heatCapacityJoulePerKelvinMol: thermal.map(({ heatCapacity }) => heatCapacity),
  }
}

const dosOf = ({ frequencies, densities }: DosReading): Properties =>
  frequencies.length === 0 ? {} : { phononDos: { frequenciesThz: frequencies, densities } }
