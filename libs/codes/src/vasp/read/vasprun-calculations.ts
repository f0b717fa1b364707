import type { Diagnosis, Matrix3, Vector3 } from '@crystalmath/contract'
import { quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { largestNorm } from '../../reading/result.ts'
import { loopConverged, pressureEnergy, sigmaZero } from './ground-state.ts'
import type { Settings, StepSummary, VaspStep } from './run.ts'
import type { DosPart } from './vasprun-dos.ts'
import type { EigenvaluesPart } from './vasprun-eigenvalues.ts'
import type { Part } from './vasprun-part.ts'
import { toCartesian, toMatrix, toVectors } from './vectors.ts'

type Evidence = { readonly line: number; readonly text: string }
type Energies = {
  readonly free: number | null
  readonly zero: number | null
  readonly entropy: number | null
  readonly kinetic: number | null
}

const NO_ENERGIES: Energies = { free: null, zero: null, entropy: null, kinetic: null }

/** What one `<calculation>` has told so far. */
type Draft = {
  electronic: Energies
  ionic: Energies | null
  scfCount: number
  change: number | null
  /** The structure follows the last electronic step of the ground state; later ones belong to a response. */
  groundStateDone: boolean
  lattice: Matrix3 | null
  fractional: Vector3[] | null
  forces: Vector3[] | null
  stress: Matrix3 | null
  exhaustedAt: Evidence | null
  unreadable: { readonly what: string; readonly at: Evidence } | null
}

const newDraft = (): Draft => ({
  electronic: NO_ENERGIES,
  ionic: null,
  scfCount: 0,
  change: null,
  groundStateDone: false,
  lattice: null,
  fractional: null,
  forces: null,
  stress: null,
  exhaustedAt: null,
  unreadable: null,
})

export type CalculationsPart = Part & {
  readonly inCalculation: boolean
  readonly stepsStarted: number
  readonly steps: readonly StepSummary[]
  readonly scfStepCounts: readonly number[]
  readonly last: VaspStep | null
  readonly diagnoses: readonly Diagnosis[]
}

type Parts = {
  readonly file: string
  readonly full: boolean
  readonly head: { readonly settings: Settings; readonly version: string | null }
  readonly eigenvalues: EigenvaluesPart
  readonly dos: DosPart
  /** The line that is being read. */
  readonly line: () => number
}

/** The ionic steps. Only a closed `<calculation>` counts. */
export function calculationsPart({ file, full, head, eigenvalues, dos, line }: Parts): CalculationsPart {
  let draft: Draft | null = null
  let energies = new Map<string, string>()
  let stepsStarted = 0
  const steps: StepSummary[] = []
  const scfStepCounts: number[] = []
  let last: VaspStep | null = null
  let diagnoses: Diagnosis[] = []

  const begin = (): void => {
    draft = newDraft()
    eigenvalues.commit()
    dos.commit()
    stepsStarted += 1
  }

  const endElectronicStep = (step: Draft): void => {
    if (step.groundStateDone) return
    const now = toEnergies(energies)
    step.change = now.free === null || step.electronic.free === null ? null : now.free - step.electronic.free
    step.electronic = now
    step.scfCount += 1
    if (loopConverged(step.scfCount, step.change, head.settings) === false)
      step.exhaustedAt = { line: line(), text: energyText(energies) }
  }

  const endEnergy = (step: Draft): void => {
    if (step.ionic !== null) return
    step.ionic = toEnergies(energies)
    if (step.ionic.free === null && energies.has('e_fr_energy')) {
      step.unreadable = { what: 'the energy is not a number', at: { line: line(), text: energyText(energies, 'e_fr_energy') } }
    }
  }

  const endArray = (step: Draft, path: string, rows: readonly number[]): void => {
    if (path === 'calculation/structure/crystal/varray:basis') step.lattice = toMatrix(rows)
    else if (path === 'calculation/structure/varray:positions') step.fractional = toVectors(rows)
    else if (path === 'calculation/varray:stress') step.stress = toMatrix(rows)
    else if (path === 'calculation/varray:forces') {
      step.forces = toVectors(rows)
      const text = rows.slice(-3).join(' ')
      if (step.forces === null && rows.length > 0)
        step.unreadable ??= { what: 'the forces are not all numbers', at: { line: line(), text } }
    }
  }

  const end = (step: Draft): void => {
    const finished = finish(step, head, { edges: eigenvalues.commit(), fermi: dos.commit() })
    last = finished
    scfStepCounts.push(step.scfCount)
    steps.push(summaryOf(finished, full))
    diagnoses = diagnosesOf(step, finished, steps.length, file, line())
    draft = null
  }

  return {
    open({ path }) {
      if (path === 'calculation') begin()
      else if (path === 'calculation/structure' && draft !== null) draft.groundStateDone = true
      else if (path.endsWith('/energy')) energies = new Map()
      return undefined
    },
    close(path, rows) {
      if (draft === null || !path.startsWith('calculation')) return
      if (path === 'calculation') end(draft)
      else if (path === 'calculation/scstep') endElectronicStep(draft)
      else if (path === 'calculation/energy') endEnergy(draft)
      else if (path.includes('varray:')) endArray(draft, path, rows)
    },
    leaf(path, name, text) {
      if (path === 'calculation/energy' || path === 'calculation/scstep/energy') energies.set(name, text())
    },
    get inCalculation() {
      return draft !== null
    },
    get stepsStarted() {
      return stepsStarted
    },
    get last() {
      return last
    },
    get diagnoses() {
      return diagnoses
    },
    steps,
    scfStepCounts,
  }
}

const energyText = (energies: ReadonlyMap<string, string>, name = 'e_0_energy'): string =>
  quoted(`<i name="${name}">${energies.get(name) ?? ''}</i>`)

function toEnergies(energies: ReadonlyMap<string, string>): Energies {
  const read = (name: string): number | null => toNumber(energies.get(name))
  return { free: read('e_fr_energy'), zero: read('e_0_energy'), entropy: read('eentropy'), kinetic: read('kinetic') }
}

function finish(
  draft: Draft,
  { settings, version }: Parts['head'],
  { edges, fermi }: { readonly edges: VaspStep['bandEdges']; readonly fermi: number | null },
): VaspStep {
  const { lattice } = draft
  const ionic = withoutPressure(draft.ionic ?? NO_ENERGIES, pressureEnergy(settings, lattice))
  return {
    freeEnergyEv: ionic.free,
    sigmaZeroEnergyEv: sigmaZero(ionic, draft.electronic, Number(version?.split('.')[0]) >= 6),
    scfEnergyEv: draft.electronic.zero,
    entropyTermEv: draft.electronic.entropy,
    dispersionEnergyEv: null,
    electronicConverged: loopConverged(draft.scfCount, draft.change, settings),
    scfStepCount: draft.scfCount,
    latticeAngstrom: lattice,
    positionsAngstrom: lattice === null ? null : (draft.fractional?.map((row) => toCartesian(row, lattice)) ?? null),
    forcesEvPerAngstrom: draft.forces,
    stressKilobar: draft.stress,
    kineticEnergyEv: ionic.kinetic,
    temperatureK: null,
    fermiEnergyEv: fermi,
    bandEdges: edges,
    totalMagnetizationBohr: null,
    totalMagnetizationVectorBohr: null,
    driftEvPerAngstrom: null,
    machineLearned: draft.scfCount === 0 && ionic.free !== null,
  }
}

/** The ionic block is an enthalpy under PSTRESS, unlike the electronic ones and OUTCAR. */
const withoutPressure = (energies: Energies, pressureVolumeEv: number | null): Energies => {
  if (pressureVolumeEv === 0) return energies
  const less = (value: number | null): number | null =>
    value === null || pressureVolumeEv === null ? null : Math.round((value - pressureVolumeEv) * 1e8) / 1e8
  return { ...energies, free: less(energies.free), zero: less(energies.zero) }
}

function diagnosesOf(draft: Draft, step: VaspStep, number: number, file: string, line: number): Diagnosis[] {
  const diagnoses: Diagnosis[] = []
  if (draft.unreadable !== null) {
    const { what, at } = draft.unreadable
    diagnoses.push({ kind: 'OUTPUT_UNREADABLE', message: `${what}, ionic step ${number}`, evidence: { file, ...at } })
  }
  if (step.electronicConverged === false) {
    const message = `the electronic loop of ionic step ${number} ended after ${draft.scfCount} steps without reaching EDIFF`
    diagnoses.push({
      kind: 'ELECTRONIC_NOT_CONVERGED',
      message,
      evidence: { file, ...(draft.exhaustedAt ?? { line, text: '' }) },
    })
  }
  return diagnoses
}

const summaryOf = (step: VaspStep, full: boolean): StepSummary => ({
  freeEnergyEv: step.freeEnergyEv,
  sigmaZeroEnergyEv: step.sigmaZeroEnergyEv,
  scfStepCount: step.scfStepCount,
  temperatureK: null,
  kineticEnergyEv: step.kineticEnergyEv,
  maxForceEvPerAngstrom: largestNorm(step.forcesEvPerAngstrom),
  step: full ? step : null,
})
