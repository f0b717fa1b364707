import type { Bands, Dos, Excitation, Matrix3, Properties, Vector3 } from '@crystalmath/contract'
import { PER_CM_PER_THZ } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { type BandEdgeCollector, type BandEdges, collectBandEdges } from './band-edges.ts'
import { decodeNumbers } from './decimals.ts'
import { toMatrix, toVectors } from './vasprun-step.ts'
import { attribute } from './xml-scanner.ts'

/** sqrt(eV/Å²/amu) / 2π in THz (CODATA 2018). */
export const THZ_PER_SQRT_EV_PER_ANGSTROM2_AMU = 15.633302300230191
/** Excitations kept where the full content was not asked for. */
const MAX_EXCITATIONS = 1_000
/** k points of a list that is kept: beyond it is no VASP file. */
const MAX_K_POINTS = 2_000_000

type Mode = 'none' | 'edges' | 'bands' | 'total' | 'partial' | 'epsilon'
type Eigenvalues = { kPoints: number[]; kWeights: number[]; energies: number[][][]; occupations: number[][][] }
type Projection = NonNullable<Dos['projected']>[number]

const emptyEigenvalues = (): Eigenvalues => ({ kPoints: [], kWeights: [], energies: [], occupations: [] })
const numberIn = (text: string | undefined): number => Number(/\d+/.exec(text ?? '')?.[0] ?? 1)

export type Tables = {
  restart(): void
  open(tag: string, attributes: string, path: string, block: string, at: number): string | undefined
  close(tag: string, path: string, flat: readonly number[]): void
  leaf(tag: string, name: string | undefined, path: string, block: string, from: number, to: number): void
  /** True if the row was one of these tables. */
  row(block: string, from: number, to: number): boolean
  /** True if the array was one of these tables. */
  endVarray(path: string, flat: readonly number[]): boolean
  /** Of the calculation that ends; the next begins empty. */
  takeBandEdges(): BandEdges | null
  finish(): { kPoints: number[]; kWeights: number[]; properties: Properties; dos: Dos | null; bands: Bands | null }
}

