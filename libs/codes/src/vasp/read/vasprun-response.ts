import { type Excitation, type Matrix3, PER_CM_PER_THZ, type Properties, type Spectrum } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { toNumbers } from '../../reading/numbers.ts'
import type { Part, RowSink } from './vasprun-part.ts'
import { toMatrix } from './vectors.ts'
import { attribute } from './xml-scanner.ts'

/** sqrt(eV/Å²/u) / 2π in THz (CODATA 2018). */
const THZ_PER_ROOT = 15.633302300230191
/** Excitations kept where the full content was not asked for. */
const MAX_EXCITATIONS = 1_000
/** Spectra that are not a dielectric function of absorption. */
const OTHER_SPECTRA = /INVERSE|screened|1 \+ v P|current-current/i

export type ResponsePart = Part & { readonly properties: Properties }

/** Dielectric tensors and functions, Born charges, vibrations, excitations. */
export function responsePart(full: boolean): ResponsePart {
  const properties: Properties = {}
  let born: Matrix3[] = []
  let modesInThz = false
  let comment = ''
  let [energies, means]: [number[], number[]] = [[], []]

  const endSpectrum = (part: string): void => {
    if (energies.length === 0 || OTHER_SPECTRA.test(comment)) return
    const before: Spectrum | undefined = part === 'real' ? properties.spectrum : undefined
    const isWhole = energies.every(Number.isFinite) && means.every(Number.isFinite)
    if (!isWhole || (before !== undefined && before.energiesEv.length !== energies.length)) return
    const column = part === 'real' ? { epsilonReal: means } : { epsilonImaginary: means }
    properties.spectrum = { energiesEv: energies, ...before, ...column }
    if (comment !== '') properties['spectrumKind'] = comment
  }

  /** Energy and oscillator strength; VASP 6 may add columns. */
  const excitationSink = (): RowSink => {
    const excitations: Excitation[] = []
    properties.excitations = excitations
    return (words, count) => {
      const [energyEv = Number.NaN, oscillatorStrength = Number.NaN] = words
      if (count < 2 || Number.isNaN(energyEv + oscillatorStrength)) return
      if (full || excitations.length < MAX_EXCITATIONS) excitations.push({ energyEv, oscillatorStrength })
    }
  }

  return {
    properties,
    open({ path, tag, attributes }) {
      if (tag === 'dielectricfunction') comment = detached(attribute(attributes, 'comment') ?? '')
      else if ((tag === 'imag' || tag === 'real') && path.includes('dielectricfunction/')) [energies, means] = [[], []]
      else if (path.endsWith('array:born_charges')) born = []
      else if (tag === 'dynmat') modesInThz = false
      return undefined
    },
    close(path, rows) {
      if (path.endsWith('dielectricfunction/imag') || path.endsWith('dielectricfunction/real')) endSpectrum(path.slice(-4))
      else if (path.endsWith('array:born_charges/set')) {
        const matrix = toMatrix(rows)
        if (matrix !== null) born.push(matrix)
      } else if (path.endsWith('array:born_charges')) {
        if (born.length > 0) properties.bornCharges = born
      } else if (path.endsWith('varray:epsilon') || path.endsWith('varray:epsilon_scf'))
        properties.dielectricTensor = toMatrix(rows)
      else if (path.endsWith('varray:epsilon_ion')) properties.dielectricTensorIonic = toMatrix(rows)
    },
    leaf(path, name, text) {
      if (!path.endsWith('dynmat')) return
      if (name === 'unit') modesInThz = text().includes('THz')
      const values = name === 'eigenvalues' ? toNumbers(text()) : null
      if (values !== null) properties.vibrationalFrequenciesPerCm = toFrequencies(values, modesInThz ? 1 : THZ_PER_ROOT)
    },
    sink(path) {
      if (path.endsWith('varray:opticaltransitions')) return excitationSink()
      if (!path.includes('dielectricfunction') || !path.endsWith('/set')) return undefined
      return (words, count) => {
        const [energy = Number.NaN, xx = Number.NaN, yy = Number.NaN, zz = Number.NaN] = words
        energies.push(energy)
        means.push(count > 3 ? (xx + yy + zz) / 3 : Number.NaN)
      }
    },
  }
}

/** −ω² to cm⁻¹, imaginary ones negative, ascending. */
function toFrequencies(eigenvalues: readonly number[], thzPerRoot: number): number[] {
  return eigenvalues
    .map((value) => -Math.sign(value) * Math.sqrt(Math.abs(value)) * thzPerRoot * PER_CM_PER_THZ)
    .sort((a, b) => a - b)
}
