import { ANGSTROM_PER_BOHR, EV_PER_HARTREE, type Reader, type Vector3 } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { eachWholeLine } from '../../reading/scanner.ts'

/** What a `.property.txt` or `.property.json` says of its newest geometry, in hartree and bohr. */
export type OrcaProperty = {
  version: string | null
  status: string | null
  geometryIndex: number
  /** The geometry of which the status at the file's top speaks. */
  lastGeometryIndex: number
  finalHartree: number | null
  scfHartree: number | null
  converged: boolean | null
  dispersionHartree: number | null
  excited: boolean
  /** Total energies of all levels, and excitation energies: the final energy may include a root without a word. */
  totalsHartree: number[]
  rootsHartree: number[]
  /** There are energies of a higher level than SCF, or corrections that the SCF energy lacks. */
  beyondScf: boolean
  /** The energies are all there: the geometries, which come behind them (ORCA 4 and 5), have begun, or the status says it (ORCA 6). */
  whole: boolean
  gradientHartreePerBohr: Vector3[] | null
  dipoleAu: Vector3 | null
  frequenciesPerCm: number[]
  zeroPointHartree: number | null
  charge: number | null
  multiplicity: number | null
  electronCount: number | null
  basisFunctionCount: number | null
  /** Atoms that the newest geometry should have. */
  atomCount: number | null
  species: string[]
  positionsAngstrom: Vector3[]
}

const ATOM = /^ *(?:\d+ +)?([A-Z][a-z]?) +(-?\d+\.\d+) +(-?\d+\.\d+) +(-?\d+\.\d+) *$/
const BEYOND_SCF = /^(?!SCF_|DFT_|VdW_|Single_|Solvation|THERMO).*(?:Energ|[gG]CP)/
const CELL = /^ *(\d+) +(-?\d\S*) *$/
/** One transition: energy in eV, 1/cm, nm, strength, …, in several columns. */
const TRANSITION = /^ *(\d+) +(-?\d+\.\d+e[-+]\d+) +-?\d+\.\d+e/

/** `  &FinalEnergy [&Type "Double"]  -8.1e+02  "…"` (ORCA 6) or `   SCF Energy:   -76.3` (ORCA 4 and 5). */
const KEYED_6 = /^ +&(\w+)(?: +\[([^\]]*)\])? *(.*)$/
const KEYED_5 = /^ *([A-Za-z][^:]{1,60}?) *: +(\S.*)$/

type State = {
  readonly found: OrcaProperty
  block: string
  /** Å in the unit of the coordinates that follow. */
  unit: number
  table: { readonly key: string; readonly cells: number[] } | null
}

/** Reads a `.property.txt`, both the layout of ORCA 4 and 5 (`$ Block`) and that of ORCA 6 (`$Block … $End`). */
export function property(): Reader<OrcaProperty> {
  const state: State = { found: newProperty(), block: '', unit: 1, table: null }
  return {
    feed: eachWholeLine((text) => void LINES.some((takes) => takes(state, text))),
    end: () => {
      close(state)
      return state.found
    },
  }
}

/** A table is complete where something else follows. */
function close(state: State): void {
  if (state.table !== null) keepTable(state.found, state.block, state.table.key, state.table.cells)
  state.table = null
}

function heading(state: State, text: string): boolean {
  const [, name] = /^\$ ?(\w+)/.exec(text) ?? /^ +name: +(\w+)$/.exec(text) ?? []
  if (name === undefined && !text.startsWith('#') && !text.startsWith('----')) return false
  close(state)
  if (text.includes('!GEOMETR')) {
    state.block = 'Geometry'
    state.found.whole = true
  }
  if (name === undefined) return true
  state.block = detached(name)
  if (/^(?:CIS|TDDFT|ADC|EOM)/i.test(name)) state.found.excited = true
  if (BEYOND_SCF.test(name)) state.found.beyondScf = true
  return true
}

function coordinates({ found, block, unit }: State, text: string): boolean {
  return block === 'Geometry' && atom(found, text, unit)
}

function cell({ table }: State, text: string): boolean {
  const [, index, value] =
    table === null ? [] : (CELL.exec(text) ?? (table.key === 'ExcitationEnergies' ? TRANSITION.exec(text) : null) ?? [])
  if (index === undefined) return false
  table?.cells.push(toNumber(value) ?? Number.NaN)
  return true
}

function keyedBy6(state: State, text: string): boolean {
  const [, key, attributes = '', rest = ''] = KEYED_6.exec(text) ?? []
  if (key === undefined) return false
  close(state)
  if (state.block === 'Geometry' && key === 'CartesianCoordinates') {
    state.unit = /Bohr/i.test(attributes) ? ANGSTROM_PER_BOHR : 1
    clearGeometry(state.found)
  } else if (attributes.includes('Array')) state.table = { key: detached(key), cells: [] }
  else keep(state.found, state.block, key, bareValue(rest))
  return true
}

