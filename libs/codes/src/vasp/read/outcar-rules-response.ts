import { ANGSTROM_PER_BOHR, DEBYE_PER_E_BOHR } from '@crystalmath/contract/plain'
import { toNumber } from '../../reading/numbers.ts'
import { toVector } from './decimals.ts'
import { elasticProperties } from './elastic.ts'
import type { Rule } from './outcar-state.ts'
import { bornTable, elasticTable, matrixTable } from './outcar-tables.ts'

const DEBYE_PER_E_ANGSTROM = DEBYE_PER_E_BOHR / ANGSTROM_PER_BOHR

/** Response: dielectric tensors, Born charges, vibrations, elasticity; the dipole of a cell. */
export const RESPONSE_RULES: readonly Rule[] = [
  [
    /MACROSCOPIC STATIC DIELECTRIC TENSOR (?<which>.*)/,
    ({ properties }, { which = '' }) => {
      if (which.startsWith('IONIC'))
        return matrixTable((dielectricTensorIonic) => Object.assign(properties, { dielectricTensorIonic }))
      if (!/including local field effects(?: in DFT)?\)/.test(which)) return undefined
      return matrixTable((dielectricTensor) => Object.assign(properties, { dielectricTensor }))
    },
  ],
  [
    /BORN EFFECTIVE CHARGES (?<which>.*)/,
    ({ properties }, { which = '' }) =>
      which.includes('excluding') ? undefined : bornTable((bornCharges) => Object.assign(properties, { bornCharges })),
  ],
  [
    /Eigenvectors (?<which>and eigenvalues of the dynamical matrix|after division by SQRT)/,
    (state, { which = '' }) => {
      state.modes = which.startsWith('and') ? [] : null
      return undefined
    },
  ],
  [
    /^ *\d+ f(?<imaginary>\/i)? *= .* 2PiTHz +(?<perCm>\S+) cm-1/,
    (state, { imaginary, perCm }) => {
      const value = toNumber(perCm)
      if (state.modes === null || value === null) return undefined
      state.modes.push(imaginary === undefined ? value : -value)
      state.properties.vibrationalFrequenciesPerCm = [...state.modes].sort((a, b) => a - b)
      return undefined
    },
  ],
  [
    /(?<which>TOTAL|SYMMETRIZED) ELASTIC MODULI \(kBar\)/,
    ({ properties }, { which }) => elasticTable((rows) => Object.assign(properties, elasticProperties(rows, which === 'TOTAL'))),
  ],
  [
    /dipolmoment +(?<three>.*?) +electrons x Angstroem/,
    ({ properties }, { three = '' }) => {
      const dipole = toVector(three)
      if (dipole === null) return undefined
      const [x, y, z] = dipole
      properties.dipoleDebye = [x * DEBYE_PER_E_ANGSTROM, y * DEBYE_PER_E_ANGSTROM, z * DEBYE_PER_E_ANGSTROM]
      return undefined
    },
  ],
]
