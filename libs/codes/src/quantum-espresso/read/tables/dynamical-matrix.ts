import type { Matrix3, Reader, Vector3 } from '@crystalmath/contract'
import { toNumber } from '../../../reading/numbers.ts'
import { type Beginnings, type Eater, lineReader } from '../line-reader.ts'
import { type Reported, resultOfRun } from '../reported.ts'
import { phononBeginnings } from '../suite/phonons.ts'
import { newSuiteState, type SuiteState } from '../suite/state.ts'
import { vectorOf } from '../units.ts'

/** Three bare rows of three numbers. */
function matrix(take: (matrix: Matrix3) => void): Eater {
  const rows: Vector3[] = []
  return (line) => {
    if (line.trim() === '') return rows.length === 0
    const row = vectorOf(line.trim().split(/\s+/).map(toNumber))
    if (row === null) return false
    rows.push(row)
    const [a, b, c] = rows
    if (a !== undefined && b !== undefined && c !== undefined) take([a, b, c])
    return rows.length < 3
  }
}

/** `atom #    1`, then the rows of E, the columns of the displacement. Only the charges as derivatives of the force (E-U) are read. */
const BEGINNINGS: Beginnings<SuiteState & { fromForce: boolean }> = [
  ['Dielectric Tensor', (_, state) => matrix((dielectric) => void Object.assign(state, { dielectric }))],
  ['Effective Charges E-U', (_, state) => void Object.assign(state, { fromForce: true })],
  ['Effective Charges U-E', (_, state) => void Object.assign(state, { fromForce: false })],
  ['atom #', (_, state) => (state.fromForce ? matrix((charge) => void state.bornCharges.push(charge)) : undefined)],
  ...phononBeginnings,
]

/** Reads a dynamical matrix as ph.x and q2r.x write it (`fildyn`): frequencies in cm⁻¹ where it was diagonalised, dielectric tensor, Born charges. */
export const dynamicalMatrix = (file: string): Reader<Reported> =>
  lineReader(BEGINNINGS, { ...newSuiteState(file, false), fromForce: false }, (state) => {
    const { phonons, dielectric, bornCharges, run } = state
    const diagonalised = phonons.filter(({ frequenciesPerCm }) => frequenciesPerCm.length > 0)
    const [first] = diagonalised
    const known = first?.frequenciesPerCm.filter((frequency) => frequency !== null) ?? []
    run.isImage = true // it has no end of its own
    return {
      program: null,
      result: {
        ...resultOfRun(run),
        termination: 'normal',
        properties: {
          ...(known.length > 0 && first?.q?.every((component) => Math.abs(component) < 1e-6)
            ? { vibrationalFrequenciesPerCm: known }
            : {}),
          ...(diagonalised.length === 0 ? {} : { phononsByQ: diagonalised }),
          ...(dielectric === null ? {} : { dielectricTensor: dielectric }),
          ...(bornCharges.length === 0 ? {} : { bornCharges }),
        },
      },
    }
  })
