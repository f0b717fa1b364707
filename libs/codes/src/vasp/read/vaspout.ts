import type { Bands, Matrix3, Reader, Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { largestNorm } from '../../reading/result.ts'
import { eachWholeLine } from '../../reading/scanner.ts'
import { type BandEdges, collectBandEdges } from './band-edges.ts'
import { elementOf } from './elements.ts'
import { loopConverged, settingFlag, settingNumber } from './ground-state.ts'
import { emptyRun, type Settings, type StepSummary, type VaspRun, type VaspStep } from './run.ts'
import { toCartesian, toMatrix, toVectors } from './vectors.ts'

const DYNAMICS = 'intermediate/ion_dynamics'
const LEVELS = 'results/electron_eigenvalues'

/** What is read of a vaspout.h5 (VASP 6.3 on), in this order; paths as py4vasp documents them. */
export const VASPOUT_DATASETS: readonly string[] = [
  'version/*',
  'input/incar/*',
  'results/positions/ion_types',
  'results/positions/number_ion_types',
  'input/poscar/ion_types',
  'input/poscar/number_ion_types',
  `${DYNAMICS}/scale`,
  `${DYNAMICS}/energies_tags`,
  `${DYNAMICS}/energies`,
  `${DYNAMICS}/electronic_step_converged`,
  `${DYNAMICS}/oszicar`,
  `${DYNAMICS}/lattice_vectors`,
  `${DYNAMICS}/position_ions`,
  `${DYNAMICS}/forces`,
  `${DYNAMICS}/stress`,
  'results/electron_dos/efermi',
  `${LEVELS}/kpoint_coords`,
  `${LEVELS}/eigenvalues`,
  `${LEVELS}/fermiweights`,
]

/** Rows of one step at a time: `first` is the step that they belong to. */
type Table = { first: number; rows: number[] }
type Found = {
  readonly texts: Map<string, string>
  readonly lists: Map<string, number[]>
  readonly names: Map<string, string[]>
  /** Of the newest ionic step; in full, of all. */
  readonly tables: Map<string, Table[]>
  readonly electronicCounts: number[]
  /** By ionic step, eV/Å. */
  readonly maxForces: Map<number, number | null>
}

const STEPWISE = new Set(
  ['lattice_vectors', 'position_ions', 'forces', 'stress', 'energies'].map((name) => `${DYNAMICS}/${name}`),
)
/** Numbers that are kept of all ionic steps together. */
const MAX_KEPT = 20_000_000

/** Reads what libs/files makes of a vaspout.h5: a line per row, `path⇥indices⇥numbers`. */
export function vaspout(file: string, { full }: { readonly full: boolean }): Reader<VaspRun> {
  const found: Found = {
    texts: new Map(),
    lists: new Map(),
    names: new Map(),
    tables: new Map(),
    electronicCounts: [],
    maxForces: new Map(),
  }
  let kept = 0
  /** What the last line was of: a table that nothing follows may lack rows. */
  let latest = ''

  const addRow = (path: string, first: number, values: readonly number[]): void => {
    const tables = found.tables.get(path) ?? []
    found.tables.set(path, tables)
    const newest = tables.at(-1)
    if (newest?.first === first) newest.rows.push(...values)
    else {
      const every = path.endsWith('/energies') || LEVELS_OF.test(path) || (full && kept < MAX_KEPT)
      if (!every) tables.length = 0
      if (newest !== undefined && path.endsWith('/forces')) found.maxForces.set(newest.first, maxOf(newest.rows))
      tables.push({ first, rows: [...values] })
    }
    kept += values.length
  }

  return {
    feed: eachWholeLine((line) => {
      const [path = '', indices = '', value = ''] = line.split('\t')
      if (path === '' || path.startsWith('#')) return
      if (path !== latest) latest = detached(path)
      if (value.startsWith('[')) found.names.set(detached(path), textsOf(value))
      else if (path === `${DYNAMICS}/oszicar`) countElectronic(found.electronicCounts, value)
      else if (STEPWISE.has(path) || path.startsWith(LEVELS)) addRow(path, Number(indices.split(',')[0]), numbersOf(value))
      else if (path.startsWith('input/incar/') || path.startsWith('version/')) found.texts.set(detached(path), detached(value))
      else found.lists.set(detached(path), numbersOf(value))
    }),
    end: () => {
      if (latest === `${DYNAMICS}/oszicar`) found.electronicCounts.pop()
      return toRun(found, file, full)
    },
  }
}

const LEVELS_OF = new RegExp(`^${LEVELS}/`)
const numbersOf = (text: string): number[] => text.split(' ').map((word) => toNumber(word) ?? Number.NaN)
const maxOf = (rows: readonly number[]): number | null => largestNorm(toVectors(rows))

function textsOf(json: string): string[] {
  try {
    const list: unknown = JSON.parse(json)
    return Array.isArray(list) ? list.map((text) => String(text).trim()) : []
  } catch {
    return [] // torn
  }
}

/** A row of the copy of OSZICAR: its first number is the electronic step, from 1 on in each ionic step. */
function countElectronic(counts: number[], row: string): void {
  const step = toNumber(row.split(' ')[0])
  if (step === 1 || counts.length === 0) counts.push(0)
  counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
}

function versionOf({ texts }: Found): string | null {
  const parts = ['major', 'minor', 'patch'].map((part) => texts.get(`version/${part}`))
  return parts.includes(undefined) ? null : parts.join('.')
}

function toRun(found: Found, file: string, full: boolean): VaspRun {
  const settings = settingsOf(found)
  const species = speciesOf(found)
  const energies = found.tables.get(`${DYNAMICS}/energies`) ?? []
  const bands = bandsOf(found)
  const atoms = species?.length ?? 0
  const steps = energies.map((_, i): StepSummary => {
    const step = full || i === energies.length - 1 ? stepOf(found, settings, i, atoms) : null
    const { free, zero, kinetic, temperature } = energiesOf(found, i)
    return {
      freeEnergyEv: free,
      sigmaZeroEnergyEv: zero,
      kineticEnergyEv: kinetic,
      temperatureK: temperature,
      scfStepCount: found.electronicCounts[i] ?? null,
      maxForceEvPerAngstrom: found.maxForces.get(i) ?? largestNorm(step?.forcesEvPerAngstrom ?? null),
      step,
    }
  })
  const last = steps.at(-1)?.step ?? null
  const whole = bands !== null
  return {
    ...emptyRun(),
    version: versionOf(found),
    complete: whole,
    lastLine: null,
    settings,
    given: settings,
    species,
    stepCount: steps.length,
    stepsStarted: steps.length,
    scfStepCounts: found.electronicCounts.slice(0, steps.length),
    steps: full ? steps : steps.map((summary) => ({ ...summary, step: null })),
    last: last === null ? null : { ...last, bandEdges: edgesOf(found) },
    kPointCount: bands?.kPoints.length ?? null,
    bands: full ? bands : null,
    warnings:
      last !== null && last.electronicConverged === null
        ? [`${file}: this version of vaspout.h5 does not tell whether the electrons converged`]
        : [],
  }
}

/** An INCAR as VASP took it in; it has no defaults. */
function settingsOf({ texts, names, tables }: Found): Settings {
  const settings = new Map<string, string>()
  for (const [path, value] of texts) if (path.startsWith('input/incar/')) settings.set(path.slice(12), value)
  for (const [path, list] of names) if (path.startsWith('input/incar/')) settings.set(path.slice(12), list.join(' '))
  const spins = new Set(tables.get(`${LEVELS}/eigenvalues`)?.map(({ first }) => first)).size
  if (!settings.has('ISPIN') && spins > 0) settings.set('ISPIN', String(spins))
  return settings
}

function speciesOf({ names, lists }: Found): string[] | null {
  for (const group of ['results/positions', 'input/poscar']) {
    const [types, counts] = [names.get(`${group}/ion_types`), lists.get(`${group}/number_ion_types`)]
    const elements = types?.map((type) => elementOf(type))
    if (elements === undefined || counts === undefined || elements.length !== counts.length) continue
    if (elements.includes(null) || !counts.every((count) => count >= 0 && count < 2_000_000)) continue
    return elements.flatMap((element, i) => Array.from({ length: counts[i] ?? 0 }, () => element ?? ''))
  }
  return null
}

type Energies = { free: number | null; zero: number | null; kinetic: number | null; temperature: number | null }

/** By the tags that VASP writes beside the numbers; in dynamics there is no energy(sigma->0). */
function energiesOf({ names, tables }: Found, step: number): Energies {
  const tags = names.get(`${DYNAMICS}/energies_tags`) ?? []
  const row = tables.get(`${DYNAMICS}/energies`)?.[step]?.rows ?? []
  const value = (pattern: RegExp): number | null => {
    const number = row[tags.findIndex((tag) => pattern.test(tag))]
    return number === undefined || Number.isNaN(number) ? null : number
  }
  return {
    free: value(/^(?:free energy|ion-electron) +TOTEN$/),
    zero: value(/^energy\(sigma->0\)$/),
    kinetic: value(/ EKIN$/),
    temperature: value(/^temperature /),
  }
}

const tableOf = (found: Found, name: string, step: number): number[] =>
  found.tables.get(`${DYNAMICS}/${name}`)?.find(({ first }) => first === step)?.rows ?? []

function stepOf(found: Found, settings: Settings, index: number, atoms: number): VaspStep {
  const ofAtoms = (name: string): Vector3[] | null => {
    const vectors = toVectors(tableOf(found, name, index))
    return vectors?.length === atoms ? vectors : null
  }
  const { free, zero, kinetic, temperature } = energiesOf(found, index)
  const lattice = scaled(toMatrix(tableOf(found, 'lattice_vectors', index)), found.lists.get(`${DYNAMICS}/scale`)?.[0] ?? 1)
  const fractional = ofAtoms('position_ions')
  const count = found.electronicCounts[index] ?? null
  const word = found.lists.get(`${DYNAMICS}/electronic_step_converged`)?.[index]
  return {
    freeEnergyEv: free,
    sigmaZeroEnergyEv: zero,
    scfEnergyEv: null,
    entropyTermEv: null,
    dispersionEnergyEv: null,
    electronicConverged: word !== undefined ? word === 0 : count === null ? null : loopConverged(count, null, settings),
    scfStepCount: count,
    latticeAngstrom: lattice,
    positionsAngstrom: lattice === null ? null : (fractional?.map((row) => toCartesian(row, lattice)) ?? null),
    forcesEvPerAngstrom: ofAtoms('forces'),
    stressKilobar: toMatrix(tableOf(found, 'stress', index)),
    kineticEnergyEv: kinetic,
    temperatureK: temperature,
    fermiEnergyEv: found.lists.get('results/electron_dos/efermi')?.[0] ?? null,
    bandEdges: null,
    totalMagnetizationBohr: null,
    totalMagnetizationVectorBohr: null,
    driftEvPerAngstrom: null,
    machineLearned: settingFlag(settings, 'ML_LMLFF') === true && settingNumber(settings, 'ML_ISTART') === 2,
  }
}

const scaled = (matrix: Matrix3 | null, scale: number): Matrix3 | null => {
  const times = ([x, y, z]: Vector3): Vector3 => [x * scale, y * scale, z * scale]
  return matrix === null ? null : [times(matrix[0]), times(matrix[1]), times(matrix[2])]
}

/** Eigenvalues and occupations by spin and k point; null unless both are whole. */
function bandsOf({ tables }: Found): Bands | null {
  const kPoints = tables.get(`${LEVELS}/kpoint_coords`)?.map(({ rows }) => toVectors(rows)?.[0] ?? null) ?? []
  const rowsOf = (name: string): number[][][] =>
    tables.get(`${LEVELS}/${name}`)?.map(({ rows }) => {
      const bands = rows.length / Math.max(1, kPoints.length)
      return kPoints.map((_, k) => rows.slice(k * bands, (k + 1) * bands))
    }) ?? []
  const [eigenvaluesEv, occupations] = [rowsOf('eigenvalues'), rowsOf('fermiweights')]
  const known = kPoints.filter((point) => point !== null)
  if (known.length === 0 || known.length !== kPoints.length || eigenvaluesEv.length === 0) return null
  const sizes = new Set([...eigenvaluesEv, ...occupations].flat().map(({ length }) => length))
  if (occupations.length !== eigenvaluesEv.length || sizes.size !== 1) return null
  return { kPoints: known, eigenvaluesEv, occupations, fermiEnergyEv: null }
}

function edgesOf(found: Found): BandEdges | null {
  const bands = bandsOf(found)
  if (bands === null) return null
  const edges = collectBandEdges()
  bands.eigenvaluesEv.forEach((spin, s) => {
    spin.forEach((row, k) => {
      edges.startKPoint(s)
      row.forEach((energy, b) => void edges.add(energy ?? Number.NaN, bands.occupations?.[s]?.[k]?.[b] ?? Number.NaN))
    })
  })
  return edges.result()
}
