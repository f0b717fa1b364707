import type { Properties } from '@crystalmath/contract'

/** VASP's XX YY ZZ XY YZ ZX to Voigt's xx yy zz yz xz xy. */
const VOIGT = [0, 1, 2, 4, 5, 3]

/** Rows in kB and VASP's order to the tensor in GPa and Voigt's order with its averages. */
export function elasticProperties(rows: readonly (readonly number[])[], ionsRelaxed: boolean): Properties {
  const c = VOIGT.map((i) => VOIGT.map((j) => (rows[i]?.[j] ?? Number.NaN) / 10))
  const at = (i: number, j: number): number => c[i]?.[j] ?? Number.NaN
  const bulkVoigt = (at(0, 0) + at(1, 1) + at(2, 2) + 2 * (at(0, 1) + at(1, 2) + at(0, 2))) / 9
  const shearVoigt = (at(0, 0) + at(1, 1) + at(2, 2) - at(0, 1) - at(1, 2) - at(0, 2) + 3 * (at(3, 3) + at(4, 4) + at(5, 5))) / 15
  const s = inverse(c)
  const bulkReuss = s === null ? null : 1 / sumOfBlock(s)
  return {
    elasticTensorGpa: c,
    elasticTensorIonsRelaxed: ionsRelaxed,
    bulkModulusVoigtGpa: bulkVoigt,
    shearModulusVoigtGpa: shearVoigt,
    ...(bulkReuss === null ? {} : { bulkModulusReussGpa: bulkReuss, bulkModulusHillGpa: (bulkVoigt + bulkReuss) / 2 }),
  }
}

const sumOfBlock = (s: readonly (readonly number[])[]): number =>
  [0, 1, 2].reduce((sum, i) => sum + [0, 1, 2].reduce((row, j) => row + (s[i]?.[j] ?? Number.NaN), 0), 0)

/** Gauss-Jordan with pivots; null for a singular matrix. */
function inverse(matrix: readonly (readonly number[])[]): number[][] | null {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < n; column += 1) {
    const pivot = rows
      .slice(column)
      .reduce((best, row, i) => (Math.abs(row[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0) ? i + column : best), column)
    const [from, to] = [rows[pivot], rows[column]]
    if (from === undefined || to === undefined || Math.abs(from[column] ?? 0) < 1e-12) return null
    rows[column] = from
    rows[pivot] = pivot === column ? from : to
    const scale = from[column] ?? 1
    const scaledRow = from.map((value) => value / scale)
    rows[column] = scaledRow
    rows.forEach((row, i) => {
      const factor = row[column] ?? 0
      if (i !== column && factor !== 0) rows[i] = row.map((value, j) => value - factor * (scaledRow[j] ?? 0))
    })
  }
  return rows.map((row) => row.slice(n))
}