/** The big tables of vasprun.xml: eigenvalues, densities of states, response tensors, spectra. */
export function createTables(full: boolean): Tables {
  let mode: Mode = 'none'
  let edges: BandEdgeCollector = collectBandEdges()
  let kPoints: number[] = []
  let kWeights: number[] = []
  let mesh = emptyEigenvalues()
  let along: Eigenvalues | null = null
  let dos: {
    energies: number[]
    densities: number[][]
    integrated: number[][]
    projected: Projection[]
    fermi: number | null
  } | null = null
  let fields: string[] = []
  let spin = 0
  let ion = 0
  let properties: Properties = {}
  let born: Matrix3[] = []
  let modesUnit = 1
  let part: 'real' | 'imag' = 'imag'
  let comment = ''
  let energies: number[] = []
  let means: number[] = []
  const words = new Float64Array(64)

  const current = (): Eigenvalues => along ?? mesh

  const openSet = (attributes: string, path: string): void => {
    const said = attribute(attributes, 'comment')
    if (said === undefined) return
    if (said.startsWith('spin')) {
      spin = numberIn(said) - 1
      if (mode === 'bands') {
        current().energies[spin] = []
        current().occupations[spin] = []
      } else if (mode === 'partial') startProjection()
    } else if (said.startsWith('ion')) ion = numberIn(said) - 1
    else if (said.startsWith('kpoint')) {
      if (path.startsWith('calculation/eigenvalues/')) edges.startKPoint(spin)
      if (mode === 'bands') {
        current().energies[spin]?.push([])
        current().occupations[spin]?.push([])
      }
    }
  }

  const startProjection = (): void => {
    for (const orbital of fields.slice(1)) dos?.projected.push({ site: ion, orbital, spin, densities: [] })
  }

  const addEigenvalue = (count: number): void => {
    const [energy = Number.NaN, occupation = Number.NaN] = words
    edges.add(count > 0 ? energy : Number.NaN, count > 1 ? occupation : Number.NaN)
    if (mode !== 'bands') return
    current().energies[spin]?.at(-1)?.push(energy)
    current()
      .occupations[spin]?.at(-1)
      ?.push(count > 1 ? occupation : Number.NaN)
  }

  const addDos = (count: number): void => {
    if (dos === null) return
    if (spin === 0) dos.energies.push(words[0] ?? Number.NaN)
    dos.densities[spin] ??= []
    dos.integrated[spin] ??= []
    dos.densities[spin]?.push(count > 1 ? (words[1] ?? Number.NaN) : Number.NaN)
    dos.integrated[spin]?.push(count > 2 ? (words[2] ?? Number.NaN) : Number.NaN)
  }

  const addPartial = (count: number): void => {
    const width = fields.length - 1
    const from = (dos?.projected.length ?? 0) - width
    for (let i = 0; i < width && i + 1 < count; i += 1) dos?.projected[from + i]?.densities.push(words[i + 1] ?? Number.NaN)
  }

  const endSpectrumPart = (): void => {
    if (energies.length === 0 || /INVERSE|screened|1 \+ v P/.test(comment)) return
    const before = properties.spectrum
    const column = part === 'imag' ? { epsilonImaginary: means } : { epsilonReal: means }
    const first = part === 'imag' || before === undefined
    if (first && before !== undefined && !/density-density|^$/.test(comment)) return
    properties.spectrum = first ? { energiesEv: energies, ...column } : { ...before, ...column }
  }

  return {
    restart() {
      ;[mode, kPoints, kWeights, mesh, along, dos, properties, born] = ['none', [], [], emptyEigenvalues(), null, null, {}, []]
      edges = collectBandEdges()
    },
    open(tag, attributes, path) {
      if (tag === 'set') openSet(attributes, path)
      else if (tag === 'array') {
        fields = []
        if (path.endsWith(':born_charges')) born = []
      } else if (path === 'calculation/eigenvalues') {
        mode = full ? 'bands' : 'edges'
        edges = collectBandEdges()
        if (full) mesh = emptyEigenvalues()
      } else if (path === 'calculation/eigenvalues_kpoints_opt') {
        if (!full) return '</eigenvalues_kpoints_opt>'
        along = emptyEigenvalues()
        mode = 'bands'
      } else if (path === 'calculation/dos') {
        if (attribute(attributes, 'comment') !== undefined) return '</dos>'
        if (full) dos = { energies: [], densities: [], integrated: [], projected: [], fermi: null }
      } else if (path === 'calculation/dos/total') {
        if (!full) return '</dos>'
        mode = 'total'
      } else if (path === 'calculation/dos/partial') {
        if (!full) return '</dos>'
        mode = 'partial'
      } else if (tag === 'dielectricfunction') comment = detached(attribute(attributes, 'comment') ?? '')
      else if (path.endsWith('dielectricfunction/imag') || path.endsWith('dielectricfunction/real')) {
        ;[mode, part, energies, means] = ['epsilon', tag === 'imag' ? 'imag' : 'real', [], []]
      } else if (tag === 'dynmat') modesUnit = THZ_PER_SQRT_EV_PER_ANGSTROM2_AMU
      return undefined
    },
    close(tag, path, flat) {
      if (tag === 'imag' || tag === 'real') {
        endSpectrumPart()
        mode = 'none'
      } else if (
        tag === 'eigenvalues' ||
        tag === 'dos' ||
        tag === 'total' ||
        tag === 'partial' ||
        tag === 'eigenvalues_kpoints_opt'
      )
        mode = 'none'
      else if (path === 'calculation/array:born_charges/set') {
        const matrix = toMatrix(flat)
        if (matrix !== null) born.push(matrix)
      } else if (path === 'calculation/array:born_charges' && born.length > 0) properties.bornCharges = born
    },
    leaf(tag, name, path, block, from, to) {
      if (tag === 'field') fields.push(detached(block.slice(from, to).trim()))
      else if (name === 'unit' && path.endsWith('dynmat') && block.slice(from, to).includes('THz')) modesUnit = 1
      else if (name === 'eigenvalues' && path.endsWith('dynmat')) {
        const values: number[] = []
        decodeNumbers(block, from, to, values)
        if (!values.some(Number.isNaN)) properties.vibrationalFrequenciesPerCm = toFrequencies(values, modesUnit)
      } else if (name === 'efermi' && path === 'calculation/dos' && dos !== null) {
        if (decodeNumbers(block, from, to, words) === 1) dos.fermi = words[0] ?? null
      }
    },
    row(block, from, to) {
      if (mode === 'none') return false
      const count = decodeNumbers(block, from, to, words)
      if (mode === 'edges' || mode === 'bands') {
        if (along === null || mode === 'edges') addEigenvalue(count)
        else addAlong(count)
      } else if (mode === 'total') addDos(count)
      else if (mode === 'partial') addPartial(count)
      else {
        const [energy = Number.NaN, xx = Number.NaN, yy = Number.NaN, zz = Number.NaN] = words
        energies.push(energy)
        means.push((xx + yy + zz) / 3)
      }
      return true
    },
    endVarray(path, flat) {
      if (path.endsWith('kpoints/varray:kpointlist') || path.endsWith('kpoints/varray:weights')) {
        const weights = path.endsWith('weights')
        if (path.startsWith('kpoints/')) {
          if (weights) kWeights = flat.slice(0, MAX_K_POINTS)
          else kPoints = flat.slice(0, MAX_K_POINTS * 3)
        } else if (along !== null && path.includes('_kpoints_opt/')) {
          if (weights) along.kWeights = [...flat]
          else along.kPoints = [...flat]
        }
        return true
      }
      switch (path.slice(path.lastIndexOf('/') + 1)) {
        case 'varray:epsilon':
        case 'varray:epsilon_scf':
          properties.dielectricTensor = toMatrix(flat)
          return true
        case 'varray:epsilon_ion':
          properties.dielectricTensorIonic = toMatrix(flat)
          return true
        case 'varray:opticaltransitions':
          properties.excitations = toExcitations(flat, full ? Number.POSITIVE_INFINITY : MAX_EXCITATIONS)
          return true
        default:
          return false
      }
    },
    takeBandEdges() {
      const result = edges.result()
      edges = collectBandEdges()
      return result
    },
    finish: () => ({
      kPoints,
      kWeights,
      properties,
      dos: toDos(dos),
      bands: toBands(along ?? { ...mesh, kPoints, kWeights }, dos?.fermi ?? null),
    }),
  }

  function addAlong(count: number): void {
    current()
      .energies[spin]?.at(-1)
      ?.push(words[0] ?? Number.NaN)
    current()
      .occupations[spin]?.at(-1)
      ?.push(count > 1 ? (words[1] ?? Number.NaN) : Number.NaN)
  }
}

