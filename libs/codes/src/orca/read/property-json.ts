import { ANGSTROM_PER_BOHR, EV_PER_HARTREE, type Reader, type Vector3 } from '@crystalmath/contract/plain'
import { newProperty, type OrcaProperty } from './property.ts'

/** Longer texts are not kept: such a file of a thousand geometries has 20 MB. */
const MAX_CHARACTERS = 256 * 1024 * 1024

/** Reads the `.property.json` that `orca_2json` makes of a property file (ORCA 6); a torn one says nothing. */
export function propertyJson(): Reader<OrcaProperty> {
  const blocks: string[] = []
  let length = 0
  return {
    feed(block) {
      length += block.length
      if (length <= MAX_CHARACTERS) blocks.push(block)
      else blocks.length = 0
    },
    end: () => propertyOf(parsed(blocks.join(''))),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null // torn: like a file without a word in it
    throw error
  }
}

function propertyOf(all: unknown): OrcaProperty {
  const geometries = list(all, 'Geometries')
  const last = geometries.at(-1)
  const totals = list(last, 'Energy').map((one) => ({
    method: text(one, 'Method') ?? '',
    hartree: numbers(at(one, 'totalEnergy'))[0] ?? null,
  }))
  const scf = totals.find(({ method }) => method === 'SCF')?.hartree ?? null
  const converged = at(last, 'Single_Point_Data', 'Converged')
  const thermo = newestOf(last, 'THERMOCHEMISTRY_Energies')
  const hessian = newestOf(last, 'Hessian')
  const [x, y, z] = numbers(at(newestOf(last, 'Dipole_Moment'), 'dipoleTotal'))
  const gradient = rowsOf3(numbers(at(newestOf(last, 'Nuclear_Gradient'), 'grad')))
  const frequencies = [thermo, hessian].map((one) => numbers(at(one, 'freq'))).find((some) => some.length > 0) ?? []
  const roots = list(last, 'Absorption_Spectrum').flatMap((one) =>
    rows(at(one, 'ExcitationEnergies')).flatMap(([ev]) => (typeof ev === 'number' ? [ev / EV_PER_HARTREE] : [])),
  )
  return {
    ...newProperty(),
    version: text(all, 'Calculation_Status', 'version'),
    status: text(all, 'Calculation_Status', 'Status'),
    geometryIndex: geometries.length,
    lastGeometryIndex: geometries.length,
    finalHartree: number(last, 'Single_Point_Data', 'FinalEnergy'),
    scfHartree: scf,
    converged: typeof converged === 'boolean' ? converged : null,
    dispersionHartree: number(last, 'VdW_Correction', 'vdW'),
    excited: totals.some(({ method }) => /^(?:CIS|TD|ADC|EOM|STEOM)/i.test(method)),
    beyondScf: totals.some(({ method }) => method !== 'SCF'),
    whole: last !== undefined,
    totalsHartree: totals.flatMap(({ hartree }) => (hartree === null ? [] : [hartree])),
    rootsHartree: roots,
    gradientHartreePerBohr: gradient.length > 0 ? gradient : null,
    dipoleAu: x === undefined || y === undefined || z === undefined ? null : [x, y, z],
    frequenciesPerCm: frequencies.filter((frequency) => frequency !== 0),
    zeroPointHartree: number(thermo, 'zpe'),
    charge: number(all, 'Calculation_Info', 'Charge'),
    multiplicity: number(all, 'Calculation_Info', 'Mult'),
    electronCount: number(all, 'Calculation_Info', 'NumOfElectrons'),
    basisFunctionCount: number(all, 'Calculation_Info', 'NumOfBasisFuncts'),
    ...geometryOf(at(last, 'Geometry')),
  }
}

function geometryOf(geometry: unknown): Pick<OrcaProperty, 'atomCount' | 'species' | 'positionsAngstrom'> {
  const unit = /a\.u\.|bohr/i.test(text(geometry, 'Coordinates', 'Units') ?? '') ? ANGSTROM_PER_BOHR : 1
  const species: string[] = []
  const positionsAngstrom: Vector3[] = []
  for (const [symbol, x, y, z] of rows(at(geometry, 'Coordinates', 'Cartesians'))) {
    if (typeof symbol !== 'string' || typeof x !== 'number' || typeof y !== 'number' || typeof z !== 'number') continue
    species.push(symbol)
    positionsAngstrom.push([x * unit, y * unit, z * unit])
  }
  return { atomCount: number(geometry, 'NAtoms'), species, positionsAngstrom }
}

/** What lies under these keys, whose capitals differ between versions. */
function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value
  for (const key of keys) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Object.entries(found).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
  }
  return found
}

/** One thing or several of them, as a list. */
function list(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key)
  return Array.isArray(found) ? found : found === undefined || found === null ? [] : [found]
}

const newestOf = (value: unknown, key: string): unknown => list(value, key).at(-1)

const rows = (value: unknown): readonly (readonly unknown[])[] =>
  Array.isArray(value) ? value.map((row: unknown) => (Array.isArray(row) ? row : [row])) : []

/** A column; nothing where a number is missing. */
function numbers(value: unknown): readonly number[] {
  const column = rows(value).map(([first]) => first)
  const found = column.filter((one) => typeof one === 'number')
  return found.length === column.length ? found : []
}

const rowsOf3 = (flat: readonly number[]): Vector3[] =>
  Array.from({ length: Math.floor(flat.length / 3) }, (_, i) => [flat[3 * i] ?? 0, flat[3 * i + 1] ?? 0, flat[3 * i + 2] ?? 0])

const number = (value: unknown, ...keys: readonly string[]): number | null => {
  const found = at(value, ...keys)
  return typeof found === 'number' ? found : null
}

const text = (value: unknown, ...keys: readonly string[]): string | null => {
  const found = at(value, ...keys)
  return typeof found === 'string' ? found : null
}
