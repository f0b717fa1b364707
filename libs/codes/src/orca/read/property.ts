import { ANGSTROM_PER_BOHR, type Reader, type Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { eachWholeLine } from '../../reading/scanner.ts'

/** What a `.property.txt` says of its newest geometry, in hartree and bohr. */
export type OrcaProperty = {
  version: string | null
  status: string | null
  geometryIndex: number
  finalHartree: number | null
  scfHartree: number | null
  converged: boolean | null
  dispersionHartree: number | null
  excited: boolean
  /** There are energies of a higher level than SCF, or corrections that the SCF energy lacks. */
  beyondScf: boolean
  gradientHartreePerBohr: Vector3[] | null
  dipoleAu: Vector3 | null
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

/** `  &FinalEnergy [&Type "Double"]  -8.1e+02  "…"` (ORCA 6) or `   SCF Energy:   -76.3` (ORCA 4 and 5). */
const KEYED_6 = /^ +&(\w+)(?: +\[([^\]]*)\])? *(.*)$/
const KEYED_5 = /^ *([A-Za-z][^:]{1,60}?) *: +(\S.*)$/

/** Reads a `.property.txt`, both the layout of ORCA 4 and 5 (`$ Block`) and that of ORCA 6 (`$Block … $End`). */
export function property(): Reader<OrcaProperty> {
  const found = empty()
  let block = ''
  let unit = 1
  let table: { readonly key: string; readonly cells: number[] } | null = null

  const close = () => {
    if (table !== null) keepTable(found, block, table.key, table.cells)
    table = null
  }
  const line = (text: string) => {
    const [, name] = /^\$ ?(\w+)/.exec(text) ?? /^ +name: +(\w+)$/.exec(text) ?? []
    if (name !== undefined || text.startsWith('#') || text.startsWith('----')) {
      close()
      if (name !== undefined) block = detached(name)
      if (/!GEOMETR/.test(text)) block = 'Geometry'
      if (name !== undefined && /^(?:CIS|TDDFT|ADC|EOM)/i.test(name)) found.excited = true
      if (name !== undefined && BEYOND_SCF.test(name)) found.beyondScf = true
      return
    }
    if (block === 'Geometry' && atom(found, text, unit)) return
    const [, cell, value] = CELL.exec(text) ?? []
    if (table !== null && cell !== undefined) {
      table.cells.push(toNumber(value) ?? Number.NaN)
      return
    }
    const [, key, attributes = '', rest = ''] = KEYED_6.exec(text) ?? []
    if (key !== undefined) {
      close()
      if (block === 'Geometry' && key === 'CartesianCoordinates') {
        unit = /Bohr/i.test(attributes) ? ANGSTROM_PER_BOHR : 1
        clearGeometry(found)
      } else if (attributes.includes('Array')) table = { key: detached(key), cells: [] }
      else
        keep(
          found,
          block,
          key,
          rest
            .replace(/ *"[^"]*" *$/, (tail) => (rest.startsWith('"') ? tail : ''))
            .replaceAll('"', '')
            .trim(),
        )
      return
    }
    const [, name5, value5] = KEYED_5.exec(text) ?? []
    if (name5 !== undefined) keep(found, block, name5, (value5 ?? '').trim())
    else if (/^ *[A-Za-z ]+: *$/.test(text)) {
      close()
      table = { key: text.trim().replace(/:$/, ''), cells: [] }
      if (block === 'Geometry') clearGeometry(found)
    }
  }
  return {
    feed: eachWholeLine(line),
    end: () => {
      close()
      return found
    },
  }
}

const empty = (): OrcaProperty => ({
  version: null,
  status: null,
  geometryIndex: 0,
  finalHartree: null,
  scfHartree: null,
  converged: null,
  dispersionHartree: null,
  excited: false,
  beyondScf: false,
  gradientHartreePerBohr: null,
  dipoleAu: null,
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
  })
}

function keep(found: OrcaProperty, block: string, key: string, text: string): void {
  const number = toNumber(text)
  const name = `${block}.${key}`
  switch (name) {
    case 'Calculation_Status.version':
      found.version = detached(text)
      return
    case 'Calculation_Status.Status':
    case 'Calculation_Status.status':
      found.status = detached(text)
      return
    case 'Single_Point_Data.FinalEnergy':
    case 'Single_Point_Data.Final Energy':
      found.finalHartree = number
      return
    case 'Single_Point_Data.Converged':
      found.converged = text === 'true' ? true : text === 'false' ? false : null
      return
    case 'SCF_Energy.SCF Energy':
      found.scfHartree = number
      return
    case 'VdW_Correction.Van der Waals Correction':
    case 'VdW_Correction.vdW':
      found.dispersionHartree = number
      return
    case 'Calculation_Info.Mult':
    case 'Calculation_Info.Multiplicity':
      found.multiplicity = number
      return
    case 'Calculation_Info.Charge':
      found.charge = number
      return
    case 'Geometry.NAtoms':
    case 'Geometry.Number of atoms':
      found.atomCount = number
      return
    case 'Calculation_Info.NumOfElectrons':
    case 'Calculation_Info.number of electrons':
      found.electronCount = number
      return
    case 'Calculation_Info.NumOfBasisFuncts':
    case 'Calculation_Info.number of basis functions':
      found.basisFunctionCount = number
      return
    default:
      if (number !== null && /^(?:GeometryIndex|geom\. index|Geometry Index)$/.test(key)) atGeometry(found, number)
  }
}

function keepTable(found: OrcaProperty, block: string, key: string, cells: readonly number[]): void {
  if (cells.length === 0 || !cells.every(Number.isFinite)) return
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = cells
  if (/Nuc_Gradient$/.test(block) && key === 'grad' && cells.length % 3 === 0) {
    const rows: Vector3[] = []
    for (let at = 0; at < cells.length; at += 3)
      rows.push([cells[at] ?? Number.NaN, cells[at + 1] ?? Number.NaN, cells[at + 2] ?? Number.NaN])
    found.gradientHartreePerBohr = rows
  } else if (block === 'SCF_Energy' && key === 'totalEnergy') found.scfHartree = x
  else if (
    /Dipole_Moment$|Electric_Properties$/.test(block) &&
    /^(?:dipoleTotal|Total Dipole moment)$/.test(key) &&
    cells.length >= 3
  )
    found.dipoleAu = [x, y, z]
}