/** −ω² to cm⁻¹, imaginary ones negative, ascending. */
function toFrequencies(eigenvalues: readonly number[], thzPerRoot: number): number[] {
  return eigenvalues
    .map((value) => -Math.sign(value) * Math.sqrt(Math.abs(value)) * thzPerRoot * PER_CM_PER_THZ)
    .sort((a, b) => a - b)
}

function toExcitations(flat: readonly number[], limit: number): Excitation[] {
  const rows = toVectors(flat) ?? []
  return rows.slice(0, limit).map(([energyEv, oscillatorStrength]) => ({ energyEv, oscillatorStrength }))
}

function toDos(
  dos: {
    energies: number[]
    densities: number[][]
    integrated: number[][]
    projected: Projection[]
    fermi: number | null
  } | null,
): Dos | null {
  if (dos === null || dos.energies.length === 0) return null
  const { energies, densities, integrated, projected, fermi } = dos
  return { energiesEv: energies, densities, integrated, ...(projected.length > 0 ? { projected } : {}), fermiEnergyEv: fermi }
}

function toBands({ kPoints, kWeights, energies, occupations }: Eigenvalues, fermi: number | null): Bands | null {
  if (energies.length === 0) return null
  const rows: Vector3[] = toVectors(kPoints) ?? []
  return { kPoints: rows, kWeights, eigenvaluesEv: energies, occupations, fermiEnergyEv: fermi }
}
