import type { Bands } from '@crystalmath/contract'
import { toNumber } from '../../reading/numbers.ts'
import { decodeNumbers, toVector } from './decimals.ts'
import { settingFlag } from './ground-state.ts'
import { collectLater } from './outcar-bands.ts'
import { beginStep, countIteration, type OutcarState, type Rule, stepOf } from './outcar-state.ts'
import type { StepDraft } from './outcar-step.ts'
import { bandTable, type LineConsumer } from './outcar-tables.ts'

const MAX_QUASIPARTICLES = 200_000
const words = new Float64Array(8)

/** Electrons per band where OUTCAR prints a full one as 2. */
const fullOccupation = ({ settings }: OutcarState): number =>
  settings.get('ISPIN') === '1' && settingFlag(settings, 'LNONCOLLINEAR') !== true ? 2 : 1

function magnetizationOf(text: string): number[] {
  const count = decodeNumbers(text, 0, text.length, words)
  return [...words.slice(0, Math.min(count, 3))].filter((value) => !Number.isNaN(value))
}

function startBands(state: OutcarState, text: string): LineConsumer | undefined {
  const step = stepOf(state)
  if (step === null) return undefined
  const full = fullOccupation(state)
  step.edges ??= collectLater(full)
  step.edges.startKPoint(state.spin)
  state.kPointIndex += 1
  const row = state.full ? newRow(step, state.spin, text) : null
  const keep = (energy: number, occupation: number): void => {
    row?.energies.push(energy)
    row?.occupations.push(occupation)
  }
  const { kPointIndex, spin } = state
  return bandTable({
    fullOccupation: full,
    edges: step.edges,
    keep: row === null ? null : keep,
    quasi(row) {
      if (state.quasiparticles.length < MAX_QUASIPARTICLES) state.quasiparticles.push({ kPointIndex, spin, ...row })
    },
  })
}

function newRow(step: StepDraft, spin: number, point: string): { energies: (number | null)[]; occupations: number[] } {
  step.bands ??= { kPoints: [], eigenvaluesEv: [], occupations: [], fermiEnergyEv: step.fermi }
  const bands: Bands = step.bands
  if (spin === 0) bands.kPoints.push(toVector(point) ?? [0, 0, 0])
  const row = { energies: [] as (number | null)[], occupations: [] as number[] }
  bands.eigenvaluesEv[spin] ??= []
  bands.eigenvaluesEv[spin]?.push(row.energies)
  bands.occupations ??= []
  bands.occupations[spin] ??= []
  bands.occupations[spin]?.push(row.occupations)
  return row
}

/** A point of the mesh, with its bands behind it: half of all lines with words. */
export const K_POINT_RULE: Rule = [/^ k-point +\d+ : *(?<point>.*)/, (state, { point = '' }) => startBands(state, point)]

/** What the electronic loop says. */
export const ELECTRONIC_RULES: readonly Rule[] = [
  [
    /Iteration +(?<ionic>\d+|\*+) *\( *(?<electronic>\d+|\*+)\)/,
    (state, { ionic = '', electronic = '' }) => {
      countIteration(state, ionic, electronic)
      return undefined
    },
  ],
  [
    /aborting loop (?<why>.*)/,
    (state, { why = '' }, where) => {
      if (state.draft === null) return undefined
      state.draft.ended = why.startsWith('because EDIFF is reached') ? 'reached' : 'not reached'
      state.draft.endedAt = where()
      return undefined
    },
  ],
  [
    /free energy {4}TOTEN += *(?<value>\S+)/,
    ({ draft }, { value }) => {
      if (draft !== null) [draft.before, draft.free] = [draft.free, toNumber(value)]
      return undefined
    },
  ],
  [
    /energy without entropy *= *\S+ +energy\(sigma->0\) = *(?<value>\S+)/,
    ({ draft }, { value }) => {
      if (draft !== null) draft.zero = toNumber(value)
      return undefined
    },
  ],
  [
    /entropy T\*S +EENTRO = *(?<value>\S+)/,
    ({ draft }, { value }) => {
      if (draft !== null) draft.entropy = toNumber(value)
      return undefined
    },
  ],
  [
    /number of electron +(?<electrons>\S+) magnetization(?<magnetization>.*)/,
    (state, { electrons, magnetization = '' }) => {
      if (state.draft === null) return undefined
      state.countedElectrons = toNumber(electrons)
      state.draft.magnetization = magnetizationOf(magnetization)
      return undefined
    },
  ],
  [
    /E-fermi : *(?<value>\S+) +XC/,
    (state, { value }) => {
      const step = stepOf(state)
      if (step === null) return undefined
      ;[step.fermi, step.edges, step.bands] = [toNumber(value), collectLater(fullOccupation(state)), null]
      ;[state.spin, state.kPointIndex] = [0, 0]
      return undefined
    },
  ],
  [
    /spin component (?<spin>\d)/,
    (state, { spin }) => {
      ;[state.spin, state.kPointIndex] = [Number(spin) - 1, 0]
      return undefined
    },
  ],
  K_POINT_RULE,
  [
    /QP shifts <psi_nk/,
    (state) => {
      ;[state.quasiparticles, state.kPointIndex] = [[], 0]
      const step = stepOf(state) ?? beginStep(state)
      step.edges = collectLater(fullOccupation(state))
      return undefined
    },
  ],
]