/** `"NORMAL TERMINATION"` is the value itself, `-8.1e+02  "Final energy"` carries a remark. */
const bareValue = (rest: string): string =>
  (rest.startsWith('"') ? rest : rest.replace(/ {0,80}"[^"]*" {0,80}$/, '')).replaceAll('"', '').trim()

function keyedBy5(state: State, text: string): boolean {
  const [, key, value = ''] = KEYED_5.exec(text) ?? []
  if (key !== undefined) keep(state.found, state.block, key, value.trim())
  else if (/^ *[A-Za-z ]+: *$/.test(text)) {
    close(state)
    state.table = { key: text.trim().replace(/:$/, ''), cells: [] }
    if (state.block === 'Geometry') clearGeometry(state.found)
  }
  return true
}

/** Each says whether the line was its own. */
const LINES = [heading, coordinates, cell, keyedBy6, keyedBy5]

/** Nothing is known yet. */
export const newProperty = (): OrcaProperty => ({
  version: null,
  status: null,
  geometryIndex: 0,
  lastGeometryIndex: 0,
  finalHartree: null,
  scfHartree: null,
  converged: null,
  dispersionHartree: null,
  excited: false,
  totalsHartree: [],
  rootsHartree: [],
  beyondScf: false,
  whole: false,
  gradientHartreePerBohr: null,
  dipoleAu: null,
  frequenciesPerCm: [],
  zeroPointHartree: null,
  charge: null,
  multiplicity: null,
  electronCount: null,
  basisFunctionCount: null,
  atomCount: null,
  species: [],
  positionsAngstrom: [],
})

function clearGeometry(found: OrcaProperty): void {
  found.species = []
  found.positionsAngstrom = []
}

function atom(found: OrcaProperty, text: string, unit: number): boolean {
  const [, symbol, x, y, z] = ATOM.exec(text) ?? []
  if (symbol === undefined) return false
  found.species.push(detached(symbol))
  found.positionsAngstrom.push([Number(x) * unit, Number(y) * unit, Number(z) * unit])
  return true
}

/** Geometry indices only grow; what an older geometry said is forgotten at the first word of a newer one. */
function atGeometry(found: OrcaProperty, index: number): void {
  if (index <= found.geometryIndex) return
  found.geometryIndex = index
  Object.assign(found, {
    finalHartree: null,
    scfHartree: null,
    converged: null,
    dispersionHartree: null,
    gradientHartreePerBohr: null,
    dipoleAu: null,
    frequenciesPerCm: [],
    zeroPointHartree: null,
    totalsHartree: [],
    rootsHartree: [],
  })
}

/** ORCA 6.0 writes keys in capitals, 6.1 in mixed case, 4 and 5 as words. */
function keep(found: OrcaProperty, block: string, key: string, text: string): void {
  const number = toNumber(text)
  switch (`${block}.${key}`.toLowerCase()) {
    case 'calculation_status.version':
      found.version = detached(text)
      return
    case 'calculation_status.status':
      found.status = detached(text)
      return
    case 'calculation_status.geometryindex':
      found.lastGeometryIndex = number ?? 0
      return
    case 'single_point_data.finalenergy':
    case 'single_point_data.final energy':
      found.finalHartree = number
      return
    case 'single_point_data.converged':
      found.converged = text === 'true' ? true : text === 'false' ? false : null
      return
    case 'scf_energy.scf energy':
    case 'scf_energy.scf_energy':
      found.scfHartree = number
      return
    case 'vdw_correction.van der waals correction':
    case 'vdw_correction.vdw':
      found.dispersionHartree = number
      return
    case 'thermochemistry_energies.zpe':
      found.zeroPointHartree = number
      return
    case 'calculation_info.mult':
    case 'calculation_info.multiplicity':
      found.multiplicity = number
      return
    case 'calculation_info.charge':
      found.charge = number
      return
    case 'geometry.natoms':
    case 'geometry.number of atoms':
      found.atomCount = number
      return
    case 'calculation_info.numofelectrons':
    case 'calculation_info.number of electrons':
      found.electronCount = number
      return
    case 'calculation_info.numofbasisfuncts':
    case 'calculation_info.number of basis functions':
      found.basisFunctionCount = number
      return
    default:
      if (number !== null && /^(?:geometryindex|geom\. index|geometry index)$/i.test(key)) atGeometry(found, number)
  }
}

function keepTable(found: OrcaProperty, block: string, key: string, cells: readonly number[]): void {
  if (cells.length === 0 || !cells.every(Number.isFinite)) return
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = cells
  const name = key.toLowerCase()
  if (/Nuc_Gradient$/i.test(block) && name === 'grad' && cells.length % 3 === 0) {
    const rows: Vector3[] = []
    for (let at = 0; at < cells.length; at += 3)
      rows.push([cells[at] ?? Number.NaN, cells[at + 1] ?? Number.NaN, cells[at + 2] ?? Number.NaN])
    found.gradientHartreePerBohr = rows
  } else if (name === 'totalenergy') {
    found.totalsHartree.push(x)
    if (block === 'SCF_Energy') found.scfHartree = x
  } else if (name === 'excitationenergies') found.rootsHartree.push(...cells.map((ev) => ev / EV_PER_HARTREE))
  else if (/^(?:Hessian|THERMOCHEMISTRY_Energies)$/i.test(block) && name === 'freq')
    found.frequenciesPerCm = cells.filter((frequency) => frequency !== 0)
  else if (
    /Dipole_Moment$|Electric_Properties$/.test(block) &&
    /^(?:dipoletotal|total dipole moment)$/.test(name) &&
    cells.length >= 3
  )
    found.dipoleAu = [x, y, z]
}
