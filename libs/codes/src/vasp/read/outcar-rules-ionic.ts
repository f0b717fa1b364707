import { toNumber } from '../../reading/numbers.ts'
import { decodeNumbers, toVector } from './decimals.ts'
import { announceStep, beginStep, endStep, type Rule, refreshLast, stepOf } from './outcar-state.ts'
import { forceTable, ionTable, matrixTable } from './outcar-tables.ts'
import type { VaspStep } from './run.ts'

/** XX YY ZZ XY YZ ZX in kB; null if one is no number. */
function stressOf(text: string): VaspStep['stressKilobar'] {
  const six: number[] = []
  if (decodeNumbers(text, 0, text.length, six) !== 6 || six.some(Number.isNaN)) return null
  const [xx = 0, yy = 0, zz = 0, xy = 0, yz = 0, zx = 0] = six
  return [
    [xx, xy, zx],
    [xy, yy, yz],
    [zx, yz, zz],
  ]
}

/** What the end of an ionic step says. Force fields say the same with `ML` in it. */
export const IONIC_RULES: readonly Rule[] = [
  [
    /- Ionic step +(?<ionic>\d+) /,
    (state, { ionic }) => {
      announceStep(state, Number(ionic))
      return undefined
    },
  ],
  [
    /free {2}energy (?:ML| ) *TOTEN += *(?<value>\S+)/,
    (state, { value }) => {
      state.ionicFreeEv = toNumber(value)
      return undefined
    },
  ],
  [
    /energy {2}without entropy= *\S+ +(?<learned>ML )?energy\(sigma->0\) = *(?<zero>\S+)/,
    (state, { learned, zero }, where) => {
      endStep(state, toNumber(zero), learned !== undefined, where())
      return undefined
    },
  ],
  [
    /direct lattice vectors /,
    (state) =>
      matrixTable((matrix) => {
        state.lattice = matrix
        if (state.draft !== null) state.draft.lattice = matrix
      }),
  ],
  [
    /^ *in kB +(?<six>.*)/,
    ({ draft }, { six = '' }) => {
      if (draft !== null) draft.stress = stressOf(six)
      return undefined
    },
  ],
  [
    /POSITION +TOTAL-FORCE/,
    (state, _said, where) => {
      const place = where()
      if (state.draft === null && state.finished !== null) return undefined
      const step = beginStep(state)
      return forceTable((positions, forces) => {
        ;[step.positions, step.forces] = [positions, forces]
        step.forcesUnreadableAt = forces === null ? place : null
      })
    },
  ],
  [
    /total drift: *(?<three>.*)/,
    ({ draft }, { three = '' }) => {
      const drift = toVector(three)
      if (draft !== null && drift !== null) draft.drift = Math.hypot(...drift)
      return undefined
    },
  ],
  [/magnetization \((?<axis>[xyz])\)/, (state, { axis = '' }) => ionTable((sums) => stepOf(state)?.moments.set(axis, sums))],
  [
    /^ total charge *$/,
    (state) =>
      ionTable((sums) => {
        const step = stepOf(state)
        if (step !== null) step.electrons = sums
      }),
  ],
  [
    /kinetic energy EKIN += *(?<value>\S+)/,
    (state, { value }) => {
      const step = stepOf(state)
      if (step !== null) step.kinetic = toNumber(value)
      refreshLast(state)
      return undefined
    },
  ],
  [
    /\(temperature +(?<value>\S+) K\)/,
    (state, { value }) => {
      const step = stepOf(state)
      if (step !== null) step.temperature = toNumber(value)
      refreshLast(state)
      return undefined
    },
  ],
  [
    /(?:Edisp|Estimated vdW energy) \(eV\):? *(?<value>\S+)/,
    ({ draft }, { value }) => {
      if (draft !== null) draft.dispersion = toNumber(value)
      return undefined
    },
  ],
]
